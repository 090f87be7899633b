package awsenv

import (
	"cmp"
	"net/url"
	"runtime"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Options configures [Environ].
type Options struct {
	PrivateConfig string     // folder of the script's own AWS files, see [PrivateConfig]; empty: it may read those of the person
	Path          []string   // folders to put first on PATH, in this order: those of the chosen aws and interpreter
	Chosen        []Variable // those of the project and step, which replace inherited ones
	Certificates  string     // file of the certificates that programs are to trust; empty: each its own
	Extra         []Variable // set last: further variables for the script
	OS            string     // as runtime.GOOS; empty for this computer's
}

// Inherited AWS_ variables that are kept: they change how AWS is reached and files are read and written, never the identity
// or where it acts.
var allowed = []string{
	"AWS_CA_BUNDLE", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT", "AWS_STS_REGIONAL_ENDPOINTS",
	"AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE", "AWS_NEW_RETRIES_2026", "AWS_DEFAULTS_MODE", "AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026",
	"AWS_REQUEST_CHECKSUM_CALCULATION", "AWS_RESPONSE_CHECKSUM_VALIDATION",
	"AWS_DEFAULT_OUTPUT", "AWS_CLI_FILE_ENCODING", "AWS_CLI_OUTPUT_ENCODING",
}

// The user's own files. These variables are kept if a script may read the files. BOTO_CONFIG is where aws looks for
// credentials last.
var configFiles = []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BOTO_CONFIG"}

// Variables that change what a shell or program does before the script's first line, or that are misleading.
var dropped = []string{
	"BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND", "CDPATH", "GLOBIGNORE", "EXECIGNORE", "BASH_XTRACEFD",
	"BASH_LOADABLES_PATH",
	"LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES",
	// Code or options that programs take from their environment; aws is Python, pwsh is .NET.
	"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONWARNINGS", "PYTHONBREAKPOINT", "PYTHONOPTIMIZE",
	"PYTHONSAFEPATH", "PYTHONVERBOSE", "PYTHONDEBUG", "PERL5OPT", "PERL5LIB", "RUBYOPT", "RUBYLIB", "NODE_OPTIONS", "NODE_PATH",
	"POSIXLY_CORRECT",
	"DOTNET_STARTUP_HOOKS", "DOTNET_ADDITIONAL_DEPS",
	"BOTO_CONFIG",                 // another credentials file, which aws reads last
	"PWD", "OLDPWD", "_", "SHLVL", // of the engine, not of the script
	"FORCE_COLOR", "CLICOLOR_FORCE", // override NO_COLOR
}

// All other AWS_ variables are dropped as well; those with _AWS_ are the aws command's own, for a process that it starts.
// PYINSTALLER_, _PYI_ and _MEIPASS belong to an aws, or another frozen program, that started the engine.
var droppedPrefixes = []string{
	"BASH_FUNC_", "STEPDECK_", "FYNE_", "AWS_", "_AWS_", "CORECLR_", "COR_", "COMPlus_", "COMPLUS_", "PYINSTALLER_", "_PYI_", "_MEIPASS",
}

// Environ builds the environment of a script from the inherited one and from a session: inherited variables can't give
// the script another identity or change what its shell does. Names are compared as the system does, on Windows ignoring
// case. The result is sorted and has each name once.
//
// Two things can't be turned off by variables: aws runs the aliases in ~/.aws/cli/alias whatever its configuration (see
// [AliasNotice]), and on Windows the AWS Tools for PowerShell read their own store if a script runs without an account.
func Environ(inherited []string, s Session, o Options) []string {
	e := environment{windows: cmp.Or(o.OS, runtime.GOOS) == "windows", values: map[string]Variable{}}
	for _, entry := range inherited {
		if name, value, found := split(entry); found && e.keeps(name, value, o.PrivateConfig != "") {
			e.set(name, value)
		}
	}
	e.choose(o.Chosen)
	e.trust(o.Certificates)
	e.twinProxies()
	e.spareLoopback(s)
	e.prefixPath(o.Path)
	e.cleanModulePath()
	e.keepKeysInGitBash()
	for _, v := range slices.Concat(e.without(always, o.Chosen), e.privateConfig(o.PrivateConfig), s.Environment, o.Extra) {
		e.set(v.Name, v.Value)
	}
	return e.list()
}

// choose replaces inherited variables. Programs read the variables of a proxy in either case, so an inherited one in the other
// case must not win.
func (e environment) choose(list []Variable) {
	for _, v := range list {
		if upper := strings.ToUpper(v.Name); !e.windows && strings.HasSuffix(upper, "_PROXY") {
			delete(e.values, upper)
			delete(e.values, strings.ToLower(upper))
		}
		e.set(v.Name, v.Value)
	}
}

// without returns those variables of list that are not among the chosen ones.
func (e environment) without(list, chosen []Variable) []Variable {
	return slices.DeleteFunc(slices.Clone(list), func(v Variable) bool {
		return slices.ContainsFunc(chosen, func(c Variable) bool { return e.key(c.Name) == e.key(v.Name) })
	})
}

// Variables that every script gets.
var always = []Variable{
	{"AWS_EC2_METADATA_DISABLED", "true"}, // else a program without credentials would use the instance's role
	{"AWS_PAGER", ""},                     // empty means no pager
	{"AWS_CLI_AUTO_PROMPT", "off"},        // there is nobody to answer
	{"GIT_TERMINAL_PROMPT", "0"},          // ditto
	{"NO_COLOR", "1"},
	{"TERM", "dumb"},
	{"POWERSHELL_UPDATECHECK", "Off"}, // it would write to the output
}

// Interactive builds the environment of a person's own shell from the inherited one and from a session. Unlike [Environ] it keeps
// what changes how shells and programs work: that is the person's choice. What could give programs another identity goes, and the
// passphrase of the vault.
func Interactive(inherited []string, s Session, o Options) []string {
	e := environment{windows: cmp.Or(o.OS, runtime.GOOS) == "windows", values: map[string]Variable{}}
	for _, entry := range inherited {
		if name, value, found := split(entry); found && e.keepsForPerson(name) {
			e.set(name, value)
		}
	}
	e.spareLoopback(s)
	off := []Variable{{"AWS_EC2_METADATA_DISABLED", "true"}}
	for _, v := range slices.Concat(off, e.privateConfig(o.PrivateConfig), s.Environment, o.Extra) {
		e.set(v.Name, v.Value)
	}
	return e.list()
}

// keepsForPerson reports whether a person's own shell gets a variable.
func (e environment) keepsForPerson(name string) bool {
	key := e.key(name)
	switch {
	case slices.Contains(allowed, key), key == "AWS_PAGER", key == "AWS_CLI_AUTO_PROMPT":
		return true
	case slices.Contains(configFiles, key), key == model.PassphraseVariable:
		return false
	}
	return !strings.HasPrefix(key, "AWS_") && !strings.HasPrefix(key, "_AWS_")
}

// split parses an entry. What begins with = is not a variable: cmd.exe stores the working folder of each drive there,
// and its last exit code, which belong to the terminal, not to the script.
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

// twinProxies sets proxy variables in both cases, since programs read either.
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

// spareLoopback keeps requests to an endpoint on this computer away from the proxy, where they would fail: unlike other
// programs, aws sends even those to the proxy unless NO_PROXY excludes them.
func (e environment) spareLoopback(s Session) {
	at := slices.IndexFunc(s.Environment, func(v Variable) bool { return v.Name == endpointVariable })
	if at < 0 || !isLoopbackURL(s.Environment[at].Value) {
		return
	}
	endpoint, _ := url.Parse(s.Environment[at].Value) // it was parsed just before
	for _, name := range []string{"NO_PROXY", "no_proxy"} {
		noProxy := strings.FieldsFunc(e.get(name), func(r rune) bool { return r == ',' || r == ' ' })
		proxied := slices.ContainsFunc([]string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"},
			func(p string) bool { return e.get(p) != "" })
		if proxied && !slices.Contains(noProxy, endpoint.Hostname()) && !slices.Contains(noProxy, "*") {
			e.set(name, strings.Join(append(noProxy, endpoint.Hostname()), ","))
		}
	}
}

// PATH if there is none. Source: what login(1) and bash fall back to.
const unixPath = "/usr/local/bin:/usr/bin:/bin"

// prefixPath puts folders first on PATH. Entries that are not absolute are removed: they would mean the step's own
// folder, where a package could put a program of any name.
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
