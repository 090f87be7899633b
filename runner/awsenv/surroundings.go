package awsenv

import (
	"context"
	"net/url"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// surroundings are the variables by which a computer or container says who its programs are. They are used only by
// accounts that ask for it: an instance role, and a profile with a credential_source.
type surroundings struct {
	containerPath, containerURL          string // one of them
	containerToken, containerTokenFile   string
	tokenFile, roleARN, roleSession      string // web identity
	accessKeyID, secretKey, sessionToken string
}

func surroundingsOf(env func(string) string) surroundings {
	return surroundings{
		containerPath: env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"), containerURL: env("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
		containerToken: env("AWS_CONTAINER_AUTHORIZATION_TOKEN"), containerTokenFile: env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"),
		tokenFile: env("AWS_WEB_IDENTITY_TOKEN_FILE"), roleARN: env("AWS_ROLE_ARN"), roleSession: env("AWS_ROLE_SESSION_NAME"),
		accessKeyID: env("AWS_ACCESS_KEY_ID"), secretKey: env("AWS_SECRET_ACCESS_KEY"), sessionToken: env("AWS_SESSION_TOKEN"),
	}
}

// Where the agent of ECS answers in each container. Source: ECS Developer Guide, "Task IAM role".
const taskEndpoint = "http://169.254.170.2"

// container returns the URL of the container's credentials, or "" if this is no container. With both variables the path
// comes first, as in the SDK.
func (s surroundings) container() string {
	if s.containerPath != "" {
		return taskEndpoint + "/" + strings.TrimPrefix(s.containerPath, "/")
	}
	return s.containerURL
}

func (s surroundings) hasToken() bool { return s.tokenFile != "" && s.roleARN != "" }

// mayStayHere reports whether a loopback STS may be asked instead of AWS's: only if the keys come from this computer too,
// or from a file.
func (s surroundings) mayStayHere() bool {
	if at := s.container(); at != "" {
		return isLoopbackURL(at)
	}
	return s.hasToken()
}

// ambientKeys gets the keys of the instance or container that Stepdeck runs in. What says that it is a container is not
// passed over if it fails: the next one would be another identity.
func (b *resolution) ambientKeys(ctx context.Context) error {
	switch here := b.Network.here; {
	case here.container() != "":
		b.warn("aws.instance.container", "The instance role is that of the container, from %s.", withoutQuery(here.container()))
		return b.containerKeys(ctx)
	case here.hasToken():
		b.warn("aws.instance.token", "The instance role is %s, with the token in %s.", here.roleARN, here.tokenFile)
		return b.webIdentity(ctx, here.tokenFile, here.roleARN, here.roleSession)
	}
	return b.instanceKeys(ctx)
}

// withoutQuery names a URL without what could be secret in it.
func withoutQuery(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "its endpoint"
	}
	return model.SafeLine(u.Scheme + "://" + u.Host + u.Path)
}
