package sandbox

import (
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// identity is the owner of an access key.
type identity struct {
	secret   string
	token    string
	expires  time.Time // zero if they don't expire
	inactive bool
	awsID    string
	arn      string
	userID   string
	role     string   // ARN of the role of this session; empty for a user
	session  Session  // of temporary keys
	limits   []policy // session policies; nil for none
}

// identities are all keys that the sandbox knows, the configured ones and those it issued.
type identities struct {
	mu     sync.RWMutex
	byKey  map[string]identity
	issued []string // temporary keys, the oldest first

	tokenSize int // of session tokens, at least; 0 for the usual size
}

func newIdentities(o Options) (*identities, error) {
	known := &identities{byKey: map[string]identity{}, tokenSize: o.TokenSize}
	for _, k := range o.Keys {
		if k.AWSID == "" {
			k.AWSID = AccountID
		}
		if k.User == "" {
			k.User = DefaultUser
		}
		if err := model.CheckAWSAccountID(k.AWSID); err != nil {
			return nil, err
		}
		if k.AccessKeyID == "" || k.SecretKey == "" || strings.ContainsAny(k.AccessKeyID, "/, ") {
			return nil, model.NewError("sandbox.key",
				"The sandbox can't use the access key %q. A key needs an id without spaces, commas and slashes, and a secret.", k.AccessKeyID)
		}
		user := ofUser("arn:aws:iam::" + k.AWSID + ":user/" + k.User)
		user.secret, user.token, user.inactive = k.SecretKey, k.SessionToken, k.Inactive
		known.byKey[k.AccessKeyID] = user
	}
	return known, nil
}

// ofUser returns the identity of a user's ARN, without keys.
func ofUser(arn string) identity {
	return identity{awsID: strings.Split(arn, ":")[4], arn: arn, userID: uniqueID("AIDA", arn)}
}

func (ids *identities) find(accessKeyID string) (identity, bool) {
	ids.mu.RLock()
	defer ids.mu.RUnlock()
	id, found := ids.byKey[accessKeyID]
	return id, found
}

// active is find for keys that may be used.
func (ids *identities) active(accessKeyID string) (identity, bool) {
	id, found := ids.find(accessKeyID)
	return id, found && !id.inactive
}

// splitRole parses a role's ARN, whose form is already checked. The path of a role is not part of its name.
func splitRole(arn string) (partition, awsID, name string) {
	parts := strings.SplitN(arn, ":", 6)
	return parts[1], parts[4], parts[5][strings.LastIndexByte(parts[5], '/')+1:]
}
