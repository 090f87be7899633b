package sandbox

import (
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// identity is the owner of an access key.
type identity struct {
	secret  string
	token   string
	expires time.Time // zero if they don't expire
	awsID   string
	arn     string
	userID  string
	role    string // ARN of the role of this session; empty for a user
}

// identities are all keys that the sandbox knows, the configured ones and those it issued.
type identities struct {
	mu    sync.RWMutex
	byKey map[string]identity
}

func newIdentities(o Options) (*identities, error) {
	known := &identities{byKey: map[string]identity{}}
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
		arn := "arn:aws:iam::" + k.AWSID + ":user/" + k.User
		known.byKey[k.AccessKeyID] = identity{secret: k.SecretKey, token: k.SessionToken, awsID: k.AWSID, arn: arn, userID: uniqueID("AIDA", arn)}
	}
	return known, nil
}

func (ids *identities) find(accessKeyID string) (identity, bool) {
	ids.mu.RLock()
	defer ids.mu.RUnlock()
	id, found := ids.byKey[accessKeyID]
	return id, found
}

// session is a set of temporary keys.
type session struct {
	accessKeyID string
	identity
}

// open issues temporary keys of a role.
func (ids *identities) open(roleARN, name string, expires time.Time) session {
	partition, awsID, role := splitRole(roleARN)
	s := session{accessKeyID: newKeyID("ASIA"), identity: identity{
		secret: newSecret(), token: newToken(), expires: expires, awsID: awsID, role: roleARN,
		arn:    "arn:" + partition + ":sts::" + awsID + ":assumed-role/" + role + "/" + name,
		userID: uniqueID("AROA", roleARN) + ":" + name,
	}}
	ids.mu.Lock()
	defer ids.mu.Unlock()
	ids.byKey[s.accessKeyID] = s.identity
	return s
}

// splitRole parses a role's ARN, whose form is already checked. The path of a role is not part of its name.
func splitRole(arn string) (partition, awsID, name string) {
	parts := strings.SplitN(arn, ":", 6)
	return parts[1], parts[4], parts[5][strings.LastIndexByte(parts[5], '/')+1:]
}
