package signin

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
	"github.com/stepdeck/stepdeck/runner/awsenv/loopback"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
)

func (s *Service) signInToPortal(ctx context.Context, a model.Account, way model.SignInWay, by person) (model.SignIn, error) {
	network, err := s.reach()
	if err != nil {
		return model.SignIn{}, err
	}
	o := network.IdentityCenterOptions(a, s.deps.Now)
	site, err := identitycenter.Locate(ctx, network.Client(), a.StartURL, a.SignInRegion)
	if err != nil {
		return model.SignIn{}, err
	}
	o.StartURL, o.Region = site.StartURL, site.Region
	before, _ := loadTokens[identitycenter.Tokens](ctx, s, a) // its registration may serve again; without one a new one is made
	sign := s.portalHere
	if way == model.SignInElsewhere {
		sign = portalElsewhere
	}
	tokens, err := sign(ctx, o, before.Registration, by)
	if err != nil {
		return model.SignIn{}, err
	}
	// As the account has it, not as a company's address leads on: accounts find their sign-in by it.
	signIn := model.SignIn{
		Key: a.SignInKey(), Kind: a.Kind, Name: strings.TrimSpace(a.StartURL), Region: strings.TrimSpace(a.SignInRegion), Endpoint: a.Endpoint,
		At: s.deps.Now(), Ends: portalEnds(tokens),
	}
	err = saveNewTokens(ctx, s, &signIn, tokens)
	return signIn, err
}

// portalEnds is when a person must sign in again; zero: AWS renews the tokens until an end that it doesn't say.
func portalEnds(t identitycenter.Tokens) time.Time {
	if t.RefreshToken == "" {
		return t.Expires
	}
	return time.Time{}
}

func (s *Service) portalHere(ctx context.Context, o identitycenter.Options, known identitycenter.Registration, by person) (
	identitycenter.Tokens, error,
) {
	attempt, err := identitycenter.Begin(ctx, o, known)
	if err != nil {
		return identitycenter.Tokens{}, err
	}
	defer attempt.Close()
	by.show(model.SignInStep{URL: attempt.URL, Until: s.deps.Now().Add(loopback.Patience)})
	return attempt.Wait(ctx)
}

func portalElsewhere(ctx context.Context, o identitycenter.Options, known identitycenter.Registration, by person) (
	identitycenter.Tokens, error,
) {
	return identitycenter.SignInWithDevice(ctx, o, known, func(d identitycenter.Device) {
		by.show(model.SignInStep{URL: cmp.Or(d.URLWithCode, d.URL), Code: d.Code, Until: d.Expires})
	})
}

// logOut ends a sign-in at AWS. If that fails, its tokens end by themselves.
func (s *Service) logOut(ctx context.Context, a model.Account) {
	tokens, err := loadTokens[identitycenter.Tokens](ctx, s, a)
	if err != nil {
		return // there is nothing to end
	}
	network, err := s.reach()
	if err == nil {
		o := network.IdentityCenterOptions(a, s.deps.Now)
		o.StartURL = tokens.StartURL
		var portal *identitycenter.Portal
		if portal, err = s.portal(a.SignInKey(), o); err == nil {
			err = portal.Logout(ctx, tokens)
		}
	}
	if err != nil {
		s.deps.Log.WarnContext(ctx, "end the sign-in at AWS", "error", err)
	}
}

// PortalRoles lists what the sign-in of an account's portal leads to.
func (s *Service) PortalRoles(ctx context.Context, a model.Account) ([]model.PortalRole, error) {
	signedIn, err := s.portalTokens(ctx, a)
	if err != nil {
		return nil, err
	}
	accounts, err := signedIn.portal.Accounts(ctx, signedIn.tokens)
	if err != nil {
		return nil, err
	}
	var list []model.PortalRole
	for _, account := range accounts {
		roles, err := signedIn.portal.Roles(ctx, signedIn.tokens, account.ID)
		if err != nil {
			return nil, err
		}
		for _, role := range roles {
			list = append(list, model.PortalRole{AWSID: account.ID, Account: account.Name, Email: account.Email, Role: role})
		}
	}
	return list, nil
}

// Profiles lists the profiles of ~/.aws. It runs no process and asks nobody.
func (s *Service) Profiles(ctx context.Context) ([]model.Profile, error) {
	entries, err := profile.List(ctx, awsenv.ProfileFiles(s.deps.Environ, s.deps.Home))
	if err != nil {
		return nil, err
	}
	list := make([]model.Profile, len(entries))
	for i, e := range entries {
		list[i] = model.Profile{Name: e.Profile, Region: e.Region, About: aboutProfile(e), Err: e.Err}
	}
	return list, nil
}

// Reaches returns the account with the region and the endpoint at which it reaches AWS: where it has none of its own, those of its
// profile.
func (s *Service) Reaches(ctx context.Context, a model.Account) (model.Account, error) {
	if a.Kind != model.KindProfile {
		return a, nil
	}
	plan, err := profile.Resolve(ctx, awsenv.ProfileFiles(s.deps.Environ, s.deps.Home), a.Profile)
	if err != nil {
		return a, err
	}
	a.Region, a.Endpoint = cmp.Or(a.Region, plan.Region), cmp.Or(a.Endpoint, plan.Endpoint)
	return a, model.CheckEndpoint(a.Endpoint)
}

// ProfileNames lists the names of the profiles of ~/.aws, sooner than Profiles knows what they are.
func (s *Service) ProfileNames(ctx context.Context) ([]string, error) {
	return profile.Names(ctx, awsenv.ProfileFiles(s.deps.Environ, s.deps.Home))
}

// aboutProfile says how a profile gets its keys.
func aboutProfile(e profile.Entry) string {
	if e.Err != nil {
		return ""
	}
	text := map[profile.Kind]string{
		profile.StaticKeys: "access key", profile.Process: "a program", profile.Surroundings: "this computer's role or environment",
		profile.SSOSession: "IAM Identity Center", profile.SSO: "IAM Identity Center", profile.LoginSession: "sign-in with the AWS console",
		profile.WebIdentity: "web identity token",
	}[e.Source.Kind]
	if n := len(e.Roles); n > 0 {
		text = "role " + e.Roles[n-1].ARN + " from " + text
	}
	if len(e.Chain) > 1 {
		text += " (" + e.Plan.String() + ")"
	}
	if len(e.Devices()) > 0 {
		text += ", with a code of an MFA device"
	}
	return text
}
