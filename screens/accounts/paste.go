package accounts

import (
	"encoding/csv"
	"regexp"
	"strings"
)

// Pasted is what ParsePasted found in a text with an access key.
type Pasted struct {
	Name         string // of a profile, or of the user in a CSV file
	AccessKeyID  string
	SecretKey    string
	SessionToken string
	Region       string
}

// MaxPaste is the longest text that is parsed, in bytes. A key file has a few hundred.
const MaxPaste = 64 << 10

// ParsePasted reads what AWS's pages and tools offer for copying: a block of export, set or $Env: lines, a block of a
// credentials file, or the text of an accessKeys.csv. ok is false for anything else, such as a single value, which belongs in the
// field where it was pasted.
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
	// export A=b, set A=b, setx A b, $Env:A = "b", A=b, a = b. A line may have several, separated by ; or &&.
	assignment = regexp.MustCompile(`(?i)^(?:export\s+|setx?\s+|\$env:)?"?(aws_[a-z_]+|region)"?(?:\s*=\s*|\s+)(.+?)\s*$`)
	section    = regexp.MustCompile(`^\[\s*(?:profile\s+)?([^\]]+?)\s*\]$`)
	separator  = regexp.MustCompile(`\s*(?:;|&&)\s*`)
)

// parseLines reads assignments, of the first profile if there are several.
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
	value = strings.TrimSpace(value) // also inside quotes: none of these values has spaces
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

// unquote removes quotes around s, and a single one left by Windows's set "A=b" or by a value that was cut off.
func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return strings.TrimLeft(strings.TrimSuffix(s, `"`), `"'`)
}

// parseCSV reads the accessKeys.csv of the IAM console: a header line and a line of values.
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
