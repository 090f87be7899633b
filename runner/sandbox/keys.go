package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"strings"
)

// AccountID is the AWS account that the sandbox plays unless a key says otherwise.
const AccountID = "000000000000"

// DefaultUser is the IAM user that a key belongs to unless it says otherwise.
const DefaultUser = "sandbox"

// Key is an access key that the sandbox knows.
type Key struct {
	AccessKeyID  string
	SecretKey    string
	SessionToken string // not empty: the key is temporary, as from sts get-session-token
	AWSID        string // the AWS account it belongs to; empty: AccountID
	User         string // the IAM user it belongs to; empty: DefaultUser
}

// NewKey makes a key of the default user at random.
func NewKey() Key {
	return Key{AccessKeyID: newKeyID("AKIA"), SecretKey: newSecret(), AWSID: AccountID, User: DefaultUser}
}

// Role is a role that can be assumed.
type Role struct {
	ARN        string
	ExternalID string   // asked for, if not empty
	MaxSession int      // seconds; 0: AWS's default of one hour
	Trusts     []string // ids of AWS accounts, ARNs of users and roles; none: every key of the sandbox
}

// DefaultRoles are those of the default account: deployer (up to 12 hours), reader (one hour) and partner, which asks
// for the external ID "stepdeck".
func DefaultRoles() []Role {
	const path = "arn:aws:iam::" + AccountID + ":role/"
	return []Role{
		{ARN: path + "deployer", MaxSession: maxDuration},
		{ARN: path + "reader"},
		{ARN: path + "partner", ExternalID: "stepdeck"},
	}
}

func newKeyID(prefix string) string {
	return prefix + rand.Text()[:16] // base32, as AWS's own
}

func newSecret() string { return random(30) } // 40 characters, as AWS's own

func newToken() string { return random(270) }

func random(size int) string {
	b := make([]byte, size)
	_, _ = rand.Read(b) // it never fails
	return base64.StdEncoding.EncodeToString(b)
}

// uniqueID makes an id as IAM gives them, always the same for a name: prefix and 17 letters and digits.
func uniqueID(prefix, name string) string {
	sum := sha256.Sum256([]byte(name))
	return prefix + strings.TrimRight(base32.StdEncoding.EncodeToString(sum[:]), "=")[:17]
}
