package document

import (
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/stepdeck/stepdeck/model"
)

// The tables in this file declare each field of the project file once: they drive the parser, the export, the JSON Schema and
// the list of fields that tests compare with forms, preview and docs.

// Mark says where a field must appear.
type Mark string

const (
	// Honoured fields appear in the form, the project file, the export, the preview and the docs alike.
	Honoured Mark = "honoured"
	// Local fields belong to this computer and are never in a file.
	Local Mark = "local"
)

// Field is a field of a project, account or AWS account.
type Field struct {
	Path  string // keys of the project file, [] after a list: "steps[].aws.region"
	Mark  Mark
	Words []string // all that it can be; nil for any other value
}

// Fields lists every field of the model, in file order.
func Fields() []Field {
	var list []Field
	add := func(f Field, _ any) {
		if !slices.ContainsFunc(list, func(had Field) bool { return had.Path == f.Path }) {
			list = append(list, f)
		}
	}
	fileTable().walk("", &file{}, add)
	awsAccountTable().walk("awsAccounts[].", &model.AWSAccount{}, add)
	return list
}

// file is the content of a project file, with the source of each secret beside its owner.
type file struct {
	version   int
	project   model.Project // without variables and steps, which are below
	accounts  []Account
	variables []variable
	envVars   []envVar
	packages  []string
	steps     []step
}

type variable struct {
	model.Variable
	from Secret
	node ast.Node // the value; its form depends on the type, which may come after it
}

// envVar is an environment variable, read like a variable.
type envVar struct {
	model.EnvVar
	from Secret
	node ast.Node
}

type step struct {
	model.Step
	values  []variable
	envVars []envVar
}

func fileTable() table[file] {
	return table[file]{fields: []field[file]{
		versionField(),
		text("project", "Name of the project.", func(f *file) *string { return &f.project.Name }).mandatory(),
		text("description", "What the project is for.", func(f *file) *string { return &f.project.Description }),
		texts("environments", "The project's environments. Missing ones are created; their order is global.",
			func(f *file) *[]string { return &f.project.Environments }),
		list("accounts", "Accounts that the project needs, without their secrets.", func(f *file) *[]Account { return &f.accounts },
			accountTable()),
		list("variables", "Values by name; one with a scope takes precedence over one without.",
			func(f *file) *[]variable { return &f.variables }, variableTable(scopeField())),
		list("environment", "Environment variables that every step's script gets.", func(f *file) *[]envVar { return &f.envVars },
			envVarTable()),
		packagesField(),
		list("steps", "The process: steps in order.", func(f *file) *[]step { return &f.steps }, stepTable()),
	}}
}

func versionField() field[file] {
	f := number("stepdeck", "Version of the file format: 1.", func(f *file) *int { return &f.version }).mandatory().onlyInFile()
	read := f.read
	f.read = func(r *reader, n ast.Node, at string, into *file) {
		if read(r, n, at, into); into.version != FormatVersion {
			r.fail(n, "document.version", "this version of Stepdeck reads project files of format %d, not %d. Install a newer one", FormatVersion,
				into.version)
		}
	}
	return f
}

// packagesField lists package files to import; exports never have it.
func packagesField() field[file] {
	f := texts("packages", "Package files to import, relative to this file.", func(f *file) *[]string { return &f.packages }).onlyInFile()
	f.write = nil
	return f
}

func secretTable() table[Secret] {
	return table[Secret]{fields: []field[Secret]{
		text("env", "Name of the environment variable that holds it while the file is imported.", func(s *Secret) *string { return &s.Env }),
		text("file", "Path of the file that holds it, at or below this file's folder.", func(s *Secret) *string { return &s.File }),
	}}
}

func accountTable() table[Account] {
	return table[Account]{
		blank: func() Account { return Account{Account: model.Account{Kind: model.KindAccessKey}} },
		fields: []field[Account]{
			text("name", "Name of the account.", func(a *Account) *string { return &a.Name }).mandatory(),
			word("kind", "How the account gets its AWS credentials.", func(a *Account) *model.AccountKind { return &a.Kind },
				model.AccountKinds()...),
			text("accessKeyId", "AWS access key id.", func(a *Account) *string { return &a.AccessKeyID }),
			text("description", "What the account is for.", func(a *Account) *string { return &a.Description }),
			secretSource("secretKey", "Where the secret key comes from; asked for if absent.",
				func(a *Account) *Secret { return &a.SecretKey }, func(a *Account) *bool { return &a.SecretSet }),
			secretSource("sessionToken", "Where the session token of temporary keys comes from.",
				func(a *Account) *Secret { return &a.SessionToken }, func(a *Account) *bool { return &a.TokenSet }),
			text("region", "Region used to test the account.", func(a *Account) *string { return &a.Region }),
			text("endpoint", "URL of an endpoint other than AWS, or sandbox: served by the run itself.",
				func(a *Account) *string { return &a.Endpoint }),
			text("mfaDevice", "ARN or serial number of the access key's MFA device.", func(a *Account) *string { return &a.MFADevice }),
			text("profile", "Name of the AWS profile in ~/.aws.", func(a *Account) *string { return &a.Profile }),
			text("startUrl", "Start URL of the access portal of IAM Identity Center.", func(a *Account) *string { return &a.StartURL }),
			text("signInRegion", "Region of IAM Identity Center, or in which a person signs in to the console.",
				func(a *Account) *string { return &a.SignInRegion }),
			text("awsAccount", "Id of the AWS account that the sign-in leads to.", func(a *Account) *string { return &a.AWSID }),
			text("role", "Name of the role in that AWS account.", func(a *Account) *string { return &a.RoleName }),
			text("process", "Command line of a program that prints keys, as credential_process.", func(a *Account) *string { return &a.Process }),
			local("verified", func(a *Account) any { return &a.Verified }),
		},
		done: func(r *reader, at string, a *Account) {
			if a.Kind == model.KindInstanceRole {
				r.failAt(at+".kind", "document.instancerole", "the account instance-role always exists and needs no entry. Remove it")
			}
		},
	}
}

// awsAccountTable lists the fields of AWS accounts; none of them is in a project file.
func awsAccountTable() table[model.AWSAccount] {
	return table[model.AWSAccount]{fields: []field[model.AWSAccount]{
		local("id", func(a *model.AWSAccount) any { return &a.ID }),
		local("label", func(a *model.AWSAccount) any { return &a.Label }),
		local("colour", func(a *model.AWSAccount) any { return &a.Colour }),
		local("protected", func(a *model.AWSAccount) any { return &a.Protected }),
		local("alias", func(a *model.AWSAccount) any { return &a.Alias }),
		local("aliasAsked", func(a *model.AWSAccount) any { return &a.AliasAsked }),
	}}
}

// variableTable is the table of the project's variables and of a step's values, which have no scope.
func variableTable(more ...field[variable]) table[variable] {
	fields := []field[variable]{
		text("name", "Name of the variable.", func(v *variable) *string { return &v.Name }).mandatory(),
		word("type", "Type of the value; text if absent.", func(v *variable) *model.VariableType { return &v.Type },
			model.TypeText, model.TypeSensitive, model.TypeAWSAccount),
		valueField(),
	}
	fields = append(fields, more...)
	return table[variable]{
		blank: func() variable { return variable{Variable: model.Variable{Type: model.TypeText}} },
		fields: append(fields,
			text("expect", "AWS account id that an account variable must lead to.", func(v *variable) *string { return &v.Expect }),
			optional("prompt", "The value is asked for when a run starts.", func(v *variable) **model.Prompt { return &v.Prompt }, promptTable()),
		),
		done: readValue,
	}
}

func scopeField() field[variable] {
	return texts("scope", "Environments that the value applies in; all if absent.", func(v *variable) *[]string { return &v.Scope })
}

func valueField() field[variable] {
	return field[variable]{
		key: key{
			name: "value", kind: value, about: "The value, the account's name, or where a sensitive value comes from.",
			children: secretTable().keys(),
		},
		mark: Honoured, pointer: func(v *variable) any { return &v.Value },
		read: func(_ *reader, n ast.Node, _ string, v *variable) { v.node = n },
		write: func(m *mapping, v, _ *variable) {
			if v.Type != model.TypeSensitive {
				m.text("value", v.Value)
			}
		},
	}
}

// readValue reads a variable's value by its type.
func readValue(r *reader, at string, v *variable) {
	_, isMapping := v.node.(ast.MapNode)
	switch {
	case v.node == nil:
	case isMapping && v.Type == model.TypeSensitive:
		v.from = r.secret(v.node, at+".value")
	case isMapping:
		r.fail(v.node, "document.value",
			"only a sensitive variable can take its value from {env: …} or {file: …}. Write the value, or make the type sensitive")
	case v.Type == model.TypeSensitive:
		if r.scalar(v.node, at+".value") != "" {
			r.fail(v.node, "document.sensitive",
				"a sensitive value is not allowed in a project file. Use {env: NAME} or {file: PATH}, or leave it out and enter it later")
		}
	default:
		v.Value = r.scalar(v.node, at+".value")
	}
}

func promptTable() table[model.Prompt] {
	return table[model.Prompt]{
		blank: func() model.Prompt { return model.Prompt{Control: model.ControlText} },
		fields: []field[model.Prompt]{
			text("label", "The question.", func(p *model.Prompt) *string { return &p.Label }),
			text("help", "A sentence that helps to answer it.", func(p *model.Prompt) *string { return &p.Help }),
			word("control", "Input control; text if absent.", func(p *model.Prompt) *model.ControlType { return &p.Control },
				model.Controls()...),
			texts("options", "Options of a select or multiselect.", func(p *model.Prompt) *[]string { return &p.Options }),
			texts("labels", "What people see for each of the options, in the same order; the options themselves if absent.",
				func(p *model.Prompt) *[]string { return &p.Labels }),
			optional("choices", "The values are read from AWS when the question is asked, as the identity of the step that uses the variable.",
				func(p *model.Prompt) **model.Choices { return &p.Choices }, choicesTable()),
			text("min", "Lowest number or first date that is accepted.", func(p *model.Prompt) *string { return &p.Min }),
			text("max", "Highest number or last date that is accepted.", func(p *model.Prompt) *string { return &p.Max }),
			flag("required", "The run requires an answer.", func(p *model.Prompt) *bool { return &p.Required }),
		},
	}
}

func choicesTable() table[model.Choices] {
	return table[model.Choices]{fields: []field[model.Choices]{
		word("of", "What AWS is asked for.", func(c *model.Choices) *model.ChoiceKind { return &c.Of }, model.ChoiceKinds()...),
		texts("command", "Of command: the arguments of aws, such as s3api and list-buckets.",
			func(c *model.Choices) *[]string { return &c.Command }),
		text("query", "Of command: a JMESPath expression that gives a list of values, or of pairs of value and label.",
			func(c *model.Choices) *string { return &c.Query }),
	}}
}

func stepTable() table[step] {
	return table[step]{
		blank: func() step {
			s := model.NewStep("")
			s.Script.Language = ""
			return step{Step: s}
		},
		fields: []field[step]{
			text("name", "Name of the step.", func(s *step) *string { return &s.Name }).mandatory(),
			flag("enabled", "false leaves the step out of runs; true if absent.", func(s *step) *bool { return &s.Enabled }),
			local("pinned", func(s *step) any { return &s.Pinned }),
			list("values", "Values of this step only; they take precedence over the project's.", func(s *step) *[]variable { return &s.values },
				variableTable()),
			list("environment", "Environment variables of this step's script; they take precedence over the project's.",
				func(s *step) *[]envVar { return &s.envVars }, envVarTable()),
			group("aws", "The identity to use.", func(s *step) *model.StepAWS { return &s.AWS }, awsTable()),
			group("script", "The script to run.", func(s *step) *model.Script { return &s.Script }, scriptTable()),
			group("options", "How to run it.", func(s *step) *model.Options { return &s.Options }, optionsTable()),
		},
	}
}

func awsTable() table[model.StepAWS] {
	return table[model.StepAWS]{fields: []field[model.StepAWS]{
		text("account", "Name of an account variable, an expression, or none: No AWS account.",
			func(a *model.StepAWS) *string { return &a.Account }),
		text("expect", "Expected AWS account id; in any other account the step stops before anything runs.",
			func(a *model.StepAWS) *string { return &a.Expect }),
		optional("assumeRole", "Role to assume.", func(a *model.StepAWS) **model.AssumeRole { return &a.AssumeRole }, roleTable()),
		text("region", "Region that commands act in.", func(a *model.StepAWS) *string { return &a.Region }),
	}}
}

// roleTable has the first role, and below it those that follow.
func roleTable() table[model.AssumeRole] {
	t := oneRoleTable()
	t.fields = append(t.fields, list("then", "Further roles, each assumed with the session of the one before it. The step acts as the last.",
		func(r *model.AssumeRole) *[]model.AssumeRole { return &r.Then }, oneRoleTable()))
	return t
}

func oneRoleTable() table[model.AssumeRole] {
	arn := text("arn", "ARN of the role.", func(r *model.AssumeRole) *string { return &r.ARN })
	// Written even if empty: the role is wanted, only its ARN is still missing.
	arn.write = func(m *mapping, r, _ *model.AssumeRole) { m.put("arn", quoted(r.ARN)) }
	return table[model.AssumeRole]{fields: []field[model.AssumeRole]{
		arn,
		text("sessionName", "Name of the session; generated if empty.", func(r *model.AssumeRole) *string { return &r.SessionName }),
		number("duration", "Seconds that the session lasts: 900 to 43200, 0 for AWS's default.",
			func(r *model.AssumeRole) *int { return &r.Duration }),
		text("externalId", "External ID that the role asks for.", func(r *model.AssumeRole) *string { return &r.ExternalID }),
		text("policy", "Session policy, JSON: the session may do only what it and the role allow.",
			func(r *model.AssumeRole) *string { return &r.Policy }),
		texts("policyArns", "ARNs of managed policies that limit the session in the same way.",
			func(r *model.AssumeRole) *[]string { return &r.PolicyARNs }),
		list("tags", "Session tags.", func(r *model.AssumeRole) *[]model.Tag { return &r.Tags }, tagTable()),
		text("sourceIdentity", "Source identity, which stays with the session and with roles that are assumed from it.",
			func(r *model.AssumeRole) *string { return &r.SourceIdentity }),
	}}
}

func tagTable() table[model.Tag] {
	return table[model.Tag]{fields: []field[model.Tag]{
		text("key", "Name of the tag, without =.", func(t *model.Tag) *string { return &t.Key }).mandatory(),
		text("value", "Its value.", func(t *model.Tag) *string { return &t.Value }),
		flag("transitive", "Roles that are assumed from the session have the tag too.", func(t *model.Tag) *bool { return &t.Transitive }),
	}}
}

func scriptTable() table[model.Script] {
	return table[model.Script]{fields: []field[model.Script]{
		word("source", "Where the script comes from; inline if absent.", func(s *model.Script) *model.Source { return &s.Source },
			model.SourceInline, model.SourcePackage, model.SourceFolder),
		word("language", "Language of an inline script.", func(s *model.Script) *model.Language { return &s.Language },
			model.PowerShell, model.Bash, model.Python),
		text("body", "Text of an inline script.", func(s *model.Script) *string { return &s.Body }),
		text("package", "Id of the package that contains the script.", func(s *model.Script) *string { return &s.Package }),
		text("version", "A version, or latest, latest-prerelease, none (the one without a version); latest if absent.",
			func(s *model.Script) *string { return &s.Version }),
		text("folder", "Folder that contains the script, at or below this file's folder.", func(s *model.Script) *string { return &s.Folder }),
		text("file", "Path of the script inside the package or folder.", func(s *model.Script) *string { return &s.File }),
		text("parameters", "Arguments, written in the script's language.", func(s *model.Script) *string { return &s.Parameters }),
		list("arguments", "Values of the script's parameters by their names, instead of parameters.",
			func(s *model.Script) *[]model.Argument { return &s.Arguments }, argumentTable()),
		list("packages", "Further packages that the script uses; they lie beside it.",
			func(s *model.Script) *[]model.ScriptPackage { return &s.Packages }, scriptPackageTable()),
	}}
}

func argumentTable() table[model.Argument] {
	return table[model.Argument]{
		blank: func() model.Argument { return model.Argument{As: model.ArgumentText} },
		fields: []field[model.Argument]{
			text("name", "Name of the parameter, without a dash.", func(a *model.Argument) *string { return &a.Name }).mandatory(),
			text("value", "Its value, which may hold expressions; True or False of a switch; a line per value of a list.",
				func(a *model.Argument) *string { return &a.Value }),
			word("as", "How it is given; text if absent.", func(a *model.Argument) *model.ArgumentKind { return &a.As }, model.ArgumentKinds()...),
		},
	}
}

func scriptPackageTable() table[model.ScriptPackage] {
	return table[model.ScriptPackage]{
		blank: func() model.ScriptPackage { return model.ScriptPackage{Extract: true} },
		fields: []field[model.ScriptPackage]{
			text("name", "Name by which the script finds the package, and of its folder beside the script.",
				func(p *model.ScriptPackage) *string { return &p.Name }).mandatory(),
			text("id", "Id of the package.", func(p *model.ScriptPackage) *string { return &p.Package }),
			text("version", "A version, or latest, latest-prerelease, none (the one without a version); latest if absent.",
				func(p *model.ScriptPackage) *string { return &p.Version }),
			flag("extract", "The package is unpacked; else its file lies beside the script. True if absent.",
				func(p *model.ScriptPackage) *bool { return &p.Extract }),
		},
	}
}

func optionsTable() table[model.Options] {
	return table[model.Options]{blank: model.DefaultOptions, fields: []field[model.Options]{
		limit("timeout", "Time limit such as 90s, 10m or 1h30m; none if absent.", func(o *model.Options) *time.Duration { return &o.Timeout }),
		choice("stderr", "What error output means; warning if absent.", func(o *model.Options) *model.ErrorOutput { return &o.Stderr },
			model.ErrorOutputInfo, model.ErrorOutputWarning, model.ErrorOutputError, model.ErrorOutputFail),
		flag("stopOnFirstFailure", "The script stops at its first failing command.",
			func(o *model.Options) *bool { return &o.StopOnFirstFailure }),
		choice("edition", "Which PowerShell; auto if absent.", func(o *model.Options) *model.Edition { return &o.Edition },
			model.EditionAuto, model.EditionDesktop, model.EditionCore),
		flag("isolateAwsConfig", "The script can't read the ~/.aws files; true if absent.",
			func(o *model.Options) *bool { return &o.IsolateAWSConfig }),
		freshCredentialsField(),
		choice("start", "Whether the step begins after the one before it, or together with it; after-previous if absent.",
			func(o *model.Options) *model.Start { return &o.Start }, model.StartAfterPrevious, model.StartWithPrevious),
		choice("condition", "When the step runs; success if absent.", func(o *model.Options) *model.Condition { return &o.Condition },
			model.ConditionSuccess, model.ConditionFailure, model.ConditionAlways, model.ConditionVariable),
		text("conditionExpression", "Expression that must come to a true value, of the condition variable.",
			func(o *model.Options) *string { return &o.ConditionExpression }),
		flag("required", "The step can't be left out of a run.", func(o *model.Options) *bool { return &o.Required }),
		number("retries", "How often the step is tried again while it fails: up to 10; 0 if absent.",
			func(o *model.Options) *int { return &o.Retries }),
		limit("retryPause", "Pause before each retry, such as 15s; none if absent.",
			func(o *model.Options) *time.Duration { return &o.RetryPause }),
		flag("leaveBackground", "Processes that the script leaves behind keep running.",
			func(o *model.Options) *bool { return &o.LeaveBackground }),
	}}
}

// freshCredentialsField also accepts true and false, as the first files had it.
func freshCredentialsField() field[model.Options] {
	f := choice("freshCredentials", "Whether the script can get new credentials while it runs; auto if absent.",
		func(o *model.Options) *model.Freshness { return &o.FreshCredentials }, model.FreshAuto, model.FreshAlways, model.FreshNever)
	f.switches = true
	read := f.read
	f.read = func(r *reader, n ast.Node, at string, into *model.Options) {
		if b, ok := n.(*ast.BoolNode); ok {
			into.FreshCredentials = map[bool]model.Freshness{true: model.FreshAlways, false: model.FreshAuto}[b.Value]
			return
		}
		read(r, n, at, into)
	}
	return f
}
