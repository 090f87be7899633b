package model

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// AccountKind is how an account gets its AWS credentials.
type AccountKind string

// The kinds of account.
const (
	KindAccessKey      AccountKind = "access-key"
	KindInstanceRole   AccountKind = "instance-role"
	KindProfile        AccountKind = "profile"         // of ~/.aws
	KindIdentityCenter AccountKind = "identity-center" // a sign-in with IAM Identity Center
	KindConsole        AccountKind = "console"         // a sign-in with the AWS console
	KindProcess        AccountKind = "process"         // a program that prints keys
)

// AccountKinds returns the kinds of account that a person can add, in the order of lists.
func AccountKinds() []AccountKind {
	return []AccountKind{KindAccessKey, KindProfile, KindIdentityCenter, KindConsole, KindProcess}
}

// Account is a named way to sign in to AWS; Octopus calls the access key kind "Amazon Web Services Account". Its
// secrets are in the vault under its ID; SecretSet and TokenSet say whether this computer has them.
type Account struct {
	ID          ID
	Name        string
	Kind        AccountKind
	Description string
	AccessKeyID string
	MFADevice   string // KindAccessKey only: ARN or serial number of the key's MFA device; empty: none
	Region      string // used to test the account
	Endpoint    string // URL, or Sandbox: served by the run itself

	Profile      string // KindProfile: its name
	StartURL     string // KindIdentityCenter: the start URL of the access portal
	SignInRegion string // KindIdentityCenter: region of the instance; KindConsole: region in which the person signs in
	AWSID        string // KindIdentityCenter: the AWS account's id
	RoleName     string // KindIdentityCenter: the permission set's name
	Process      string // KindProcess: the command line, as credential_process of ~/.aws/config

	SecretSet bool         // the vault of this computer has the secret key
	TokenSet  bool         // ... and a session token
	Verified  Verification // result of the last successful test
}

// Verification is AWS's answer when an account was last tested; At is zero if it never was.
type Verification struct {
	At     time.Time
	AWSID  string // twelve digits
	ARN    string
	UserID string
}

// Verified is the answer to the question whether an account can be used.
type Verified struct {
	Verification
	Identity  Identity
	Alias     string        // of the AWS account; empty: none, or nobody may read it
	RoundTrip time.Duration // of the question who we are
	Notices   []*Error      // what a person should know, also where asking AWS failed
}

// Fields of secrets in the vault.
const (
	SecretKeyField    = "secretKey"
	SessionTokenField = "sessionToken"
	ValueField        = "value" // of a sensitive variable
)

// SecretRef names one secret in the vault by its owner and field.
type SecretRef struct {
	Owner ID
	Field string
}

// SecretKeyRef names the account's secret key in the vault.
func (a Account) SecretKeyRef() SecretRef { return SecretRef{a.ID, SecretKeyField} }

// SessionTokenRef names the account's session token in the vault.
func (a Account) SessionTokenRef() SecretRef { return SecretRef{a.ID, SessionTokenField} }

// KeyEnd is the end of an access key's id, by which a person knows the key: …7Q4A.
func KeyEnd(accessKeyID string) string {
	if id := []rune(accessKeyID); len(id) > 4 {
		return "…" + string(id[len(id)-4:])
	}
	return accessKeyID
}

// InSandbox reports whether the account is served by the run's own loopback AWS.
func (a Account) InSandbox() bool { return NameKey(a.Endpoint) == Sandbox }

// NeedsSecret reports whether a run has to ask for the secret key because this computer doesn't have it.
func (a Account) NeedsSecret() bool {
	return a.Kind == KindAccessKey && !a.SecretSet && !a.InSandbox()
}

// AWS's own ids have 16 to 128 word characters (IAM API reference, AccessKey.AccessKeyId); servers behind a custom
// endpoint accept shorter ones. The limit must reject a secret key pasted into the wrong field.
var accessKeyID = pattern(`^[A-Za-z0-9_]{3,128}$`)

// Check returns what is wrong with the account, field by field; none means that it can be used.
func (a Account) Check() []Problem {
	var ps problems
	if a.Kind == KindInstanceRole {
		return nil
	}
	ps.add("name", CheckName("account", a.Name))
	a.checkForeign(&ps)
	switch a.Kind {
	case KindAccessKey:
		switch id := strings.TrimSpace(a.AccessKeyID); {
		case id == "" && a.InSandbox(): // the run generates one
		case id == "":
			ps.add("accessKeyId", NewError(codeAccessKeyEmpty,
				"Account %q has no access key. Enter the key id from AWS, which begins with AKIA.", a.Name))
		case issuedSecret().MatchString(id) && strings.TrimSpace(a.Endpoint) == "": // it would be stored and shown in clear
			ps.add("accessKeyId", NewError("account.accesskey.secret",
				"This has the form of a secret key. Paste the key id, not the secret: it begins with AKIA."))
		case !accessKeyID().MatchString(id) && !a.InSandbox():
			ps.add("accessKeyId", NewError("account.accesskey.form",
				"The access key of account %q is not one of AWS's, which have only letters and digits. Paste the key id, not the secret.", a.Name))
		}
		ps.add("mfaDevice", CheckMFASerial(strings.TrimSpace(a.MFADevice)))
	case KindProfile:
		ps.add("profile", a.checkProfile())
	case KindIdentityCenter:
		_, err := CleanStartURL(a.StartURL)
		ps.add("startUrl", err)
		ps.add("signInRegion", a.checkSignInRegion())
		ps.add("awsAccount", a.checkAWSID())
		ps.add("role", a.checkRoleName())
	case KindConsole:
		ps.add("signInRegion", a.checkSignInRegion())
	case KindProcess:
		ps.add("process", a.checkProcess())
	default:
		ps.add("kind", NewError("account.kind.unknown",
			"%q is not a kind of account. Use access-key, profile, identity-center, console or process.", a.Kind))
	}
	ps.add("region", CheckRegion(a.Region))
	ps.add("endpoint", a.checkEndpoint())
	return ps.list
}

// AccountSecrets are the secrets of an account as entered; empty ones leave the stored ones as they are.
type AccountSecrets struct {
	SecretKey    string
	SessionToken string
}

// CheckSecrets returns what is wrong with secrets as entered; empty ones are fine. Those that AWS issues contain no spaces or
// quotation marks. A server behind a custom endpoint may accept any single line of text.
func (a Account) CheckSecrets(s AccountSecrets) []Problem {
	var ps problems
	if keyID().MatchString(s.SecretKey) && strings.TrimSpace(a.Endpoint) == "" {
		ps.add("secretKey", NewError("account.secret.id",
			"The secret key of account %q is the id of an access key. Give the secret key that belongs to it.", a.Name))
	}
	ps.add("secretKey", a.checkSecret("The secret key", s.SecretKey))
	ps.add("sessionToken", a.checkSecret("The session token", s.SessionToken))
	return ps.list
}

func (a Account) checkSecret(what, secret string) error {
	for _, r := range secret {
		switch {
		case r == '\n' || r == '\r':
			return NewError("account.secret.lines", "%s of account %q has several lines. Enter only its one line.", what, a.Name)
		case unicode.IsControl(r) || r == utf8.RuneError || string(r) == ByteOrderMark:
			return NewError("account.secret.control",
				"%s of account %q contains an invisible character (%U), which no key has. Copy it again as plain text.", what, a.Name, r)
		case strings.TrimSpace(a.Endpoint) != "":
		case unicode.IsSpace(r):
			return NewError("account.secret.blank", "%s of account %q contains a space, which no AWS key does. Copy it again.", what, a.Name)
		case strings.ContainsRune("\"'`“”‘’", r):
			return NewError("account.secret.quote",
				"%s of account %q contains the quotation mark %c, which no AWS key does. Enter it without quotation marks.", what, a.Name, r)
		}
	}
	return nil
}

func (a Account) checkEndpoint() error {
	if a.InSandbox() && a.Kind != KindAccessKey {
		return NewError("account.sandbox.kind",
			"A run's own sandbox serves only access keys. Give account %q the URL of a sandbox that is running.", a.Name)
	}
	return CheckEndpoint(a.Endpoint)
}

// CheckEndpoint returns what is wrong with an endpoint. Valid are: empty, "sandbox", an https URL, and an http URL of
// this computer.
func CheckEndpoint(endpoint string) error {
	endpoint = strings.TrimSpace(endpoint)
	if endpoint == "" || NameKey(endpoint) == Sandbox {
		return nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return NewError("endpoint.form", "%q is not an endpoint. Use a URL such as https://host:port, the word sandbox, or leave it empty for "+
			"AWS itself.", endpoint)
	}
	if u.User != nil {
		return NewError("endpoint.user", "The endpoint %q contains a user name. Remove it: requests are signed with the account's key.",
			u.Redacted())
	}
	if u.Scheme == "http" && !IsLoopback(u.Hostname()) {
		return NewError("endpoint.plain", "The endpoint %q would send signed requests over plain http to another computer. Use https; http is "+
			"allowed only for this computer.", endpoint)
	}
	return nil
}

// IsLoopback reports whether host, with or without a port, is this computer; it asks no name server.
func IsLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
