package model

import (
	"net/url"
	"slices"
	"strings"
	"time"
)

// TokensField is the field of a sign-in's tokens in the vault. KeptKeysField is that of keys that an account got for a code of an
// MFA device, or from a process.
const (
	TokensField   = "tokens"
	KeptKeysField = "keptKeys"
)

// SignIn is that a person has signed in to AWS on this computer. Its tokens are in the vault; one sign-in with IAM Identity Center
// serves every account with the same start URL and region.
type SignIn struct {
	ID     ID
	Key    string // of the accounts that it serves: Account.SignInKey
	Kind   AccountKind
	Name   string // for people: the start URL, or the account's name
	Region string // in which the person signed in
	// Endpoint is the URL that serves the sign-in; empty for AWS itself.
	Endpoint string
	Who      string    // ARN, if AWS says it
	At       time.Time // when the person signed in
	Ends     time.Time // when the person must sign in again; zero: not known
	Notice   string    // what the person should know who has just signed in; not stored
}

// Ended reports whether the person has to sign in again.
func (s SignIn) Ended(now time.Time) bool { return !s.Ends.IsZero() && !now.Before(s.Ends) }

// NeedsSignIn reports whether a person has to sign in before the account can be used. list are the sign-ins of this computer.
func (a Account) NeedsSignIn(list []SignIn, now time.Time) bool {
	if !a.SignsIn() {
		return false
	}
	return !slices.ContainsFunc(list, func(s SignIn) bool { return s.Key == a.SignInKey() && !s.Ended(now) })
}

// TokensRef names the sign-in's tokens in the vault.
func (s SignIn) TokensRef() SecretRef { return SecretRef{s.ID, TokensField} }

// SignInKey returns the key of the sign-in that the account uses; empty for accounts of other kinds. The endpoint is a part of it:
// tokens of one must never be sent to another, whatever an imported account names.
func (a Account) SignInKey() string {
	endpoint := strings.TrimRight(strings.TrimSpace(strings.ToLower(a.Endpoint)), "/")
	switch a.Kind {
	case KindIdentityCenter:
		start, err := CleanStartURL(a.StartURL)
		if err != nil { // nobody can sign in there
			start = strings.TrimSpace(a.StartURL)
		}
		return strings.TrimSpace("identity-center " + strings.ToLower(strings.TrimSpace(a.SignInRegion)) + " " + start + " " + endpoint)
	case KindConsole:
		return strings.TrimSpace("console " + string(a.ID) + " " + endpoint)
	}
	return ""
}

// KeptKeysRef names, in the vault, the keys that the account got for a code of an MFA device, or from a process.
func (a Account) KeptKeysRef() SecretRef { return SecretRef{a.ID, KeptKeysField} }

// PageURL parses the address of a page that a browser may open: a secure one, or one of this computer. Addresses come from servers,
// and what else they can name would start other programs.
func PageURL(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !IsLoopback(u.Hostname())) {
		return nil, NewError("browser.url", "%q is no page that a browser should open.", SafeLine(address))
	}
	return u, nil
}

// SignInWay is how a person signs in.
type SignInWay string

// The ways to sign in.
const (
	SignInHere      SignInWay = "browser" // with a browser of this computer, which hands back the answer by itself
	SignInElsewhere SignInWay = "code"    // with a browser anywhere: a code is compared or typed there, or its text is pasted here
)

// SignInStep is what a person has to do during a sign-in.
type SignInStep struct {
	URL   string    // to open
	Code  string    // to compare with, or type into, the page; empty: there is none
	Paste bool      // the page shows a text that has to be pasted here
	Until time.Time // when the sign-in gives up

	Problem error // why the text pasted before can't be used; nil the first time
}

// Profile is a profile of ~/.aws, as a list shows it.
type Profile struct {
	Name   string
	About  string // how it gets its keys: "role deployer from base", "IAM Identity Center"
	Region string
	Err    error // why it can't be used; nil if it can
}

// PortalRole is an AWS account that a sign-in with IAM Identity Center leads to, with a role in it.
type PortalRole struct {
	AWSID   string
	Account string // name of the AWS account
	Email   string // of its owner
	Role    string
}
