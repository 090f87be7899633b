package document

// kind is the form of a key's value.
type kind int

const (
	scalar kind = iota // any scalar, taken as it is written
	boolean
	integer
	duration
	scalars // list of scalars
	object
	objects // list of objects
	value   // scalar, or {env: NAME} or {file: PATH} of a secret
	secret  // {env: NAME} or {file: PATH}
)

// key is one key of the file. Its order here is its order in an export.
type key struct {
	name     string
	kind     kind
	about    string
	enum     []string
	children []key
	required bool
	reserved bool // known, and refused unless empty
}

func child(keys []key, name string) *key {
	for i := range keys {
		if keys[i].name == name {
			return &keys[i]
		}
	}
	return nil
}

func keyNames(keys []key) []string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	return names
}

// rootKeys is the whole file.
func rootKeys() []key {
	return []key{
		{name: "stepdeck", kind: integer, about: "Version of the file format: 1.", required: true},
		{name: "project", kind: scalar, about: "Name of the project.", required: true},
		{name: "description", kind: scalar, about: "What the project is for."},
		{name: "environments", kind: scalars, about: "The project's own set of environments. They are made where missing; their order is global."},
		{name: "accounts", kind: objects, about: "Accounts that the project needs, without their secrets.", children: accountKeys()},
		{name: "variables", kind: objects, about: "Values by name; one with a scope wins over one without.", children: variableKeys(true)},
		{name: "packages", kind: scalars, about: "Package files to import, relative to this file."},
		{name: "steps", kind: objects, about: "The process: steps in order.", children: stepKeys()},
	}
}

func secretKeys() []key {
	return []key{
		{name: "env", kind: scalar, about: "Name of the environment variable that holds it while the file is imported."},
		{name: "file", kind: scalar, about: "Path of the file that holds it, at or below this file's folder."},
	}
}

func accountKeys() []key {
	return []key{
		{name: "name", kind: scalar, about: "Name of the account.", required: true},
		{name: "kind", kind: scalar, about: "How it becomes somebody in AWS.", enum: []string{"access-key", "profile", "sign-in"}},
		{name: "accessKeyId", kind: scalar, about: "Access key of AWS."},
		{name: "description", kind: scalar, about: "What the account is for."},
		{name: "secretKey", kind: secret, about: "Where the secret key comes from; absent: asked for.", children: secretKeys()},
		{name: "sessionToken", kind: secret, about: "Where the session token of temporary keys comes from.", children: secretKeys()},
		{name: "region", kind: scalar, about: "Region for the test of the account."},
		{name: "endpoint", kind: scalar, about: "URL of another endpoint than AWS, or sandbox: served by the run itself."},
		{name: "profile", kind: scalar, about: "Name of the AWS profile."},
	}
}

func variableKeys(scoped bool) []key {
	keys := []key{
		{name: "name", kind: scalar, about: "Name of the variable.", required: true},
		{name: "type", kind: scalar, about: "What it holds; text where absent.", enum: []string{"text", "sensitive", "aws-account"}},
		{name: "value", kind: value, about: "The value, the account's name, or where a sensitive value comes from.", children: secretKeys()},
	}
	if scoped {
		keys = append(keys, key{name: "scope", kind: scalars, about: "Environments that the value counts in; absent: all."})
	}
	return append(keys,
		key{name: "expect", kind: scalar, about: "AWS account id that an account variable must lead to."},
		key{name: "prompt", kind: object, about: "The value is asked for when a run starts.", children: []key{
			{name: "label", kind: scalar, about: "What is asked."},
			{name: "help", kind: scalar, about: "A sentence that helps to answer."},
			{name: "control", kind: scalar, about: "How it is asked; text where absent.", enum: []string{"text", "multiline", "select", "checkbox"}},
			{name: "options", kind: scalars, about: "What a select offers."},
			{name: "required", kind: boolean, about: "The run needs an answer."},
		}})
}

func stepKeys() []key {
	return []key{
		{name: "name", kind: scalar, about: "Name of the step.", required: true},
		{name: "enabled", kind: boolean, about: "false leaves the step out of runs; true where absent."},
		{name: "values", kind: objects, about: "Values of this step alone; they win over the project's.", children: variableKeys(false)},
		{name: "aws", kind: object, about: "Who to be.", children: []key{
			{name: "account", kind: scalar, about: "Name of an account variable, an expression, or none: No AWS account."},
			{name: "expect", kind: scalar, about: "AWS account id; the step stops before anything runs in another one."},
			{name: "assumeRole", kind: object, about: "Another role to take on.", children: []key{
				{name: "arn", kind: scalar, about: "ARN of the role."},
				{name: "sessionName", kind: scalar, about: "Name of the session; made where empty."},
				{name: "duration", kind: integer, about: "Seconds that the session lasts: 900 to 43200, 0 for AWS's default."},
				{name: "externalId", kind: scalar, about: "External ID that the role asks for."},
				{name: "policy", kind: scalar, about: "Session policy, JSON."},
			}},
			{name: "region", kind: scalar, about: "Region that commands act in."},
		}},
		{name: "script", kind: object, about: "What to run.", children: []key{
			{name: "source", kind: scalar, about: "Where the script comes from; inline where absent.", enum: []string{"inline", "package", "folder"}},
			{name: "language", kind: scalar, about: "Language of an inline script.", enum: []string{"powershell", "bash", "python"}},
			{name: "body", kind: scalar, about: "Text of an inline script."},
			{name: "package", kind: scalar, about: "Id of the package that holds the script."},
			{name: "version", kind: scalar, about: "A version, or latest, latest-prerelease, none (the one without version); latest where absent."},
			{name: "folder", kind: scalar, about: "Folder that holds the script, at or below this file's folder."},
			{name: "file", kind: scalar, about: "Path of the script inside the package or folder."},
			{name: "parameters", kind: scalar, about: "Arguments, written in the script's language."},
			{name: "packages", kind: scalars, about: "Reserved: further packages beside the script.", reserved: true},
		}},
		{name: "options", kind: object, about: "How to run it.", children: []key{
			{name: "timeout", kind: duration, about: "Time limit such as 90s, 10m or 1h30m; absent: none."},
			{name: "stderr", kind: scalar, about: "What error output means; warning where absent.", enum: []string{"info", "warning", "error", "fail"}},
			{name: "stopOnFirstFailure", kind: boolean, about: "The script stops at its first failing command."},
			{name: "edition", kind: scalar, about: "Which PowerShell; auto where absent.", enum: []string{"auto", "desktop", "core"}},
			{name: "isolateAwsConfig", kind: boolean, about: "The script can't read the ~/.aws files; true where absent."},
			{name: "freshCredentials", kind: boolean, about: "Credentials are renewed during the run."},
			{name: "condition", kind: scalar, about: "When the step runs; success where absent.", enum: []string{"success", "failure", "always"}},
			{name: "required", kind: boolean, about: "The step can't be left out of a run."},
			{name: "leaveBackground", kind: boolean, about: "Processes that the script leaves behind go on."},
		}},
	}
}
