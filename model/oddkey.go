package model

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The forms of the access keys that AWS issues; keyID is that of an id. Sources: IAM API reference, AccessKey (an id has 16 to 128
// word characters); IAM user guide, "Manage access keys".
var (
	documentedKeyID  = pattern(`^[A-Za-z0-9_]{16,128}$`)
	issuedSecret     = pattern(`^[A-Za-z0-9+/]{40}$`)
	secretCharacters = pattern(`^[A-Za-z0-9+/=]*$`)
)

// The lengths of the ids and secret keys that AWS issues.
const (
	issuedIDLength     = 20
	issuedSecretLength = 40
)

// OddAccessKey returns a sentence that warns of an access key which doesn't have the form of those that AWS issues, or an empty text.
// An empty id or secret was not given, and is not warned of. The sentence has nothing of either in it. It is no error: AWS may
// issue other keys one day, and a server behind a custom endpoint has its own, for which nobody should ask.
func OddAccessKey(id, secret string) string {
	id, secret = strings.TrimSpace(id), strings.TrimSpace(secret)
	switch {
	case issuedSecret().MatchString(id) && keyID().MatchString(secret):
		return "The access key and the secret key look swapped. Exchange them."
	case issuedSecret().MatchString(id):
		return "The access key has the form of a secret key. Enter the key's id, such as AKIA…"
	}
	if odd := oddKeyID(id); odd != "" {
		return odd
	}
	return oddSecret(secret)
}

func oddKeyID(id string) string {
	prefix := strings.ToUpper(id[:min(4, len(id))])
	issued := prefix == "AKIA" || prefix == "ASIA"
	switch {
	case id == "" || keyID().MatchString(id):
		return ""
	case issued && utf8.RuneCountInString(id) != issuedIDLength:
		return fmt.Sprintf("The access key has %s, but AWS's have %d. Copy it again.", characters(id), issuedIDLength)
	case issued:
		return "The access key doesn't look like one of AWS's, which have only capital letters and digits. Copy it again."
	case len(id) > issuedIDLength-5 && otherID(prefix) != "":
		return fmt.Sprintf("The access key looks like the id of %s. That of an access key begins with AKIA or ASIA.", otherID(prefix))
	case !documentedKeyID().MatchString(id):
		return "The access key doesn't look like one of AWS's, which have at least 16 letters and digits. Copy it again."
	}
	return ""
}

// otherID says what has an id with a prefix. Source: IAM user guide, "IAM identifiers".
func otherID(prefix string) string {
	switch prefix {
	case "AIDA":
		return "a user"
	case "AROA":
		return "a role"
	case "AGPA":
		return "a group"
	case "AIPA":
		return "an instance profile"
	case "ANPA":
		return "a policy"
	case "APKA":
		return "a public key"
	}
	return ""
}

func oddSecret(secret string) string {
	switch {
	case secret == "" || issuedSecret().MatchString(secret):
		return ""
	case keyID().MatchString(secret):
		return "The secret key has the form of an access key's id. Enter the secret key that belongs to it."
	case strings.ContainsAny(secret, " \t"):
		return "The secret key has blanks in it, which AWS's don't. Copy it again."
	case !secretCharacters().MatchString(secret):
		return "The secret key has characters that AWS's don't have: those are letters, digits, + and /. Copy it again."
	}
	return fmt.Sprintf("The secret key has %s, but AWS's have %d. Copy it again.", characters(secret), issuedSecretLength)
}

func characters(text string) string {
	return Count(utf8.RuneCountInString(text), "character", "characters")
}
