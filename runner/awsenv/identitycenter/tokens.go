package identitycenter

import (
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Window is how long before its end a token is renewed, and a registration no longer used.
const Window = 15 * time.Minute

// Tokens are a sign-in. They marshal to JSON with all their secrets, for the vault; printed or logged, they show none.
type Tokens struct {
	StartURL     string       `json:"startUrl"`
	Region       string       `json:"region"`
	AccessToken  string       `json:"accessToken"`
	Expires      time.Time    `json:"expires"` // of the access token
	RefreshToken string       `json:"refreshToken,omitempty"`
	Registration Registration `json:"registration"`
}

// Registration is how Identity Center knows this computer's Stepdeck. It is part of the tokens that were got with it,
// and renews them.
type Registration struct {
	ClientID     string    `json:"clientId"`
	ClientSecret string    `json:"clientSecret"`
	Expires      time.Time `json:"expires"`
	Grants       []string  `json:"grants"` // what it may be used for
	StartURL     string    `json:"startUrl"`
	Region       string    `json:"region"`
}

// Keys are temporary credentials of a role. Printed or logged, they show no secret.
type Keys struct {
	AccessKeyID, SecretAccessKey, SessionToken string
	Expires                                    time.Time
	AccountID                                  string // the AWS account that they act in
}

// Stale reports whether the access token has less than [Window] left at a time.
func (t Tokens) Stale(now time.Time) bool { return t.Expires.Sub(now) < Window }

// Usable reports whether the access token still works at a time.
func (t Tokens) Usable(now time.Time) bool { return t.AccessToken != "" && now.Before(t.Expires) }

// suits reports whether the registration can be used for a grant at a time.
func (r Registration) suits(o Options, grant string, now time.Time) bool {
	return r.ClientID != "" && r.ClientSecret != "" && r.StartURL == o.StartURL && r.Region == o.Region &&
		slices.Contains(r.Grants, grant) && r.Expires.Sub(now) > Window
}

// Secrets returns all that must never be shown.
func (t Tokens) Secrets() []string {
	return filled(t.AccessToken, t.RefreshToken, t.Registration.ClientSecret)
}

// Secrets returns all that must never be shown.
func (k Keys) Secrets() []string { return filled(k.SecretAccessKey, k.SessionToken) }

func filled(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// Format prints the tokens without secrets, whatever the verb.
func (t Tokens) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "sign-in at %s in %s until %s", t.StartURL, t.Region, t.Expires.UTC().Format(time.RFC3339))
}

// LogValue logs the tokens without secrets.
func (t Tokens) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(t)) }

// Format prints the registration without secrets, whatever the verb.
func (r Registration) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "registration %s at %s until %s", r.ClientID, r.StartURL, r.Expires.UTC().Format(time.RFC3339))
}

// LogValue logs the registration without secrets.
func (r Registration) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }

// Format prints the keys without secrets, whatever the verb.
func (k Keys) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "keys %s of AWS account %s until %s", k.AccessKeyID, k.AccountID, k.Expires.UTC().Format(time.RFC3339))
}

// LogValue logs the keys without secrets.
func (k Keys) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(k)) }
