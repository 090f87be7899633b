package joblog

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// plainKey normalizes the spelling of a key: dbPassword, DB_PASSWORD and "db password" are the same.
func plainKey(key string) string {
	return strings.Map(func(r rune) rune {
		if r = unicode.ToLower(r); unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, key)
}

var (
	secretWords = []string{
		"password", "passwd", "passphrase", "passwort", "pwd", "secret", "token", "credential", "apikey", "privatekey", "accesskey", "accountkey",
		"sharedkey", "encryptionkey", "signingkey", "masterkey", "sessionkey", "authkey", "signature", "connectionstring", "authorization",
	}
	secretNames = map[string]bool{"pass": true, "pw": true, "key": true, "pin": true, "pat": true, "auth": true, "sig": true, "otp": true,
		"userpass": true}
	// Endings of keys that mention a secret without being one.
	aboutSecrets = []string{
		"id", "arn", "name", "url", "uri", "endpoint", "host", "path", "file", "type", "length", "expires", "expiration", "expiresin", "expiry",
		"ttl", "count", "version", "algorithm", "policy", "issuer", "enabled", "required", "publickey", "date", "status", "region",
		"limit", "prefix",
	}
	ordinaryKeys = []string{
		"user", "username", "userid", "login", "host", "hostname", "server", "address", "port", "region", "engine", "database", "dbname", "db",
		"schema", "dbinstanceidentifier", "dbclusteridentifier", "type", "name", "arn", "account", "accountid", "accesskeyid", "email",
		"environment",
		"env", "stage", "driver", "provider", "protocol", "scheme", "sslmode", "encoding", "timezone", "locale", "version", "enabled",
		"description",
		"bucket", "cluster", "service", "role", "rolearn", "path", "endpoint",
	}
)

// isSecretKey reports whether the value of the key is a secret, whatever it looks like.
func isSecretKey(key string) bool {
	key = plainKey(key)
	if isAboutSecrets(key) {
		return false
	}
	if secretNames[key] || strings.HasSuffix(key, "pass") || len(key) > 3 && strings.HasSuffix(key, "key") {
		return true
	}
	for _, word := range secretWords {
		if strings.Contains(key, word) {
			return true
		}
	}
	return false
}

func isOrdinaryKey(key string) bool {
	key = plainKey(key)
	return slices.Contains(ordinaryKeys, key) || isAboutSecrets(key)
}

func isAboutSecrets(plain string) bool {
	return slices.ContainsFunc(aboutSecrets, func(end string) bool { return strings.HasSuffix(plain, end) })
}

// isWord reports whether text is a common word, which would be hidden in every other line of a log.
func isWord(text string) bool {
	switch strings.ToLower(text) {
	case "true", "false", "null", "none", "yes", "no", "enabled", "disabled", "default":
		return true
	}
	return false
}

// ordinaryForms match ordinary values in settings, which can be recognized by their form.
var ordinaryForms = []func() *regexp.Regexp{
	expression(`^[-+]?[0-9][0-9.,:]*$`),                                       // numbers, versions, addresses
	expression(`^[0-9a-fA-F:.]+(/[0-9]{1,3})?$`),                              // networks; see isOrdinary
	expression(`^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+(Z|[-+][0-9:]+)?)?$`), // dates
	expression(`^[a-z]{2,4}(-[a-z]+)+-[0-9][a-z]?$`),                          // regions and their zones
	expression(`^arn:[a-z-]*:`),                                               // ARNs
	expression(`^[a-z]{1,10}-[0-9a-f]{8}([0-9a-f]{9})?$`),                     // AWS resource ids
	expression(`^(AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{12,}$`),              // IAM ids
	expression(
		`^[A-Za-z][A-Za-z0-9+.-]*://\S*$`), // URLs; their passwords are found as parts
	expression(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(:[0-9]+)?$`), // host names
	expression(`^(localhost|[a-z0-9]+(-[a-z0-9]+)*):[0-9]{1,5}$`),                                    // and ports
	expression(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`),                                // mail
	expression(`^(~|\.{0,2}|[A-Za-z]:)([/\\][A-Za-z0-9 ._-]*){2,}$`),                                 // paths; see isOrdinary
}

func isOrdinary(text string) bool {
	if isWord(text) {
		return true
	}
	for i, form := range ordinaryForms {
		if !form().MatchString(text) {
			continue
		}
		switch i {
		case 1: // not the digits of a key
			return strings.ContainsAny(text, ":.")
		case len(ordinaryForms) - 1: // not base64
			return strings.ContainsAny(text, ". _-") || !isMixed(text)
		}
		return true
	}
	return false
}

var wordBreaks = expression(`[-_.:/\\ ,]+`)

// isWords reports whether text consists of words and numbers, such as orders-service-2024.
func isWords(text string) bool {
	for _, piece := range wordBreaks().Split(text, -1) {
		letters := strings.TrimRight(piece, "0123456789")
		if len(piece)-len(letters) > 4 && letters != "" || strings.ContainsFunc(letters, func(r rune) bool { return !unicode.IsLetter(r) }) {
			return false
		}
	}
	return true
}

func isMixed(text string) bool {
	digit := strings.ContainsAny(text, "0123456789")
	letter := strings.ContainsFunc(text, unicode.IsLetter)
	return digit && letter
}

// looksSecret reports whether a text is a secret by its form: without spaces, and mixing kinds of characters as no
// word, name or address does.
func looksSecret(key, text string) bool {
	if strings.Contains(text, "PRIVATE KEY-----") {
		return true
	}
	if len(text) < minEverywhere || len(text) > maxWhole || strings.ContainsFunc(text, unicode.IsSpace) {
		return false
	}
	if isOrdinaryKey(key) || isOrdinary(text) || isWords(text) {
		return false
	}
	kinds := kindsOf(text)
	switch {
	case len(text) >= 20:
		return isMixed(text) && entropy(text) >= 3.3
	case len(text) >= 16:
		return kinds >= 3 && entropy(text) >= 3
	}
	return kinds == 4
}

// kindsOf counts the kinds of characters in text: small letters, capitals, digits, and signs that are not used in
// names.
func kindsOf(text string) int {
	var small, capital, digit, sign int
	for _, r := range text {
		switch {
		case unicode.IsUpper(r):
			capital = 1
		case unicode.IsLetter(r):
			small = 1
		case unicode.IsDigit(r):
			digit = 1
		case !strings.ContainsRune("-_./:", r):
			sign = 1
		}
	}
	return small + capital + digit + sign
}

// entropy returns the Shannon entropy of text in bits per character.
func entropy(text string) float64 {
	count := map[rune]float64{}
	n := 0.0
	for _, r := range text {
		count[r]++
		n++
	}
	bits := 0.0
	for _, c := range count {
		bits -= c / n * math.Log2(c/n)
	}
	return bits
}
