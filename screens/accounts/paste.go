package accounts

import (
	"encoding/csv"
	"regexp"
	"strings"
)

// Pasted is what could be read out of a text that holds an access key.
type Pasted struct {
	Name         string // of a profile, or of the user in a CSV file
	AccessKeyID  string
	SecretKey    string
	SessionToken string
	Region       string
}

// MaxPaste is the longest text that is looked at, in bytes: a key file has some hundred.
const MaxPaste = 64 << 10

// ParsePasted reads what AWS's pages and tools give a person to copy: a block of export, set or $Env: lines, a block of
// a credentials file, or the text of an accessKeys.csv. ok is false when the text is none of these, or when it is no
// more than one word, which belongs where it is pasted.
func ParsePasted(text string) (p Pasted, ok bool) {
	if len(text) > MaxPaste {
		return Pasted{}, false
	}
	text = strings.TrimPrefix(strings.TrimSpace(text), "\ufeff")
	if p, ok := parseCSV(text); ok {
		return p, true
	}
	return parseLines(text)
}

var (
	// export A=b, set A=b, setx A b, $Env:A = "b", A=b, a = b. Several may stand on one line behind ; or &&.
	assignment = regexp.MustCompile(`(?i)^(?:export\s+|setx?\s+|\$env:)?"?(aws_[a-z_]+|region)"?(?:\s*=\s*|\s+)(.+?)\s*$`)
	section    = regexp.MustCompile(`^\[\s*(?:profile\s+)?([^\]]+?)\s*\]$`)
	separator  = regexp.MustCompile(`\s*(?:;|&&)\s*`)
)

// parseLines reads assignments. A second section is another profile: it ends the reading.
func parseLines(text string) (p Pasted, ok bool) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if s := section.FindStringSubmatch(line); s != nil {
			if p.AccessKeyID != "" || p.SecretKey != "" {
				break
			}
			if p.Name = strings.TrimSpace(s[1]); p.Name == "default" {
				p.Name = ""
			}
			continue
		}
		for _, part := range separator.Split(line, -1) {
			if m := assignment.FindStringSubmatch(strings.TrimSpace(part)); m != nil {
				p.set(strings.ToLower(m[1]), unquote(m[2]))
			}
		}
	}
	return p, p.AccessKeyID != "" || p.SecretKey != ""
}

func (p *Pasted) set(key, value string) {
	value = strings.TrimSpace(value) // within quotes as well: nothing of this holds blanks
	switch key {
	case "aws_access_key_id":
		p.AccessKeyID = value
	case "aws_secret_access_key":
		p.SecretKey = value
	case "aws_session_token", "aws_security_token":
		p.SessionToken = value
	case "aws_default_region", "aws_region", "region":
		p.Region = value
	}
}

// unquote takes quotes off both ends, the one that Windows's set "A=b" leaves at the end, and the one before half a value.
func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return strings.TrimLeft(strings.TrimSuffix(s, `"`), `"'`)
}

// parseCSV reads the file that the IAM console gives once: a line of headings and a line of values.
func parseCSV(text string) (p Pasted, ok bool) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil || len(head) < 2 {
		return p, false
	}
	values, err := r.Read()
	if err != nil {
		return p, false
	}
	for i, h := range head {
		if i >= len(values) {
			break
		}
		value := strings.TrimSpace(values[i])
		switch strings.ToLower(strings.Join(strings.Fields(strings.Trim(h, "\ufeff")), " ")) {
		case "access key id":
			p.AccessKeyID = value
		case "secret access key":
			p.SecretKey = value
		case "user name":
			p.Name = value
		}
	}
	return p, p.AccessKeyID != "" && p.SecretKey != ""
}
