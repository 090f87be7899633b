package console

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Window is how long before its end a key is renewed.
const Window = 5 * time.Minute

// Tokens are a sign-in. They marshal to JSON with all their secrets, for the vault; printed or logged, they show none.
type Tokens struct {
	Session         string    `json:"session"` // ARN of the user or the assumed role who signed in
	Region          string    `json:"region"`  // of the sign-in, and of every renewal
	AccountID       string    `json:"accountId"`
	AccessKeyID     string    `json:"accessKeyId"`
	SecretAccessKey string    `json:"secretAccessKey"`
	SessionToken    string    `json:"sessionToken"`
	Expires         time.Time `json:"expires"` // of the three before
	RefreshToken    string    `json:"refreshToken"`
	ClientID        string    `json:"clientId"`
	TokenType       string    `json:"tokenType,omitempty"`
	IDToken         string    `json:"idToken,omitempty"`
	ProofKey        string    `json:"proofKey"` // PEM
}

// Stale reports whether the keys have less than [Window] left at a time.
func (t Tokens) Stale(now time.Time) bool { return t.Expires.Sub(now) < Window }

// Usable reports whether the keys still work at a time.
func (t Tokens) Usable(now time.Time) bool { return t.SecretAccessKey != "" && now.Before(t.Expires) }

// Secrets returns all that must never be shown.
func (t Tokens) Secrets() []string {
	return append(filled(t.SecretAccessKey, t.SessionToken, t.RefreshToken, t.IDToken), keySecrets(t.ProofKey)...)
}

// keySecrets returns what is secret in a PEM text: its lines, and all of them as one, but not its head and foot.
func keySecrets(pem string) []string {
	var list []string
	for line := range strings.Lines(pem) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "-") {
			list = append(list, line)
		}
	}
	return filled(append(list, strings.Join(list, ""))...)
}

func filled(texts ...string) []string {
	var list []string
	for _, text := range texts {
		if text != "" {
			list = append(list, text)
		}
	}
	return list
}

// Format prints the tokens without secrets, whatever the verb.
func (t Tokens) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "sign-in of %s in %s until %s", t.Session, t.Region, t.Expires.UTC().Format(time.RFC3339))
}

// LogValue logs the tokens without secrets.
func (t Tokens) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(t)) }

// parseIDToken returns who signed in: the subject of the id token, which is an ARN, and the AWS account in it. The token
// came from AWS by TLS, so its signature proves nothing more (OpenID Connect Core §3.1.3.7).
func parseIDToken(token string) (session, account string, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", "", false
	}
	claims, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return "", "", false
	}
	var who struct {
		Subject string `json:"sub"`
	}
	if json.Unmarshal(claims, &who) != nil {
		return "", "", false
	}
	account, ok = accountOf(who.Subject)
	return who.Subject, account, ok
}

// accountOf returns the AWS account of a session's ARN.
func accountOf(arn string) (string, bool) {
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) != 6 || fields[0] != "arn" || fields[5] == "" || strings.ContainsFunc(arn, model.IsHidden) ||
		fields[4] != strings.TrimSpace(fields[4]) || model.CheckAWSAccountID(fields[4]) != nil {
		return "", false
	}
	return fields[4], true
}
