package command

import (
	"cmp"
	"regexp"
	"strings"
	"unicode"

	"github.com/stepdeck/stepdeck/model"
)

// profileLines returns a profile for ~/.aws/config whose keys are those of an account, for use where the account is served. The
// SDKs split a credential_process line themselves or hand it to the system's shell: what is written here means the same to both.
func profileLines(program, profile string, a model.Account, f useFlags, windows bool) (string, error) {
	words := []string{program, "credentials", a.Name, "--format", formatProcess}
	if strings.HasPrefix(a.Name, "-") { // not to be taken for a flag
		words = []string{program, "credentials", "--format", formatProcess}
	}
	for _, arn := range f.roles {
		words = append(words, "--role", strings.TrimSpace(arn))
	}
	for _, typed := range f.confirm { // the person's choice, since programs ask without a terminal
		words = append(words, "--confirm", strings.TrimSpace(typed))
	}
	if strings.HasPrefix(a.Name, "-") {
		words = append(words, "--", a.Name)
	}
	quoted := make([]string, len(words))
	for i, word := range words {
		var ok bool
		if quoted[i], ok = quotedForProfile(word, windows, i == 0); !ok {
			return "", model.NewError("credentials.profile.name", "%q contains characters that can't be written into ~/.aws/config. "+
				"Rename it.", model.SafeLine(word))
		}
	}
	text := "[profile " + profile + "]\ncredential_process = " + strings.Join(quoted, " ") + "\n"
	if region := strings.TrimSpace(cmp.Or(f.region, a.Region)); region != "" {
		text += "region = " + region + "\n"
	}
	if endpoint := strings.TrimSpace(a.Endpoint); endpoint != "" { // a URL: blanks, which may begin a comment, are escaped
		text += "endpoint_url = " + strings.ReplaceAll(endpoint, " ", "%20") + "\n"
	}
	return text, nil
}

// profileNameOf returns the name of a profile of an account and of the role that is assumed last.
func profileNameOf(a model.Account, roles []string) string {
	if len(roles) == 0 {
		return plainProfileName(a.Name)
	}
	arn := strings.TrimSpace(roles[len(roles)-1])
	return plainProfileName(a.Name + "-" + arn[strings.LastIndexByte(arn, '/')+1:])
}

// plainProfileName makes a name that every reader of ~/.aws/config takes, without quotation marks.
func plainProfileName(wished string) string {
	name := regexp.MustCompile(`[^\p{L}\p{N}_.@+-]+`).ReplaceAllString(wished, "-")
	if name = strings.Trim(name, "-"); name == "" {
		return "stepdeck"
	}
	return name
}

// quotedForProfile quotes a word of a credential_process line; ok is false if that can't be done. The program always has quotation
// marks, as AWS documents it.
func quotedForProfile(word string, windows, always bool) (quoted string, ok bool) {
	switch {
	case strings.ContainsFunc(word, unicode.IsControl), strings.Contains(word, " #"), strings.Contains(word, " ;"):
		return "", false // the latter two begin a comment for some readers
	case !always && regexp.MustCompile(`^[A-Za-z0-9_./:@+-]+$`).MatchString(word):
		return word, true
	case windows:
		return `"` + word + `"`, !strings.ContainsAny(word, `"%`) // which cmd takes for its own inside of quotation marks
	case strings.ContainsAny(word, "$`\\\"!"):
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'", true
	}
	return `"` + word + `"`, true
}
