package sandbox

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// DefaultRegion is the region of the sign-in services at endpoints that are not for one region.
const DefaultRegion = "us-east-1"

// IdentityCenter configures IAM Identity Center: its OIDC service, its sign-in pages and its portal. The zero value is
// usable. A program signs in at RegionEndpoint(Region), or at Endpoint, with StartURL. A person, or a test in one's
// place, answers a page by its form: http.PostForm(page, url.Values{"user": {"ann"}, "decision": {"allow"}}).
type IdentityCenter struct {
	Region       string          // empty for DefaultRegion
	OtherRegions []string        // to which it is replicated; people can sign in there too
	Users        []string        // who may sign in; empty for any name
	Accounts     []PortalAccount // nil for DefaultPortalAccounts

	TokenLifetime  time.Duration // of an access token; 0 for one hour
	Session        time.Duration // how long access tokens can be renewed; 0 for eight hours
	RoleLifetime   time.Duration // of the keys of a role; 0 for one hour
	CodeLifetime   time.Duration // of authorization codes and device codes; 0 for ten minutes
	ClientLifetime time.Duration // of a registration; 0 for 90 days
	Interval       time.Duration // between questions about a device code, in whole seconds; 0 for one second

	RequestsPerSecond int // of the portal, more are refused; 0 for no limit
}

// PortalAccount is an AWS account in which everybody who signs in has the same roles.
type PortalAccount struct {
	ID    string
	Name  string
	Email string
	Roles []string // names of permission sets
}

// DefaultPortalAccounts returns three accounts, the first of which is AccountID.
func DefaultPortalAccounts() []PortalAccount {
	return []PortalAccount{
		{AccountID, "Sandbox", "sandbox@example.com", []string{"AdministratorAccess", "ReadOnlyAccess"}},
		{"111111111111", "Production", "production@example.com", []string{"Deployer", "ReadOnlyAccess"}},
		{"222222222222", "Shared Services", "shared@example.com", []string{"ReadOnlyAccess"}},
	}
}

func (o IdentityCenter) withDefaults() IdentityCenter {
	if o.Region == "" {
		o.Region = DefaultRegion
	}
	if o.Accounts == nil {
		o.Accounts = DefaultPortalAccounts()
	}
	o.TokenLifetime = or(o.TokenLifetime, time.Hour)
	o.Session = or(o.Session, 8*time.Hour)
	o.RoleLifetime = or(o.RoleLifetime, time.Hour)
	o.CodeLifetime = or(o.CodeLifetime, 10*time.Minute)
	o.ClientLifetime = or(o.ClientLifetime, 90*24*time.Hour)
	o.Interval = or(o.Interval, time.Second)
	return o
}

func or(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

func (o IdentityCenter) check() error {
	for _, a := range o.Accounts {
		if err := model.CheckAWSAccountID(a.ID); err != nil {
			return err
		}
		for _, name := range a.Roles {
			if len(name) > 32 || !sessionForm().MatchString(name) {
				return model.NewError("sandbox.role", "The sandbox's Identity Center can't have the role %q. Use a name of up to 32 letters, digits "+
					"and characters of +=,.@-.", name)
			}
		}
	}
	return nil
}

// identityCenter is IAM Identity Center.
type identityCenter struct {
	IdentityCenter
	now      func() time.Time
	known    *identities
	endpoint string // of all regions
	codes    codes
	limit    limiter

	mu       sync.Mutex
	clients  map[string]oidcClient
	devices  map[string]*device      // by device code
	access   map[string]accessToken  // by access token
	renewals map[string]*oidcSession // by refresh token
}

func newIdentityCenter(o IdentityCenter, now func() time.Time, known *identities, endpoint string) *identityCenter {
	o = o.withDefaults()
	return &identityCenter{
		IdentityCenter: o, now: now, known: known, endpoint: endpoint, limit: limiter{perSecond: o.RequestsPerSecond},
		clients: map[string]oidcClient{}, devices: map[string]*device{}, access: map[string]accessToken{}, renewals: map[string]*oidcSession{},
	}
}

const (
	startPath     = "/start"
	authorizePath = "/authorize"
	devicePath    = "/device"
)

// StartURL returns the URL of the access portal of IAM Identity Center.
func (s *Server) StartURL() string { return s.endpoint + startPath }

// Throttled returns how many requests the portal of IAM Identity Center has refused because they were too many.
func (s *Server) Throttled() int {
	if s.center == nil {
		return 0
	}
	return s.center.limit.refused()
}

func (c *identityCenter) handle(mux *http.ServeMux) {
	handle(mux, http.MethodPost, "/client/register", c.serveRegister)
	handle(mux, http.MethodPost, "/device_authorization", c.serveDeviceAuthorization)
	handle(mux, http.MethodPost, "/token", c.serveToken)
	handle(mux, http.MethodGet, startPath, c.serveStart)
	handle(mux, http.MethodGet, authorizePath, c.serveAuthorize)
	handle(mux, http.MethodPost, authorizePath, c.serveAuthorize)
	handle(mux, http.MethodGet, devicePath, c.serveDevice)
	handle(mux, http.MethodPost, devicePath, c.serveDevice)
	handle(mux, http.MethodGet, "/assignment/accounts", c.portal(c.serveAccounts))
	handle(mux, http.MethodGet, "/assignment/roles", c.portal(c.serveRoles))
	handle(mux, http.MethodGet, "/federation/credentials", c.portal(c.serveRoleCredentials))
	handle(mux, http.MethodPost, "/logout", c.portal(c.serveLogout))
}

func (c *identityCenter) startURL() string { return c.endpoint + startPath }

// region returns the region of a request.
func (c *identityCenter) region(r *http.Request) string {
	if region := r.PathValue("region"); region != "" {
		return region
	}
	return c.Region
}

// here returns whether people of this Identity Center can sign in to a region.
func (c *identityCenter) here(region string) bool {
	return region == c.Region || slices.Contains(c.OtherRegions, region)
}

func (c *identityCenter) serveStart(w http.ResponseWriter, _ *http.Request) {
	page{Title: "AWS access portal of the sandbox", Lines: []string{
		"This is the start URL of the sandbox's IAM Identity Center. Give it to the program that you want to sign in with.",
	}}.write(w, http.StatusOK)
}
