package model

import (
	"encoding/csv"
	"encoding/json"
	"strings"
)

// KeyText is an access key in a text.
type KeyText struct {
	Name         string // of a profile, or of the user in a CSV file
	AccessKeyID  string
	SecretKey    string
	SessionToken string
	Region       string
}

// MaxKeyText is the longest text in which access keys are looked for, in bytes. A key file has a few hundred.
const MaxKeyText = 64 << 10

// ParseKeyTexts reads what AWS's pages and tools offer for copying: a block of export, set or $Env: lines, the blocks of a
// credentials file, the text of an accessKeys.csv, the JSON that aws prints. It finds nothing in anything else, such as a single
// value.
func ParseKeyTexts(text string) []KeyText {
	if len(text) > MaxKeyText {
		return nil
	}
	text = strings.TrimPrefix(strings.TrimSpace(text), ByteOrderMark)
	if list := parseKeyCSV(text); list != nil {
		return list
	}
	if strings.HasPrefix(text, "{") {
		return parseKeyJSON(text)
	}
	return parseKeyLines(text)
}

var (
	// export A=b, set A=b, setx A b, $Env:A = "b", A=b, a = b. A line may have several, separated by ; or &&.
	keyAssignment = pattern(`(?i)^(?:export\s+|setx?\s+|\$env:)?"?(aws_[a-z_]+|region)"?(?:\s*=\s*|\s+)(.+?)\s*$`)
	keySection    = pattern(`^\[\s*(?:profile\s+)?([^\]]+?)\s*\]$`)
	keySeparator  = pattern(`\s*(?:;|&&)\s*`)
)

// parseKeyLines reads assignments, those of each profile apart.
func parseKeyLines(text string) []KeyText {
	var list []KeyText
	var k KeyText
	finish := func() {
		if k.AccessKeyID != "" || k.SecretKey != "" {
			list = append(list, k)
		}
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if s := keySection().FindStringSubmatch(line); s != nil {
			finish()
			k = KeyText{Name: strings.TrimSpace(s[1])}
			if k.Name == "default" {
				k.Name = ""
			}
			continue
		}
		for _, part := range keySeparator().Split(line, -1) {
			if m := keyAssignment().FindStringSubmatch(strings.TrimSpace(part)); m != nil {
				k.set(strings.ToLower(m[1]), unquote(m[2]))
			}
		}
	}
	finish()
	return list
}

// set stores a value. None of them has spaces, also inside quotes.
func (k *KeyText) set(key, value string) {
	value = strings.TrimSpace(value)
	switch key {
	case "aws_access_key_id":
		k.AccessKeyID = value
	case "aws_secret_access_key":
		k.SecretKey = value
	case "aws_session_token", "aws_security_token":
		k.SessionToken = value
	case "aws_default_region", "aws_region", "region":
		k.Region = value
	}
}

// unquote removes quotes around s, and a single one left by Windows's set "A=b" or by a value that was cut off.
func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return strings.TrimLeft(strings.TrimSuffix(s, `"`), `"'`)
}

// parseKeyCSV reads the accessKeys.csv of the IAM console: a header line and lines of values.
func parseKeyCSV(text string) []KeyText {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil || len(head) < 2 {
		return nil
	}
	var list []KeyText
	for values, err := r.Read(); err == nil; values, err = r.Read() {
		var k KeyText
		for i, h := range head[:min(len(head), len(values))] {
			value := strings.TrimSpace(values[i])
			switch strings.ToLower(strings.Join(strings.Fields(strings.Trim(h, ByteOrderMark)), " ")) {
			case "access key id":
				k.AccessKeyID = value
			case "secret access key":
				k.SecretKey = value
			case "user name":
				k.Name = value
			}
		}
		if k.AccessKeyID != "" && k.SecretKey != "" {
			list = append(list, k)
		}
	}
	return list
}

// parseKeyJSON reads what aws iam create-access-key, aws sts and programs that print keys print.
func parseKeyJSON(text string) []KeyText {
	type key struct{ AccessKeyID, SecretAccessKey, SessionToken, UserName string }
	var printed struct {
		key
		AccessKey, Credentials key
	}
	if json.Unmarshal([]byte(text), &printed) != nil { // names count in any case
		return nil
	}
	for _, k := range []key{printed.key, printed.AccessKey, printed.Credentials} {
		if k.AccessKeyID != "" && k.SecretAccessKey != "" {
			return []KeyText{{
				Name: strings.TrimSpace(k.UserName), AccessKeyID: strings.TrimSpace(k.AccessKeyID),
				SecretKey: strings.TrimSpace(k.SecretAccessKey), SessionToken: strings.TrimSpace(k.SessionToken),
			}}
		}
	}
	return nil
}

// keyID is the form of the id of an access key. Source: IAM identifiers.
var keyID = pattern(`^(?:AKIA|ASIA)[A-Z0-9]{16}$`)

// ReadSecretKey returns the secrets of a text that was given as the account's secret key: the key itself, also in quotation marks,
// or what ParseKeyTexts reads. id is that of the access key in the text, if the text has one. Source is where the text comes
// from, such as "The file key.txt".
func (a Account) ReadSecretKey(text, source string) (id string, s AccountSecrets, err error) {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), ByteOrderMark))
	list := ParseKeyTexts(text)
	if len(list) == 0 {
		s.SecretKey = a.CleanSecret(text)
		if keyID().MatchString(s.SecretKey) && strings.TrimSpace(a.Endpoint) == "" {
			return "", AccountSecrets{}, NewError("account.secret.id",
				"%s is the id of an access key. Give the secret key that belongs to it.", source)
		}
		return "", s, nil
	}
	k, err := a.chooseKey(list, source)
	if err != nil {
		return "", AccountSecrets{}, err
	}
	return k.AccessKeyID, AccountSecrets{SecretKey: k.SecretKey, SessionToken: k.SessionToken}, nil
}

// chooseKey returns the account's key among several.
func (a Account) chooseKey(list []KeyText, source string) (KeyText, error) {
	var ids []string
	own := strings.TrimSpace(a.AccessKeyID)
	for _, k := range list {
		switch {
		case k.AccessKeyID == own || len(list) == 1 && (own == "" || k.AccessKeyID == ""):
			if k.SecretKey == "" {
				return k, NewError("account.secret.none", "%s has the id %s of an access key, but no secret key. Give both.", source, k.AccessKeyID)
			}
			return k, nil
		case k.AccessKeyID != "":
			ids = append(ids, SafeLine(k.AccessKeyID))
		}
	}
	if own == "" {
		return KeyText{}, NewError("account.secret.several", "%s has several access keys: %s. Say which one account %q has.", source,
			strings.Join(ids, ", "), a.Name)
	}
	return KeyText{}, NewError("account.secret.other", "%s has the access key %s, but account %q has %s. Give the secret key of that one.",
		source, strings.Join(ids, ", "), a.Name, own)
}

// CleanSecret returns a secret as it was entered without spaces and quotation marks around it, which come from copying and which no
// key of AWS has. A server behind a custom endpoint may accept quotation marks.
func (a Account) CleanSecret(text string) string {
	text = strings.TrimSpace(text)
	if strings.TrimSpace(a.Endpoint) != "" {
		return text
	}
	for _, marks := range []string{`""`, "''", "``", "“”", "‘’"} {
		r := []rune(marks)
		if inner, ok := strings.CutPrefix(text, string(r[0])); ok {
			if inner, ok = strings.CutSuffix(inner, string(r[1])); ok {
				return strings.TrimSpace(inner)
			}
		}
	}
	return text
}
