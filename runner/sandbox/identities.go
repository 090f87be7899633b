package sandbox

import (
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// identity is somebody who can sign requests.
type identity struct {
	secret  string
	token   string
	expires time.Time // zero: never
	awsID   string
	arn     string
	userID  string
	role    string // ARN of the role that this is a session of; empty: a user
}

// identities are all keys that the sandbox knows, the given ones and those it handed out.
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
			return nil, model.NewError("sandbox.key", "The sandbox can't take the access key %q: a key needs an id without blanks, commas and slashes, and a secret.", k.AccessKeyID)
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

// open hands out temporary keys of a role.
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

// splitRole takes a role's ARN apart, whose form was checked before. The path of a role is not part of its name.
func splitRole(arn string) (partition, awsID, name string) {
	parts := strings.SplitN(arn, ":", 6)
	return parts[1], parts[4], parts[5][strings.LastIndexByte(parts[5], '/')+1:]
}
