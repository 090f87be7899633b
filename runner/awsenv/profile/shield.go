package profile

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
)

// shield keeps values from the SDK's parser, which gets a word for each, and puts them back: secrets, and command lines, of which
// the parser would take the first and the last quotation mark and what it sees as a comment between others.
type shield map[string]string // by word

// line returns a line of a section without such a value.
func (s shield) line(line string) string {
	setting, value := splitSetting(line)
	switch setting {
	case "aws_secret_access_key", "aws_session_token":
		value = plain(value)
	case "credential_process":
		value = commandLine(value)
	default:
		return line
	}
	if value == "" {
		return line
	}
	word := fmt.Sprintf("shielded-%d", len(s))
	s[word] = value
	return setting + " = " + word
}

// splitSetting splits a line as the SDK and the aws command do. A comment is no setting, and what is indented none of a profile.
func splitSetting(line string) (setting, value string) {
	at := strings.IndexAny(line, "=:")
	if at < 0 || strings.ContainsRune(" \t#;", rune(line[0])) {
		return "", ""
	}
	return strings.ToLower(strings.TrimSpace(line[:at])), line[at+1:]
}

// plain returns a value as the SDK reads it: without a comment and outer quotes.
func plain(value string) string {
	for _, comment := range []string{" #", " ;", "\t#", "\t;"} {
		value, _, _ = strings.Cut(value, comment)
	}
	value = strings.TrimSpace(value)
	for _, quote := range []string{"'", `"`} {
		if len(value) > 1 && strings.HasPrefix(value, quote) && strings.HasSuffix(value, quote) {
			return value[1 : len(value)-1]
		}
	}
	return value
}

// commandLine returns a value as the aws command reads it: with its quotes. Only a comment behind them is cut, as the SDK does.
func commandLine(value string) string {
	var quote, last rune
	for at, r := range value {
		switch {
		case last == '\\':
			r = 0 // it stands for itself, and escapes nothing
		case quote == 0 && (r == '"' || r == '\''):
			quote = r
		case r == quote:
			quote = 0
		case quote == 0 && (r == '#' || r == ';') && (last == ' ' || last == '\t'):
			return strings.TrimSpace(value[:at])
		}
		last = r
	}
	return strings.TrimSpace(value)
}

// lift puts the values of a profile and its sources back.
func (s shield) lift(c *config.SharedConfig) {
	for ; c != nil; c = c.Source {
		for _, value := range []*string{&c.Credentials.SecretAccessKey, &c.Credentials.SessionToken, &c.CredentialProcess} {
			word, rest, _ := strings.Cut(*value, "\n") // what the lines after it add
			if secret, ok := s[word]; ok {
				*value = strings.TrimSuffix(secret+"\n"+rest, "\n")
			}
		}
		c.CredentialProcess = strings.ReplaceAll(c.CredentialProcess, "\n", " ") // for a shell it would end the command
	}
}
