package sandbox

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"time"
)

// Container configures the credentials endpoint of a container, as in Amazon ECS and EKS: give a program the
// ContainerEndpoint in AWS_CONTAINER_CREDENTIALS_FULL_URI, and the ContainerToken in AWS_CONTAINER_AUTHORIZATION_TOKEN.
type Container struct {
	Role    string        // ARN of the container's role; empty for the default account's role "container"
	Session time.Duration // lifetime of its keys; 0 for six hours
	Token   string        // that the program must send; empty for a random one
}

const containerPath = "/role/"

// container is the credentials endpoint of a container.
type container struct {
	Container
	name  string
	now   func() time.Time
	known *identities
	keys  renewing
}

func newContainer(o Container, now func() time.Time, known *identities) *container {
	if o.Role == "" {
		o.Role = "arn:aws:iam::" + AccountID + ":role/container"
	}
	if o.Token == "" {
		o.Token = rand.Text()
	}
	o.Session = or(o.Session, defaultSession)
	_, _, name := splitRole(o.Role)
	return &container{Container: o, name: name, now: now, known: known}
}

// ContainerEndpoint returns the URL of the container's keys, "" if there is no container.
func (s *Server) ContainerEndpoint() string {
	if s.container == nil {
		return ""
	}
	return s.endpoint + containerPath + s.container.name
}

// ContainerToken returns what a program must send in the Authorization header to ContainerEndpoint.
func (s *Server) ContainerToken() string {
	if s.container == nil {
		return ""
	}
	return s.container.Token
}

func (c *container) handle(mux *http.ServeMux) {
	mux.HandleFunc("GET "+containerPath+"{role}", c.serveKeys)
}

func (c *container) serveKeys(w http.ResponseWriter, r *http.Request) {
	switch {
	case subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte(c.Token)) == 0:
		writeJSON(w, http.StatusUnauthorized, map[string]string{"code": "AccessDenied", "message": "The authorization token is missing or wrong"})
	case r.PathValue("role") != c.name:
		writeJSON(w, http.StatusNotFound, map[string]string{"code": "NoSuchRole", "message": "The container has no such role"})
	default:
		k := c.keys.get(c.known, c.Role, "container", c.now(), c.Session)
		writeJSON(w, http.StatusOK, map[string]string{
			"AccessKeyId": k.accessKeyID, "SecretAccessKey": k.secret, "Token": k.token, "Expiration": timeText(k.expires), "RoleArn": c.Role,
		})
	}
}
