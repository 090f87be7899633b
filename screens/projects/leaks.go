package projects

import (
	"regexp"
	"strings"
)

// leak is a text that looks like a key. Everybody who sees the project can read it.
type leak struct {
	Line int // from 1
	Text string
	Key  bool // an access key id, which is not a secret itself but usually comes with one
}

var (
	// Source: IAM identifiers; long-term keys begin with AKIA, temporary ones with ASIA.
	accessKeyID = regexp.MustCompile(`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`)
	// A secret key has forty characters of base64. So do hashes, hence it counts only in a line with one of secretWords.
	secretKey   = regexp.MustCompile(`(?:^|[^A-Za-z0-9/+=])([A-Za-z0-9/+]{40})(?:$|[^A-Za-z0-9/+=])`)
	secretWords = regexp.MustCompile(`(?i)secret|passw|credential|\bkey\b|_key`)
	hexOnly     = regexp.MustCompile(`^[0-9a-fA-F]{40}$`)
)

// leaks finds the keys in a script or a value.
func leaks(text string) []leak {
	var found []leak
	n := 0
	for line := range strings.Lines(text) {
		n++
		for _, id := range accessKeyID.FindAllString(line, -1) {
			found = append(found, leak{n, id, true})
		}
		if !secretWords.MatchString(line) {
			continue
		}
		for _, m := range secretKey.FindAllStringSubmatch(line, -1) {
			if !hexOnly.MatchString(m[1]) {
				found = append(found, leak{n, m[1], false})
			}
		}
	}
	return found
}
