package awsenv

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Kept are temporary keys that cost something: the code of an MFA device, or the run of a process. The caller keeps them,
// sealed, and hands them in with later requests for the account. They print hidden.
type Kept struct {
	Purpose      string    `json:"purpose"` // what they were made for; with another way to them they aren't used
	AccessKeyID  string    `json:"accessKeyId"`
	SecretKey    string    `json:"secretKey"`
	SessionToken string    `json:"sessionToken,omitempty"`
	Expires      time.Time `json:"expires"`
	OfRole       bool      `json:"ofRole,omitempty"` // they are the session of a role
	OfUser       bool      `json:"ofUser,omitempty"` // they are the session of a user

	// Unrenewed is why the sign-in that they are from could not be renewed, although they still work; nil if it could.
	Unrenewed error `json:"-"`
}

// Format prints nothing of the keys, whatever the verb.
func (Kept) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "keys") }

// LogValue prints as Format does.
func (Kept) LogValue() slog.Value { return slog.StringValue("keys") }

// Secrets returns what must be masked.
func (k Kept) Secrets() []string { return nonEmpty(k.SecretKey, k.SessionToken) }

func nonEmpty(texts ...string) []string {
	var list []string
	for _, t := range texts {
		if t != "" {
			list = append(list, t)
		}
	}
	return list
}

// Kept keys that are about to end aren't used any more.
const nearEnd = 5 * time.Minute

// Last reports whether the keys can still be used for a while.
func (k Kept) Last(now time.Time) bool { return k.Expires.Sub(now) > nearEnd }

// takeKept uses the keys that the caller kept, if they are for this purpose and still last.
func (b *resolution) takeKept(purpose string) bool {
	k := b.Request.Kept
	if k == nil || k.Purpose != purpose || !k.Last(b.Now()) {
		return false
	}
	kind := unknownSession
	switch {
	case k.OfRole:
		kind = roleSession
	case k.OfUser:
		kind = userSession
	}
	b.use(credentials(k.AccessKeyID, k.SecretKey, k.SessionToken, k.Expires), kind)
	b.keeping = k
	return true
}

// keep tells the caller to keep the current keys, if they end.
func (b *resolution) keep(purpose string) {
	if !b.keys.CanExpire {
		return
	}
	b.keeping = &Kept{
		Purpose: purpose, AccessKeyID: b.keys.AccessKeyID, SecretKey: b.keys.SecretAccessKey, SessionToken: b.keys.SessionToken,
		Expires: b.keys.Expires, OfRole: b.kind == roleSession, OfUser: b.kind == userSession,
	}
}

// fingerprint returns a text that is the same only for the same parts.
func fingerprint(parts ...any) string {
	text, err := json.Marshal(parts)
	if err != nil {
		panic("a purpose of keys that has no JSON: " + err.Error()) // the parts are plain texts and numbers
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
