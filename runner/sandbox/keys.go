package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"strings"
)

// AccountID is the AWS account of keys that name no other.
const AccountID = "000000000000"

// DefaultUser is the IAM user of keys that name no other.
const DefaultUser = "sandbox"

// Key is an access key that the sandbox accepts.
type Key struct {
	AccessKeyID  string
	SecretKey    string
	SessionToken string // if not empty, the key is temporary, as from sts get-session-token
	AWSID        string // its AWS account; empty for AccountID
	User         string // its IAM user; empty for DefaultUser
	Inactive     bool   // deactivated: AWS answers as if there was no such key
}

// NewKey returns a random key of the default user.
func NewKey() Key {
	return Key{AccessKeyID: newKeyID("AKIA"), SecretKey: newSecret(), AWSID: AccountID, User: DefaultUser}
}

// Role is a role that can be assumed.
type Role struct {
	ARN        string
	ExternalID string   // required, if not empty
	MaxSession int      // seconds; 0 for AWS's default of one hour
	Trusts     []string // ids of AWS accounts, ARNs of users and roles; empty for every key of the sandbox
	RequireMFA bool     // only with the code of an MFA device, or with a session that was got with one

	NoTags           bool // its trust policy doesn't allow sts:TagSession
	NoSourceIdentity bool // its trust policy doesn't allow sts:SetSourceIdentity
}

// DefaultRoles returns roles of the default account: deployer (up to 12 hours), reader (one hour) and partner, which
// requires the external ID "stepdeck".
func DefaultRoles() []Role {
	const path = "arn:aws:iam::" + AccountID + ":role/"
	return []Role{
		{ARN: path + "deployer", MaxSession: maxDuration},
		{ARN: path + "reader"},
		{ARN: path + "partner", ExternalID: "stepdeck"},
	}
}

func newKeyID(prefix string) string {
	return prefix + rand.Text()[:16] // base32, like AWS's own
}

func newSecret() string { return random(30) } // 40 characters, like AWS's own

// newToken returns a session token of a size in bytes: 0 for 360, which is like AWS's own.
func newToken(size int) string {
	if size == 0 {
		size = 360
	}
	return random(size)[:size]
}

func random(size int) string {
	b := make([]byte, size)
	_, _ = rand.Read(b) // never fails
	return base64.StdEncoding.EncodeToString(b)
}

// uniqueID returns an id like IAM's, always the same for a name: prefix and 17 letters and digits.
func uniqueID(prefix, name string) string {
	sum := sha256.Sum256([]byte(name))
	return prefix + strings.TrimRight(base32.StdEncoding.EncodeToString(sum[:]), "=")[:17]
}
