package awsenv

import (
	"cmp"
	"net/url"
	"runtime"
	"slices"
	"strings"
)

// Options say how a script's environment is made.
type Options struct {
	IsolateAWSConfig bool       // the script sees no ~/.aws/config and no ~/.aws/credentials
	Path             []string   // folders that stand first on PATH, in this order: those of the chosen aws and interpreter
	Extra            []Variable // set last: whatever else the runner wants the script to see
	OS               string     // as runtime.GOOS; empty: this computer's
}

// What an inherited AWS_ variable must be to stay: it changes how AWS is reached, never who somebody is or where they act.
var allowed = []string{
	"AWS_CA_BUNDLE", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_STS_REGIONAL_ENDPOINTS",
}

// The person's own files, which stay where they are when a script may read them.
// The last one is where aws looks for credentials when it has found none.
var configFiles = []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BOTO_CONFIG"}

// Variables that change what a shell or a program does before the script's first line, or that lead astray.
var dropped = []string{
	"BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND", "CDPATH", "GLOBIGNORE", "EXECIGNORE", "BASH_XTRACEFD", "BASH_LOADABLES_PATH",
	"LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES",
	// Code or options that programs take from their environment; aws is Python, pwsh is .NET.
	"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PERL5OPT", "PERL5LIB", "RUBYOPT", "RUBYLIB", "NODE_OPTIONS", "NODE_PATH", "POSIXLY_CORRECT", "PSMODULEPATH", "PSModulePath",
	"DOTNET_STARTUP_HOOKS", "DOTNET_ADDITIONAL_DEPS",
	"BOTO_CONFIG",                 // another file with credentials, which aws reads last
	"PWD", "OLDPWD", "_", "SHLVL", // of the engine, not of the script
	"FORCE_COLOR", "CLICOLOR_FORCE", // win over NO_COLOR
}

// AWS_ variables are dropped but for the allowed ones, the rest in any case.
var droppedPrefixes = []string{"BASH_FUNC_", "STEPDECK_", "FYNE_", "AWS_", "CORECLR_", "COR_", "COMPlus_", "COMPLUS_"}

// Environ makes the environment of a script from the one that the engine inherited and from a session: what is inherited
// can neither make the script another identity nor change what its shell does. Names are compared as the system does it,
// on Windows in any case. The result is sorted and holds each name once.
//
// What no variable can turn off: aws runs the aliases in ~/.aws/cli/alias whatever its configuration is (see AliasNotice), and
// on Windows the AWS Tools for PowerShell read their own store when a script runs without an account.
func Environ(inherited []string, s Session, o Options) []string {
	e := environment{windows: cmp.Or(o.OS, runtime.GOOS) == "windows", values: map[string]Variable{}}
	for _, entry := range inherited {
		if name, value, found := split(entry); found && e.keeps(name, value, o.IsolateAWSConfig) {
			e.set(name, value)
		}
	}
	e.twinProxies()
	e.spareLoopback(s)
	e.prefixPath(o.Path)
	for _, v := range always {
		e.set(v.Name, v.Value)
	}
	if o.IsolateAWSConfig {
		for _, name := range configFiles {
			e.set(name, e.nullDevice())
		}
	}
	for _, v := range slices.Concat(s.Environment, o.Extra) {
		e.set(v.Name, v.Value)
	}
	return e.list()
}

// What every script gets.
var always = []Variable{
	{"AWS_EC2_METADATA_DISABLED", "true"}, // or a program without credentials would become the instance's role
	{"AWS_PAGER", ""},                     // the one variable that means something when it is empty: no pager
	{"AWS_CLI_AUTO_PROMPT", "off"},        // nobody is there to answer
	{"GIT_TERMINAL_PROMPT", "0"},          // likewise
	{"NO_COLOR", "1"},
	{"TERM", "dumb"},
	{"POWERSHELL_UPDATECHECK", "Off"}, // it would write into the output
}

// split takes an entry apart. What begins with = is no variable: cmd.exe keeps the working folder of each drive there, and
// its last exit code, which are the terminal's and not the script's.
func split(entry string) (name, value string, found bool) {
	name, value, found = strings.Cut(entry, "=")
	return name, value, found && name != ""
}

type environment struct {
	windows bool
	values  map[string]Variable // by key
}

func (e environment) key(name string) string {
	if e.windows {
		return strings.ToUpper(name)
	}
	return name
}

func (e environment) set(name, value string) { e.values[e.key(name)] = Variable{name, value} }

func (e environment) get(name string) string { return e.values[e.key(name)].Value }

func (e environment) keeps(name, value string, isolated bool) bool {
	key := e.key(name)
	switch {
	case slices.Contains(allowed, key):
		return strings.TrimSpace(value) != ""
	case slices.Contains(configFiles, key):
		return !isolated && strings.TrimSpace(value) != ""
	case slices.Contains(dropped, key):
		return false
	}
	return !slices.ContainsFunc(droppedPrefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// twinProxies writes proxy variables in both cases, since some programs read the one and some the other.
func (e environment) twinProxies() {
	if e.windows {
		return
	}
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"} {
		lower := strings.ToLower(name)
		switch upperValue, lowerValue := e.get(name), e.get(lower); {
		case upperValue == "" && lowerValue != "":
			e.set(name, lowerValue)
		case lowerValue == "" && upperValue != "":
			e.set(lower, upperValue)
		}
	}
}

// spareLoopback keeps requests to an endpoint on this computer away from the proxy, where they would be lost: unlike
// other programs, aws sends even those there unless NO_PROXY says not to.
func (e environment) spareLoopback(s Session) {
	at := slices.IndexFunc(s.Environment, func(v Variable) bool { return v.Name == endpointVariable })
	if at < 0 || !isLoopbackURL(s.Environment[at].Value) {
		return
	}
	endpoint, _ := url.Parse(s.Environment[at].Value) // it was parsed just before
	for _, name := range []string{"NO_PROXY", "no_proxy"} {
		spared := strings.FieldsFunc(e.get(name), func(r rune) bool { return r == ',' || r == ' ' })
		proxied := slices.ContainsFunc([]string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"}, func(p string) bool { return e.get(p) != "" })
		if proxied && !slices.Contains(spared, endpoint.Hostname()) && !slices.Contains(spared, "*") {
			e.set(name, strings.Join(append(spared, endpoint.Hostname()), ","))
		}
	}
}

// Where programs are when nothing says it. Source: what login(1) and bash fall back to.
const unixPath = "/usr/local/bin:/usr/bin:/bin"

// prefixPath puts folders first on PATH. Entries that are not absolute are taken out: they would mean the step's own
// folder, where a package could lay a program of any name.
func (e environment) prefixPath(first []string) {
	separator, inherited := ":", e.get("PATH")
	if e.windows {
		separator = ";"
	} else if inherited == "" {
		inherited = unixPath
	}
	var folders []string
	for _, folder := range append(slices.Clone(first), strings.Split(inherited, separator)...) {
		if (e.windows && folder != "" && folder != "." || strings.HasPrefix(folder, "/")) && !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	name := "PATH"
	if v, found := e.values[e.key(name)]; found {
		name = v.Name // Path, on Windows
	}
	if len(folders) > 0 {
		e.set(name, strings.Join(folders, separator))
	}
}

func (e environment) nullDevice() string {
	if e.windows {
		return "NUL"
	}
	return "/dev/null"
}

func (e environment) list() []string {
	list := make([]string, 0, len(e.values))
	for _, v := range e.values {
		list = append(list, v.Name+"="+v.Value)
	}
	slices.Sort(list)
	return list
}
