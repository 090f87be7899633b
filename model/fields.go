package model

// Mark says where a field stands.
type Mark string

const (
	// Honoured fields stand in the form, the project file, the export, the preview and the docs alike.
	Honoured Mark = "honoured"
	// Later fields are known to the parser alone: it takes their default and refuses anything else by name and line.
	Later Mark = "later"
	// Local fields belong to this computer and stand in no file.
	Local Mark = "local"
)

// Field is one thing that a project, account or AWS account can hold.
type Field struct {
	Path string // keys of the project file, [] behind a list: "steps[].aws.region"
	Mark Mark
}

// Fields lists every field there is. A field that is added to the model and not here fails a test, and so does one that
// stands here and is missing in the project file, the export, the preview or the docs.
func Fields() []Field {
	prompt := func(at string) []Field {
		return []Field{
			{at + ".label", Honoured}, {at + ".help", Honoured}, {at + ".control", Honoured},
			{at + ".options", Honoured}, {at + ".required", Honoured},
		}
	}
	fields := []Field{
		{"project", Honoured},
		{"description", Honoured},
		{"environments", Honoured},
		{"accounts[].name", Honoured},
		{"accounts[].kind", Honoured}, // the kinds profile and sign-in are refused by value
		{"accounts[].description", Honoured},
		{"accounts[].accessKeyId", Honoured},
		{"accounts[].secretKey", Honoured},
		{"accounts[].sessionToken", Honoured},
		{"accounts[].region", Honoured},
		{"accounts[].endpoint", Honoured},
		{"accounts[].profile", Later},
		{"accounts[].verified", Local},
		{"awsAccounts[].id", Local},
		{"awsAccounts[].label", Local},
		{"awsAccounts[].colour", Local},
		{"awsAccounts[].protected", Local},
		{"variables[].name", Honoured},
		{"variables[].type", Honoured},
		{"variables[].value", Honoured},
		{"variables[].scope", Honoured},
		{"variables[].expect", Honoured},
	}
	fields = append(fields, prompt("variables[].prompt")...)
	fields = append(fields,
		Field{"steps[].name", Honoured},
		Field{"steps[].enabled", Honoured},
		Field{"steps[].pinned", Local},
		Field{"steps[].values[].name", Honoured},
		Field{"steps[].values[].type", Honoured},
		Field{"steps[].values[].value", Honoured},
		Field{"steps[].values[].expect", Honoured},
	)
	fields = append(fields, prompt("steps[].values[].prompt")...)
	return append(fields,
		Field{"steps[].aws.account", Honoured},
		Field{"steps[].aws.expect", Honoured},
		Field{"steps[].aws.assumeRole.arn", Honoured},
		Field{"steps[].aws.assumeRole.sessionName", Honoured},
		Field{"steps[].aws.assumeRole.duration", Honoured},
		Field{"steps[].aws.assumeRole.externalId", Honoured},
		Field{"steps[].aws.assumeRole.policy", Later},
		Field{"steps[].aws.region", Honoured},
		Field{"steps[].script.source", Honoured},
		Field{"steps[].script.language", Honoured}, // python is refused by value
		Field{"steps[].script.body", Honoured},
		Field{"steps[].script.package", Honoured},
		Field{"steps[].script.version", Honoured},
		Field{"steps[].script.folder", Honoured},
		Field{"steps[].script.file", Honoured},
		Field{"steps[].script.parameters", Honoured},
		Field{"steps[].options.timeout", Honoured},
		Field{"steps[].options.stderr", Honoured},
		Field{"steps[].options.stopOnFirstFailure", Honoured},
		Field{"steps[].options.edition", Honoured},
		Field{"steps[].options.isolateAwsConfig", Honoured},
		Field{"steps[].options.freshCredentials", Later},
		Field{"steps[].options.condition", Later},
		Field{"steps[].options.required", Later},
		Field{"steps[].options.leaveBackground", Later},
	)
}
