package awsenv

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// ownModules matches the folder of the modules that come with PowerShell 7, of its installer and of the Microsoft Store.
var ownModules = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\\(PowerShell\\7[^\\]*|WindowsApps\\Microsoft\.PowerShell[^\\]*)\\Modules\\?$`)
})

// cleanModulePath keeps the folders in which a person's PowerShell finds its modules, but for two kinds. Folders that are not
// absolute would mean the step's own, as on PATH. On Windows those of PowerShell 7 itself, which stand there if it started the
// engine, would make Windows PowerShell load modules that it can't run; PowerShell 7 adds them by itself.
func (e environment) cleanModulePath() {
	v, found := e.values[e.key("PSModulePath")]
	if !found {
		return
	}
	separator := ":"
	if e.windows {
		separator = ";"
	}
	folders := slices.DeleteFunc(strings.Split(v.Value, separator), func(folder string) bool {
		return !e.absolute(folder) || e.windows && ownModules().MatchString(folder)
	})
	if len(folders) == 0 {
		delete(e.values, e.key(v.Name)) // then PowerShell takes its default
		return
	}
	e.set(v.Name, strings.Join(folders, separator))
}

// absolute reports whether a folder of a search path depends neither on the working folder nor on the drive.
func (e environment) absolute(folder string) bool {
	if e.windows {
		return strings.HasPrefix(folder, `\\`) || len(folder) > 2 && folder[1] == ':' && (folder[2] == '\\' || folder[2] == '/')
	}
	return strings.HasPrefix(folder, "/")
}

// Variables with random values, which may begin with a slash. The sign is a part of the last one: what is excluded is a prefix,
// and AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is a path.
var randomValues = []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN="}

// keepKeysInGitBash has Git's Bash on Windows pass keys on unchanged. It takes a value that begins with a slash for a path of
// its own, and rewrites it for the Windows programs that it starts: a secret key would become C:/Program Files/Git/....
func (e environment) keepKeysInGitBash() {
	const name = "MSYS2_ENV_CONV_EXCL"
	inherited := e.get(name)
	if !e.windows || inherited == "*" { // everything is excluded already; the asterisk counts only when it is alone
		return
	}
	list := randomValues
	if inherited != "" {
		list = append([]string{inherited}, list...)
	}
	e.set(name, strings.Join(list, ";"))
}
