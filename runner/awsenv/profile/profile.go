// Package profile reads the profiles of the aws command and the SDKs, in ~/.aws/config and ~/.aws/credentials, with the
// SDK's own parser.
//
// It says how a profile comes to its credentials, as a [Plan], and gets none itself: it starts no process, asks nobody,
// and reads no cache, nor the environment.
package profile

import (
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Files are the paths of the two files that have profiles. A file that doesn't exist has none, and neither has an empty
// path.
type Files struct{ Config, Credentials string }

// String names the files within a sentence.
func (f Files) String() string {
	switch {
	case f.Config == "":
		return f.Credentials
	case f.Credentials == "":
		return f.Config
	}
	return f.Config + " or " + f.Credentials
}

// Plan is how a profile comes to its credentials: from the source, and then by assuming the roles.
type Plan struct {
	Profile  string
	Chain    []string // the names from this profile to that of the source; one if it has its own
	Source   Source
	Roles    []Role // in the order in which they are assumed
	Region   string // of the profile itself; may be empty
	Endpoint string // URL that the profile sends its requests to; empty for AWS itself
}

// Devices returns the MFA devices that must be asked for a code, each once.
func (p Plan) Devices() []string {
	var devices []string
	for _, r := range p.Roles {
		if r.MFASerial != "" && !slices.Contains(devices, r.MFASerial) {
			devices = append(devices, r.MFASerial)
		}
	}
	return devices
}

// String returns the chain: "a → b → c".
func (p Plan) String() string { return strings.Join(p.Chain, " → ") }

// Role is a role that a profile assumes.
type Role struct {
	Profile     string // that names the role
	ARN         string
	SessionName string
	ExternalID  string
	Duration    int    // seconds; 0 if the profile doesn't say
	MFASerial   string // device whose code is needed; empty for none
	Region      string // of the profile that names the role
}

// Kind is what the first credentials come from.
type Kind string

// The kinds of source. Their values don't change.
const (
	StaticKeys   Kind = "static-keys"
	Process      Kind = "process"           // credential_process
	Surroundings Kind = "credential-source" // credential_source: what the computer or its environment has
	SSOSession   Kind = "sso-session"       // IAM Identity Center, by an sso-session section
	SSO          Kind = "sso"               // IAM Identity Center, by the older keys in the profile itself
	LoginSession Kind = "login-session"     // a sign-in with the AWS console
	WebIdentity  Kind = "web-identity"      // a token file
)

// Where Surroundings look, the values of credential_source.
const (
	FromEnvironment = "Environment"
	FromInstance    = "Ec2InstanceMetadata"
	FromContainer   = "EcsContainer"
)

// Source is where the first credentials of a profile come from. Besides Profile, Region and Endpoint, only what belongs to its
// kind is set.
type Source struct {
	Kind    Kind
	Profile string // that names the source
	Region  string // of that profile
	// Endpoint is the URL at which the profile that was asked for reaches all of AWS, its sign-in included; empty for AWS itself.
	Endpoint string

	Keys         Keys
	Process      string // command line
	From         string // of Surroundings
	SSO          SignIn
	LoginSession string // ARN of who signed in
	WebIdentity  Token
}

// SignIn is where Identity Center signs in, and what for.
type SignIn struct {
	Session   string // name of the sso-session section; empty for the older keys
	StartURL  string
	Region    string // of Identity Center
	AccountID string
	Role      string // name of the permission set
}

// Token is an identity token in a file, and the role that it is exchanged for.
type Token struct {
	File        string
	RoleARN     string
	SessionName string
}

// Keys are an access key and its secret, with a token if they are temporary. They print hidden.
type Keys struct {
	AccessKeyID  string
	SecretKey    string
	SessionToken string
	AccountID    string // of AWS; empty if the profile doesn't say
}

// Format prints nothing of the keys, whatever the verb.
func (Keys) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "keys") }

// LogValue prints as Format does.
func (Keys) LogValue() slog.Value { return slog.StringValue("keys") }

// Secrets returns what must be masked.
func (k Keys) Secrets() []string {
	return slices.DeleteFunc([]string{k.SecretKey, k.SessionToken}, func(s string) bool { return s == "" })
}

// printable makes text of a file harmless for terminals and logs, and cuts it.
func printable(text string) string { return model.SafeCut(model.SafeLine(text), 200) }
