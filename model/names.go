package model

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// ID identifies a configured thing (account, project, variable, step …) for ever: 32 random hexadecimal digits. Secrets
// are stored under it, so it is never reused for another thing.
type ID string

// Reserved names.
const (
	NoAccount    = "none"          // a step's account: No AWS account
	InstanceRole = "instance-role" // the built-in account
)

// Sandbox is the endpoint that the run serves itself. It has a meaning only as an endpoint, so an account or an
// environment may be called Sandbox.
const Sandbox = "sandbox"

func isReserved(name string) bool {
	key := NameKey(name)
	return key == NoAccount || key == InstanceRole
}

// InstanceRoleTitle is Octopus's name for the built-in account.
const InstanceRoleTitle = "Role Assigned to the AWS Instance Executing the Deployment"

// MaxName is the maximum length of a thing's name in characters.
const MaxName = 200

// NameKey folds a name so that names which people consider the same have the same key: surrounding spaces removed,
// Unicode NFC and full case folding.
func NameKey(name string) string {
	if name = strings.TrimSpace(name); isASCII(name) {
		return strings.ToLower(name) // which is the same, and quicker for a thousand names
	}
	// Folding may decompose the text, so it is composed again.
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// CheckName returns what is wrong with the name of a thing; kind is what the sentence calls the thing ("account",
// "step").
func CheckName(kind, name string) error {
	trimmed := strings.TrimSpace(name)
	switch {
	case trimmed == "":
		return NewError(codeNameEmpty, "The %s has no name. Give it one.", kind)
	case !utf8.ValidString(name):
		return NewError(codeNameEncoding, "The name of the %s is not valid UTF-8. Type it again.", kind)
	case utf8.RuneCountInString(trimmed) > MaxName:
		return NewError(codeNameLong, "The name of the %s has %d characters. Use at most %d.", kind, utf8.RuneCountInString(trimmed), MaxName)
	case strings.ContainsFunc(name, IsHidden):
		return NewError(codeNameControl, "The name %q of the %s contains a control character or an invisible one. Remove it.", trimmed, kind)
	case isReserved(trimmed):
		return NewError(codeNameReserved, "%q is a reserved name. Choose another one for the %s.", trimmed, kind)
	}
	return nil
}

// HasExpression reports whether text contains an expression #{...}, so that its final value is known only at run time.
func HasExpression(text string) bool { return strings.Contains(text, "#{") }

// Nearest returns the candidate most similar to name, or "" if none is close enough to be a likely misspelling.
func Nearest(name string, candidates []string) string {
	best, bestDistance := "", 0
	key := NameKey(name)
	for _, c := range candidates {
		d := distance([]rune(key), []rune(NameKey(c)))
		if best == "" || d < bestDistance {
			best, bestDistance = c, d
		}
	}
	if best == "" || bestDistance > max(2, len([]rune(key))/2) {
		return ""
	}
	return best
}

// distance is the Levenshtein distance: the minimum number of characters to insert, delete or replace.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		previous := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			previous, row[j] = row[j], min(row[j]+1, row[j-1]+1, previous+cost)
		}
	}
	return row[len(b)]
}

// FreeName returns name, or name with the first number from 2 behind it that makes it free.
func FreeName(name string, taken func(string) bool) string { return freeName(name, " ", taken) }

func freeName(name, separator string, taken func(string) bool) string {
	free := name
	for i := 2; taken(free); i++ {
		free = name + separator + strconv.Itoa(i)
	}
	return free
}
