package command

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

const formatProcess = "process"

// assignment writes how a shell sets an environment variable. plain says that the value means itself in every shell.
type assignment func(name, value string, plain bool) (string, error)

// assignments are the formats of shells, as aws configure export-credentials writes them.
func assignments() map[string]assignment {
	return map[string]assignment{
		"env": func(name, value string, plain bool) (string, error) {
			return "export " + name + "=" + quotedForShell(value, plain), nil
		},
		"env-no-export": func(name, value string, plain bool) (string, error) {
			return name + "=" + quotedForShell(value, plain), nil
		},
		"powershell": func(name, value string, plain bool) (string, error) {
			return "$Env:" + name + "=" + quotedForPowerShell(value, plain), nil
		},
		"windows-cmd": func(name, value string, plain bool) (string, error) {
			if !plain {
				return "", model.NewError("credentials.cmd",
					"The value of %s contains characters that cmd would not take as they are. Use --format powershell.", name)
			}
			return "set " + name + "=" + value, nil
		},
		"fish": func(name, value string, plain bool) (string, error) {
			return "set -gx " + name + " " + quotedForFish(value, plain), nil
		},
	}
}

func formatNames() []string {
	return []string{formatProcess, "env", "env-no-export", "powershell", "windows-cmd", "fish"}
}

// formatNamed returns what writes keys in a format.
func formatNamed(name string) (func(runner.Credentials) (string, error), error) {
	if name == formatProcess {
		return processFormat, nil
	}
	assign, known := assignments()[name]
	if !known {
		return nil, model.NewError("usage", "%q is not a format of keys. Choose one of: %s.", name, strings.Join(formatNames(), ", "))
	}
	return func(keys runner.Credentials) (string, error) { return assigned(keys, assign) }, nil
}

// processFormat writes keys as the output of a credential_process. Source: AWS SDKs and Tools Reference Guide, "Process credential
// provider".
func processFormat(keys runner.Credentials) (string, error) {
	output := struct {
		Version         int
		AccessKeyID     string `json:"AccessKeyId"`
		SecretAccessKey string
		SessionToken    string `json:",omitempty"`
		Expiration      string `json:",omitempty"`
	}{1, keys.AccessKeyID, keys.SecretKey, keys.SessionToken, expiration(keys)}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(output) //nolint:gosec // it is what was asked for
	return text.String(), err
}

func expiration(keys runner.Credentials) string {
	if keys.Expires.IsZero() {
		return ""
	}
	return keys.Expires.UTC().Format(time.RFC3339)
}

// assigned writes keys as commands of a shell.
func assigned(keys runner.Credentials, assign assignment) (string, error) {
	var text strings.Builder
	for _, v := range [][2]string{
		{"AWS_ACCESS_KEY_ID", keys.AccessKeyID}, {"AWS_SECRET_ACCESS_KEY", keys.SecretKey}, {"AWS_SESSION_TOKEN", keys.SessionToken},
		{"AWS_CREDENTIAL_EXPIRATION", expiration(keys)},
	} {
		name, value := v[0], v[1]
		if value == "" {
			continue
		}
		if strings.ContainsFunc(value, unicode.IsControl) {
			return "", model.NewError("credentials.control",
				"The value of %s contains a line break or control character, which no shell takes safely. Use --format process.", name)
		}
		line, err := assign(name, value, isPlain(value))
		if err != nil {
			return "", err
		}
		text.WriteString(line + "\n")
	}
	return text.String(), nil
}

// isPlain reports whether a value means itself in every shell. AWS's own keys and tokens do.
func isPlain(value string) bool {
	return regexp.MustCompile(`^[A-Za-z0-9/+_][A-Za-z0-9/+_=.:-]*$`).MatchString(value)
}

func quotedForShell(value string, plain bool) string {
	if plain {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// quotedForPowerShell quotes as aws does where that is safe. In its own quotation marks PowerShell expands variables, and it takes
// typographic single ones for plain ones.
func quotedForPowerShell(value string, plain bool) string {
	if plain {
		return `"` + value + `"`
	}
	return "'" + regexp.MustCompile(`['‘’‚‛]`).ReplaceAllString(value, "$0$0") + "'"
}

func quotedForFish(value string, plain bool) string {
	if plain {
		return value
	}
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(value) + "'"
}
