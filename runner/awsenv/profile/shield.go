package profile

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
)

// shield keeps secrets out of what is written for the SDK's parser, which gets a word for each, and puts them back.
type shield map[string]string // by word

// Settings whose values are secrets.
var secretSettings = map[string]bool{"aws_secret_access_key": true, "aws_session_token": true}

// line returns a line of a section without a secret.
func (s shield) line(line string) string {
	setting, value := splitSetting(line)
	if !secretSettings[setting] {
		return line
	}
	if value = plain(value); value == "" {
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

// lift puts the secrets of a profile and its sources back.
func (s shield) lift(c *config.SharedConfig) {
	for ; c != nil; c = c.Source {
		for _, value := range []*string{&c.Credentials.SecretAccessKey, &c.Credentials.SessionToken} {
			word, rest, _ := strings.Cut(*value, "\n") // what the lines after it add
			if secret, ok := s[word]; ok {
				*value = strings.TrimSuffix(secret+"\n"+rest, "\n")
			}
		}
	}
}
