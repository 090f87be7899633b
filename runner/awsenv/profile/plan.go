package profile

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/stepdeck/stepdeck/model"
)

// Resolve returns how the profile called name comes to its credentials. Source.Keys has its keys, if they are in the
// files.
func Resolve(ctx context.Context, f Files, name string) (Plan, error) {
	r, err := f.open()
	if err != nil {
		return Plan{}, err
	}
	if err := r.start(); err != nil {
		return Plan{}, err
	}
	defer r.end()
	return r.plan(ctx, name)
}

func (r *reader) plan(ctx context.Context, name string) (Plan, error) {
	if r.profiles[name] != nil && !readable(name) {
		return Plan{}, r.unreadable(name)
	}
	loaded, err := r.load(ctx, name, "")
	if err != nil {
		if loaded, err = r.loadAboveLogin(ctx, name, err); err != nil {
			return Plan{}, r.explain(ctx, name, err)
		}
	}
	return r.planOf(name, loaded)
}

// planOf returns what the SDK has read of a profile as its plan.
func (f Files) planOf(name string, loaded config.SharedConfig) (p Plan, err error) {
	p = Plan{Profile: name, Region: loaded.Region, Endpoint: endpoint(loaded)}
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
// as credentials, although the aws command takes it as a source. So it reads the profile once more, with keys that stand
// in for it; err is why it refused the first time.
func (r *reader) loadAboveLogin(ctx context.Context, name string, err error) (config.SharedConfig, error) {
	base, ok := withoutKeys(err)
	if !ok {
		return config.SharedConfig{}, err
	}
	login, failed := r.load(ctx, base, "")
	if failed != nil || login.LoginSession == "" {
		return config.SharedConfig{}, err
	}
	loaded, failed := r.load(ctx, name, "["+profileKind+" "+base+"]\naws_access_key_id = x\naws_secret_access_key = x\n")
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
