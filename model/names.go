package model

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// ID identifies a configured thing (account, project, variable, step ...) for ever: 32 hexadecimal digits, made at
// random. Secrets hang on it, so it is never used again for another thing.
type ID string

// Names that mean something by themselves and can't be given to a thing.
const (
	NoAccount    = "none"          // a step's account: No AWS account
	InstanceRole = "instance-role" // the account that always exists
)

// Sandbox is the endpoint that the run serves itself. It stands only where an endpoint does, so that an account or an
// environment may well be called Sandbox.
const Sandbox = "sandbox"

func isReserved(name string) bool {
	key := NameKey(name)
	return key == NoAccount || key == InstanceRole
}

// InstanceRoleTitle is what the documentation calls the account that always exists.
const InstanceRoleTitle = "Role Assigned to the AWS Instance Executing the Deployment"

// MaxName is the longest name of a thing, in characters.
const MaxName = 200

// NameKey folds a name so that two names which a person takes for the same have the same key: surrounding blanks cut,
// Unicode NFC and full case folding.
func NameKey(name string) string {
	// Folding can leave a text that is not composed, so it is composed again.
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(strings.TrimSpace(name))))
}

// CheckName says what is wrong with the name of a thing; kind is how the sentence calls the thing ("account", "step").
func CheckName(kind, name string) error {
	trimmed := strings.TrimSpace(name)
	switch {
	case trimmed == "":
		return NewError("name.empty", "The %s has no name. Give it one.", kind)
	case !utf8.ValidString(name):
		return NewError("name.encoding", "The name of the %s is not valid UTF-8. Type it again.", kind)
	case utf8.RuneCountInString(trimmed) > MaxName:
		return NewError("name.long", "The name of the %s has %d characters. Use at most %d.", kind, utf8.RuneCountInString(trimmed), MaxName)
	case strings.ContainsFunc(name, IsHidden):
		return NewError("name.control", "The name %q of the %s holds a control character or one that can't be seen. Take it out.", trimmed, kind)
	case isReserved(trimmed):
		return NewError("name.reserved", "The name %q means something by itself. Choose another one for the %s.", trimmed, kind)
	}
	return nil
}

// HasExpression reports whether text holds a #{...} expression, so that its final form is known at run time only.
func HasExpression(text string) bool { return strings.Contains(text, "#{") }

// Nearest gives the candidate most like name, or "" where none is near enough to be meant.
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

// distance is Levenshtein's: the least number of single characters to insert, delete or replace.
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
