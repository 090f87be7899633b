package model

import (
	"fmt"
	"slices"
	"strings"
)

// EnvVar is an environment variable that a project or a step gives to scripts. A step's wins over the project's of the same
// name; both win over what the script would inherit.
type EnvVar struct {
	ID        ID
	Name      string
	Value     string // may contain expressions; sensitive: empty, the value is in the vault
	Sensitive bool
	ValueSet  bool // sensitive: the vault of this computer has the value; never in a file
}

// EnvPrefix marks a name as that of an environment variable where names of variables stand too, such as among the values of
// a run: env:NAME, as PowerShell writes it.
const EnvPrefix = "env:"

// MaxEnvValue is the maximum length of an environment variable's value in bytes: Windows takes 32,767 characters, name
// included.
const MaxEnvValue = 32_000

// ValueRef names the value of a sensitive environment variable in the vault.
func (v EnvVar) ValueRef() SecretRef { return SecretRef{v.ID, ValueField} }

// Key is equal for names that are the same on some system: Windows ignores case. It is never that of a [Variable].
func (v EnvVar) Key() string { return "\x00env\x00" + strings.ToUpper(strings.TrimSpace(v.Name)) }

// Title names the environment variable where names of variables stand too.
func (v EnvVar) Title() string { return EnvPrefix + v.Name }

// Check returns what is wrong with the environment variable, field by field.
func (v EnvVar) Check() []Problem {
	var ps problems
	ps.add("name", CheckEnvName(v.Name))
	if v.Sensitive && v.Value != "" {
		ps.add("value", NewError(codeSensitivePlain,
			"The sensitive environment variable %s has its value in plain text. Sensitive values are kept in the vault.", v.Name))
	}
	ps.add("value", CheckEnvValue(v.Name, v.Value))
	return ps.list
}

// CheckEnvValue returns what keeps a text from being the value of an environment variable.
func CheckEnvValue(name, value string) error {
	switch {
	case strings.ContainsRune(value, 0):
		return NewError("envvar.nul", "The value of the environment variable %s contains a NUL character. Remove it.", name)
	case len(value) > MaxEnvValue:
		return NewError("envvar.long", "The value of the environment variable %s has %d bytes. Use at most %d, or a file.",
			name, len(value), MaxEnvValue)
	}
	return nil
}

// envName matches a name that every system and shell takes.
var envName = pattern(`^[A-Za-z_][A-Za-z0-9_]*$`)

// CheckEnvName returns what is wrong with the name of an environment variable of a project or step. Some are refused: those
// that Stepdeck sets itself, and those by which code would run before a script's first line.
func CheckEnvName(name string) error {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return NewError(codeEnvNameEmpty, "The environment variable has no name. Give it one, such as HTTPS_PROXY.")
	case len(name) > MaxName:
		return NewError(codeEnvNameForm, "The name of the environment variable has %d characters. Use at most %d.", len(name), MaxName)
	case !envName().MatchString(name):
		return NewError(codeEnvNameForm,
			"%q can't be the name of an environment variable on every system. Use letters, digits and _, with no digit first.", name)
	}
	key := strings.ToUpper(name)
	for _, r := range reservedEnv() {
		if r.holds(key) {
			return NewError(codeEnvReserved, "The environment variable %s can't be set here: %s", name, r.reason)
		}
	}
	return nil
}

// EnvNotice returns what a person should know about an environment variable that is allowed, or "".
func EnvNotice(name string) string {
	key := strings.ToUpper(strings.TrimSpace(name))
	switch {
	case strings.HasPrefix(key, "AWS_ENDPOINT_URL_"):
		return fmt.Sprintf("The environment variable %s has aws and the SDKs ask an address other than AWS, with secrets in requests.", name)
	case slices.Contains(loadedEnv(), key):
		return fmt.Sprintf("The environment variable %s has programs load code or options from elsewhere, aws included where it reads it.", name)
	}
	return ""
}

// envRule refuses names of environment variables.
type envRule struct {
	names    []string // in upper case
	prefixes []string
	reason   string // the end of a sentence, and what to do instead
}

func (r envRule) holds(key string) bool {
	return slices.Contains(r.names, key) ||
		slices.ContainsFunc(r.prefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// reservedEnv returns the rules, which stand in docs/project-file.md too.
func reservedEnv() []envRule {
	return []envRule{
		{
			names: []string{"AWS_REGION", "AWS_DEFAULT_REGION"}, reason: "it is the step's region. Enter the region in the step.",
		},
		{
			names:  []string{"AWS_ENDPOINT_URL", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"},
			reason: "it is the account's endpoint. Enter it in the account, or set the variable of one service, such as AWS_ENDPOINT_URL_S3.",
		},
		{
			names: []string{
				"AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
				"AWS_CREDENTIAL_EXPIRATION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME",
				"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CREDENTIAL_FILE", "BOTO_CONFIG",
				"AWS_ACCOUNT_ID", "AWS_LOGIN_CACHE_DIRECTORY",
			},
			prefixes: []string{"AWS_CONTAINER_", "AWS_EC2_METADATA_", "_AWS_"},
			reason:   "it decides who the script is for AWS. Choose the account and role in the step.",
		},
		{
			names:  []string{"PATH"},
			reason: "Stepdeck makes it of yours, with the chosen aws and interpreter first. Extend it in the script.",
		},
		{
			prefixes: []string{"STEPDECK_", "FYNE_"}, reason: "it is one of Stepdeck's own. Choose another name.",
		},
		{
			names: []string{
				"LD_PRELOAD", "LD_AUDIT", "BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND", "BASH_XTRACEFD",
				"BASH_LOADABLES_PATH", "POSIXLY_CORRECT", "DOTNET_STARTUP_HOOKS", "PYTHONSTARTUP", "COMSPEC", "SYSTEMROOT", "PATHEXT",
			},
			prefixes: []string{"BASH_FUNC_", "DYLD_INSERT_", "CORECLR_", "COR_", "COMPLUS_", "PYINSTALLER_", "_PYI_", "_MEIPASS"},
			reason:   "it would change what the shell and aws do before the script's first line. Set it in the script where it is needed.",
		},
	}
}

// loadedEnv returns the allowed names of which a person is told; see EnvNotice.
func loadedEnv() []string {
	return []string{
		"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH", "PYTHONPATH", "PYTHONHOME",
		"NODE_OPTIONS", "NODE_PATH", "PERL5OPT", "PERL5LIB", "RUBYOPT", "RUBYLIB", "JAVA_TOOL_OPTIONS", "DOTNET_ADDITIONAL_DEPS",
		"PSMODULEPATH", "GCONV_PATH", "AWS_DATA_PATH",
	}
}

// checkEnvVars returns what is wrong with the environment variables of a project or step.
func checkEnvVars(list []EnvVar) []Problem {
	var ps problems
	seen := map[string]string{}
	for i, v := range list {
		prefix := fmt.Sprintf("environment[%d].", i)
		ps.addAll(prefix, v.Check())
		first, twice := seen[v.Key()]
		switch {
		case twice && strings.TrimSpace(v.Name) != "":
			ps.add(prefix+"name", EnvVarTwice(v.Name, first))
		default:
			seen[v.Key()] = v.Name
		}
	}
	return ps.list
}

// EnvVarTwice is the error that a project or step has two environment variables of one name, in whatever case.
func EnvVarTwice(name, other string) error {
	return NewError(codeEnvTwice, "There are two environment variables called %s (%s): Windows ignores case in their names. Remove one.",
		name, other)
}

// EnvVarsOf returns the environment variables that scripts of a step get: the project's, but for those that the step has
// itself, then the step's.
func (p Project) EnvVarsOf(s Step) []EnvVar {
	own := map[string]bool{}
	for _, v := range s.EnvVars {
		own[v.Key()] = true
	}
	list := slices.DeleteFunc(slices.Clone(p.EnvVars), func(v EnvVar) bool { return own[v.Key()] })
	return append(list, s.EnvVars...)
}

// Declared returns the variable of the project or of one of its steps that has a name, in any scope; of an environment
// variable, env:NAME, what it is as a variable. The name is sensitive if one of its values is.
func (p Project) Declared(name string) (Variable, bool) {
	lists := [][]Variable{p.Variables}
	for _, s := range p.Steps {
		lists = append(lists, s.Values)
	}
	var found Variable
	known := false
	for _, v := range slices.Concat(lists...) {
		if NameKey(v.Name) == NameKey(name) && (!known || v.Type == TypeSensitive) {
			found, known = v, true
		}
	}
	if known {
		return found, true
	}
	if env, isEnv := p.EnvVar(name); isEnv {
		return env.variable(), true
	}
	return Variable{}, false
}

// EnvVar returns the environment variable of the project or of one of its steps that env:NAME names. A variable that is called
// so wins: then there is none.
func (p Project) EnvVar(title string) (EnvVar, bool) {
	name, ok := cutEnvPrefix(title)
	if !ok {
		return EnvVar{}, false
	}
	list := slices.Clone(p.EnvVars)
	named := func(v Variable) bool { return NameKey(v.Name) == NameKey(title) }
	taken := slices.ContainsFunc(p.Variables, named)
	for _, s := range p.Steps {
		list = append(list, s.EnvVars...)
		taken = taken || slices.ContainsFunc(s.Values, named)
	}
	var found EnvVar
	known := false
	for _, v := range list {
		if !taken && v.Key() == (EnvVar{Name: name}).Key() && (!known || v.Sensitive) {
			found, known = v, true
		}
	}
	return found, known
}

// cutEnvPrefix returns NAME of env:NAME.
func cutEnvPrefix(name string) (string, bool) {
	name = strings.TrimSpace(name)
	if len(name) < len(EnvPrefix) || !strings.EqualFold(name[:len(EnvPrefix)], EnvPrefix) {
		return "", false
	}
	return name[len(EnvPrefix):], true
}

// variable returns the environment variable as a variable called env:NAME.
func (v EnvVar) variable() Variable {
	kind := TypeText
	if v.Sensitive {
		kind = TypeSensitive
	}
	return Variable{ID: v.ID, Name: v.Title(), Type: kind, Value: v.Value, ValueSet: v.ValueSet}
}
