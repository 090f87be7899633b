package awsenv

import (
	"slices"

	"github.com/stepdeck/stepdeck/runner/awsenv/credentialserver"
)

// Names of the variables that a script has for its keys, and those that say where to get them instead. The SDKs and the aws
// command prefer the former.
const (
	keyVariable        = "AWS_ACCESS_KEY_ID"
	secretVariable     = "AWS_SECRET_ACCESS_KEY" //nolint:gosec // a name
	tokenVariable      = "AWS_SESSION_TOKEN"     //nolint:gosec // a name
	expirationVariable = "AWS_CREDENTIAL_EXPIRATION"

	serverVariable        = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
	authorizationVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
)

// Credentials returns the session's keys, as programs in containers get them.
func (s Session) Credentials() credentialserver.Credentials {
	return credentialserver.Credentials{
		AccessKeyID: s.value(keyVariable), SecretAccessKey: s.value(secretVariable), Token: s.value(tokenVariable),
		Expiration: s.Identity.Expires, AccountID: s.Identity.AWSID,
	}
}

func (s Session) value(name string) string {
	if i := slices.IndexFunc(s.Environment, func(v Variable) bool { return v.Name == name }); i >= 0 {
		return s.Environment[i].Value
	}
	return ""
}

// Served returns the session for a script that asks a server for its keys instead of having them in its environment.
func (s Session) Served(by *credentialserver.Server) Session {
	keys := []string{keyVariable, secretVariable, tokenVariable, expirationVariable}
	s.Environment = slices.DeleteFunc(slices.Clone(s.Environment), func(v Variable) bool { return slices.Contains(keys, v.Name) })
	s.Environment = append(s.Environment, Variable{serverVariable, by.URI()}, Variable{authorizationVariable, by.Token()})
	s.Secrets = append(slices.Clone(s.Secrets), by.Token())
	return s
}

// ServedNames returns the names of the variables of a served session.
func ServedNames() []string { return []string{authorizationVariable, serverVariable} }
