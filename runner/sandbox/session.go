package sandbox

import "time"

// maxTokenSize is the largest session token that STS issues, in bytes. Source: STS API reference, AssumeRole.
const maxTokenSize = 4096

// Session tells what a set of temporary keys was issued for.
type Session struct {
	AccessKeyID string
	ARN         string
	Action      string // the call that issued it, such as AssumeRole; empty for an instance or a container
	Chained     bool   // it was issued to temporary keys

	Policy            string
	PolicyARNs        []string
	Tags              map[string]string // with those of the session before it, if transitive
	TransitiveTagKeys []string
	SourceIdentity    string
	MFA               bool

	Duration time.Duration
	Expires  time.Time
}

// Sessions returns all temporary keys that the sandbox has issued, the oldest first.
func (s *Server) Sessions() []Session { return s.known.sessions() }

// sessionUntil returns a session that lasts for d from now on.
func sessionUntil(action string, now time.Time, d time.Duration) Session {
	return Session{Action: action, Duration: d, Expires: now.Add(d).Truncate(time.Second)}
}

// grant is what temporary keys are issued for: a role and a session name, or a user.
type grant struct {
	role      string // ARN
	name      string
	user      identity // if role is empty
	session   Session
	limits    []policy
	tokenSize int // 0 for the usual size
}

// opened is a set of temporary keys.
type opened struct {
	accessKeyID string
	identity
}

// open issues temporary keys.
func (ids *identities) open(g grant) opened {
	o := opened{accessKeyID: newKeyID("ASIA"), identity: g.user}
	if g.role != "" {
		o.identity = ofRole(g.role, g.name)
	}
	o.secret, o.token, o.expires, o.limits = newSecret(), newToken(max(g.tokenSize, ids.tokenSize)), g.session.Expires, g.limits
	o.session = g.session.clone()
	o.session.AccessKeyID, o.session.ARN = o.accessKeyID, o.arn
	ids.mu.Lock()
	defer ids.mu.Unlock()
	ids.byKey[o.accessKeyID] = o.identity
	ids.issued = append(ids.issued, o.accessKeyID)
	return o
}

func ofRole(role, session string) identity {
	partition, awsID, name := splitRole(role)
	return identity{
		awsID: awsID, role: role, arn: "arn:" + partition + ":sts::" + awsID + ":assumed-role/" + name + "/" + session,
		userID: uniqueID("AROA", role) + ":" + session,
	}
}

func (ids *identities) sessions() []Session {
	ids.mu.RLock()
	defer ids.mu.RUnlock()
	all := make([]Session, len(ids.issued))
	for i, key := range ids.issued {
		all[i] = ids.byKey[key].session.clone()
	}
	return all
}
