package sandbox

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Metadata describes the simulated EC2 instance, whose metadata service is version 2 only, unless V1 is set.
type Metadata struct {
	Role    string        // ARN of the instance's role; empty for the default account's role "instance"
	Session time.Duration // lifetime of its keys; 0 for six hours
	Region  string        // empty for us-east-1
	Port    int           // 0 for a free one

	V1         bool // version 1, without tokens, is served too
	NoRole     bool // the instance has no role
	HopLimited bool // no token comes back, as in a container of an instance whose hop limit is 1
	Forbidden  bool // the service is turned off
}

// InstanceID is the id of the simulated instance.
const InstanceID = "i-00000000000000000"

const (
	metadataToken  = "X-Aws-Ec2-Metadata-Token" //nolint:gosec // the name of a header
	metadataTTL    = metadataToken + "-Ttl-Seconds"
	longestTTL     = 21600 // seconds; source: EC2 User Guide, "Use IMDSv2"
	rolesPath      = "/latest/meta-data/iam/security-credentials/"
	documentPath   = "/latest/dynamic/instance-identity/document"
	defaultSession = 6 * time.Hour
)

// instance is the metadata service of an EC2 instance.
type instance struct {
	Metadata
	now   func() time.Time
	known *identities

	mu     sync.Mutex
	tokens map[string]time.Time // when they expire
	keys   renewing
}

func newMetadata(m Metadata, now func() time.Time, known *identities) http.Handler {
	if m.Role == "" {
		m.Role = "arn:aws:iam::" + AccountID + ":role/instance"
	}
	if m.Session == 0 {
		m.Session = defaultSession
	}
	if m.Region == "" {
		m.Region = "us-east-1"
	}
	i := &instance{Metadata: m, now: now, known: known, tokens: map[string]time.Time{}}
	if m.Forbidden {
		return http.HandlerFunc(forbidden)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /latest/api/token", i.serveToken)
	if !m.NoRole {
		mux.Handle("GET "+rolesPath+"{$}", i.withToken(i.serveRoleName))
		mux.Handle("GET "+rolesPath+"{role}", i.withToken(i.serveKeys))
		mux.Handle("GET "+strings.TrimSuffix(rolesPath, "/"), i.withToken(i.serveRoleName))
	}
	mux.Handle("GET /latest/meta-data/placement/region", i.withToken(text(m.Region)))
	mux.Handle("GET /latest/meta-data/placement/availability-zone", i.withToken(text(m.Region+"a")))
	mux.Handle("GET /latest/meta-data/instance-id", i.withToken(text(InstanceID)))
	mux.Handle("GET "+documentPath, i.withToken(i.serveDocument))
	return mux
}

func (i *instance) serveToken(w http.ResponseWriter, r *http.Request) {
	ttl, err := strconv.Atoi(r.Header.Get(metadataTTL))
	switch {
	case i.HopLimited: // the response has nowhere to go
		<-r.Context().Done()
		return
	case r.Header.Get("X-Forwarded-For") != "": // a forwarded request is not from the instance
		forbidden(w, r)
		return
	case err != nil || ttl < 1 || ttl > longestTTL:
		http.Error(w, "400 - Bad Request", http.StatusBadRequest)
		return
	}
	token := rand.Text() + rand.Text()
	i.mu.Lock()
	now := i.now()
	for old, expires := range i.tokens {
		if !now.Before(expires) {
			delete(i.tokens, old)
		}
	}
	i.tokens[token] = now.Add(time.Duration(ttl) * time.Second)
	i.mu.Unlock()
	w.Header().Set(metadataTTL, strconv.Itoa(ttl))
	text(token)(w, r)
}

func forbidden(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "403 - Forbidden", http.StatusForbidden)
}

// withToken rejects requests without a token, which is what version 2 of the service does.
func (i *instance) withToken(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if i.V1 && r.Header.Get(metadataToken) == "" {
			next(w, r)
			return
		}
		i.mu.Lock()
		expires, known := i.tokens[r.Header.Get(metadataToken)]
		i.mu.Unlock()
		if !known || !i.now().Before(expires) {
			http.Error(w, "401 - Unauthorized", http.StatusUnauthorized)
			return
		}
		next(w, r)
	})
}

func (i *instance) roleName() string {
	_, _, name := splitRole(i.Role)
	return name
}

func (i *instance) serveRoleName(w http.ResponseWriter, r *http.Request) { text(i.roleName())(w, r) }

func (i *instance) serveKeys(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("role") != i.roleName() {
		http.NotFound(w, r)
		return
	}
	now := i.now()
	keys := i.keys.get(i.known, i.Role, InstanceID, now, i.Session)
	writeJSON(w, http.StatusOK, map[string]string{
		"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": timeText(now),
		"AccessKeyId": keys.accessKeyID, "SecretAccessKey": keys.secret, "Token": keys.token,
		"Expiration": timeText(keys.expires),
	})
}

func (i *instance) serveDocument(w http.ResponseWriter, _ *http.Request) {
	_, awsID, _ := splitRole(i.Role)
	writeJSON(w, http.StatusOK, map[string]string{
		"accountId": awsID, "region": i.Region, "availabilityZone": i.Region + "a", "instanceId": InstanceID,
	})
}

func text(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte(answer)) // nothing to do if the client has disconnected
	}
}
