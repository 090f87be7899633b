package profile

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/stepdeck/stepdeck/model"
)

// Resolve returns how the profile called name comes to its credentials. Source.Keys has its keys, if they are in the
// files.
func Resolve(ctx context.Context, f Files, name string) (Plan, error) {
	if err := f.check(); err != nil {
		return Plan{}, err
	}
	return f.plan(ctx, name)
}

func (f Files) plan(ctx context.Context, name string) (Plan, error) {
	loaded, err := f.load(ctx, name)
	if err != nil {
		if loaded, err = f.loadAboveLogin(ctx, name, err); err != nil {
			return Plan{}, f.explain(ctx, name, err)
		}
	}
	p := Plan{Profile: name, Region: loaded.Region, Endpoint: endpoint(loaded)}
	levels := levelsOf(&loaded)
	for i, level := range levels {
		if i == 0 || level.Profile != levels[i-1].Profile { // else it is its own source
			p.Chain = append(p.Chain, level.Profile)
		}
	}
	last := levels[len(levels)-1]
	if p.Source, err = f.source(name, last); err != nil {
		return Plan{}, err
	}
	p.Source.Endpoint = p.Endpoint
	for i := len(levels) - 1; i >= 0; i-- {
		if assumes(levels[i], p.Source, i) {
			p.Roles = append(p.Roles, role(levels[i]))
		}
	}
	return p, f.checkRoles(p)
}

// levelsOf returns the profiles from the one that was asked for to that of the source.
func levelsOf(c *config.SharedConfig) []*config.SharedConfig {
	var list []*config.SharedConfig
	for ; c != nil; c = c.Source {
		list = append(list, c)
	}
	return list
}

// assumes reports whether the profile that is at steps away from the one asked for assumes its role. A token file is for
// the role already. Of a source profile with keys only these are used, as the aws command does.
func assumes(c *config.SharedConfig, s Source, at int) bool {
	if c.RoleARN == "" || s.Kind == WebIdentity && s.Profile == c.Profile {
		return false
	}
	return at == 0 || s.Kind != StaticKeys || s.Profile != c.Profile
}

func role(c *config.SharedConfig) Role {
	r := Role{
		Profile: c.Profile, ARN: c.RoleARN, SessionName: c.RoleSessionName, ExternalID: c.ExternalID, MFASerial: c.MFASerial, Region: c.Region,
	}
	if c.RoleDurationSeconds != nil {
		r.Duration = int(*c.RoleDurationSeconds / time.Second)
		if r.Duration == 0 {
			r.Duration = -1 // not a number, or 0: neither is allowed
		}
	}
	return r
}

func endpoint(c config.SharedConfig) string {
	if c.IgnoreConfiguredEndpoints != nil && *c.IgnoreConfiguredEndpoints {
		return ""
	}
	return c.BaseEndpoint
}

// source returns where the credentials of a profile come from that names no source profile. Of several the SDK takes
// them in this order.
func (f Files) source(asked string, c *config.SharedConfig) (Source, error) {
	s := Source{Profile: c.Profile, Region: c.Region}
	switch {
	case c.Credentials.HasKeys():
		s.Kind = StaticKeys
		s.Keys = Keys{c.Credentials.AccessKeyID, c.Credentials.SecretAccessKey, c.Credentials.SessionToken, c.Credentials.AccountID}
	case c.CredentialSource != "":
		s.Kind, s.From = Surroundings, c.CredentialSource
		return s, f.checkFrom(asked, s)
	case c.WebIdentityTokenFile != "":
		s.Kind, s.WebIdentity = WebIdentity, Token{c.WebIdentityTokenFile, c.RoleARN, c.RoleSessionName}
	case c.SSOSessionName != "":
		s.Kind = SSOSession
		s.SSO = SignIn{c.SSOSessionName, c.SSOSession.SSOStartURL, c.SSOSession.SSORegion, c.SSOAccountID, c.SSORoleName}
		return s, f.checkSSO(asked, s, *c)
	case c.SSORegion != "" || c.SSOAccountID != "" || c.SSOStartURL != "" || c.SSORoleName != "":
		s.Kind = SSO
		s.SSO = SignIn{"", c.SSOStartURL, c.SSORegion, c.SSOAccountID, c.SSORoleName}
		return s, f.checkSSO(asked, s, *c)
	case c.LoginSession != "":
		s.Kind, s.LoginSession = LoginSession, c.LoginSession
	case c.CredentialProcess != "":
		s.Kind, s.Process = Process, c.CredentialProcess
	default:
		return Source{}, f.empty(asked, c.Profile)
	}
	return s, nil
}

// loadAboveLogin reads a profile whose chain ends at a profile with a login_session. The SDK's parser doesn't count that
// as credentials, although the aws command takes it as a source. So it reads the files once more, with keys that stand
// in for it; err is why it refused the first time.
func (f Files) loadAboveLogin(ctx context.Context, name string, err error) (config.SharedConfig, error) {
	base, ok := withoutKeys(err)
	if !ok {
		return config.SharedConfig{}, err
	}
	login, failed := f.load(ctx, base)
	if failed != nil || login.LoginSession == "" {
		return config.SharedConfig{}, err
	}
	standIn, failed := writeStandIn(base)
	if failed != nil {
		return config.SharedConfig{}, failed
	}
	defer os.Remove(standIn) //nolint:errcheck // there is nothing of value in it
	loaded, failed := f.load(ctx, name, standIn)
	if failed != nil {
		return config.SharedConfig{}, failed
	}
	for c := &loaded; c != nil; c = c.Source {
		if c.Source != nil && c.Source.Source == nil {
			c.Source = &login
			break
		}
	}
	return loaded, nil
}

func writeStandIn(profile string) (path string, err error) {
	file, err := os.CreateTemp("", "stepdeck-profile-*")
	if err != nil {
		return "", fmt.Errorf("read the profiles: %w", err)
	}
	defer file.Close() //nolint:errcheck // what was not written makes the parser refuse
	_, err = fmt.Fprintf(file, "[%s%s]\naws_access_key_id = x\naws_secret_access_key = x\n", prefix, profile)
	return file.Name(), err
}

// checkRoles returns an error if AWS would refuse to give a role of the plan because of how the profile says it.
func (f Files) checkRoles(p Plan) error {
	for _, r := range p.Roles {
		for _, err := range []error{
			model.CheckRoleARN(r.ARN), model.CheckSessionName(r.SessionName), model.CheckSessionDuration(r.Duration),
			model.CheckExternalID(r.ExternalID),
		} {
			if err != nil {
				return f.wrong("profile.role", p.Profile, r.Profile, "assumes a role that can't be assumed").Because(err)
			}
		}
	}
	return nil
}
