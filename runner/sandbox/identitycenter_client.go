package sandbox

import (
	"net/http"
	"slices"
	"time"
)

// Kinds of grants of the OIDC service.
const (
	grantCode    = "authorization_code"
	grantDevice  = "urn:ietf:params:oauth:grant-type:device_code"
	grantRefresh = "refresh_token"

	accountAccess = "sso:account:access"
)

// oidcClient is a program that is registered.
type oidcClient struct {
	id, secret string
	region     string
	grants     []string
	redirects  []string
	scopes     []string
	expires    time.Time
}

type registerRequest struct {
	ClientName   string   `json:"clientName"`
	ClientType   string   `json:"clientType"`
	GrantTypes   []string `json:"grantTypes"`
	IssuerURL    string   `json:"issuerUrl"`
	RedirectURIs []string `json:"redirectUris"`
	Scopes       []string `json:"scopes"`
}

// oidcFault is a fault of the OIDC service, with the code of RFC 6749 for an exception of AWS.
func oidcFault(kind, code, description string) *jsonFault {
	status := http.StatusBadRequest
	if kind == "InvalidClientException" {
		status = http.StatusUnauthorized
	}
	return &jsonFault{status, kind, map[string]string{"error": code, "error_description": description}}
}

func invalidRequest(description string) *jsonFault {
	return oidcFault("InvalidRequestException", "invalid_request", description)
}

func (c *identityCenter) serveRegister(w http.ResponseWriter, r *http.Request) {
	var asked registerRequest
	if err := readJSON(w, r, &asked); err != nil {
		invalidRequest("The request can't be read").write(w)
		return
	}
	if f := c.checkRegistration(asked); f != nil {
		f.write(w)
		return
	}
	now := c.now()
	client := oidcClient{
		id: newCode(), secret: newCode(), region: c.region(r), grants: asked.GrantTypes, redirects: asked.RedirectURIs, scopes: asked.Scopes,
		expires: now.Add(c.ClientLifetime),
	}
	if len(client.grants) == 0 {
		client.grants = []string{grantDevice, grantRefresh}
	}
	c.mu.Lock()
	c.clients[client.id] = client
	c.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]any{
		"clientId": client.id, "clientSecret": client.secret, "clientIdIssuedAt": now.Unix(), "clientSecretExpiresAt": client.expires.Unix(),
	})
}

func (c *identityCenter) checkRegistration(asked registerRequest) *jsonFault {
	for _, grant := range asked.GrantTypes {
		if grant != grantCode && grant != grantDevice && grant != grantRefresh {
			return oidcFault("UnsupportedGrantTypeException", "unsupported_grant_type", "Unsupported grant type: "+grant)
		}
	}
	for _, uri := range asked.RedirectURIs {
		if !isLoopbackURL(uri) {
			return oidcFault("InvalidRedirectUriException", "invalid_redirect_uri", "The redirect must be of a loopback address: "+uri)
		}
	}
	for _, scope := range asked.Scopes {
		if scope != accountAccess {
			return oidcFault("InvalidScopeException", "invalid_scope", "The sandbox knows only the scope "+accountAccess)
		}
	}
	needsRedirect := slices.Contains(asked.GrantTypes, grantCode)
	switch {
	case asked.ClientName == "":
		return oidcFault("InvalidClientMetadataException", "invalid_client_metadata", "clientName is missing")
	case asked.ClientType != "public":
		return oidcFault("InvalidClientMetadataException", "invalid_client_metadata", "clientType must be public")
	case needsRedirect && len(asked.RedirectURIs) == 0:
		return oidcFault("InvalidRedirectUriException", "invalid_redirect_uri", "The grant authorization_code needs a redirect")
	case needsRedirect && asked.IssuerURL == "", asked.IssuerURL != "" && asked.IssuerURL != c.startURL():
		return invalidRequest("issuerUrl is not the start URL of this Identity Center")
	}
	return nil
}

// client returns the program of an id and a secret.
func (c *identityCenter) client(id, secret, region string) (oidcClient, *jsonFault) {
	c.mu.Lock()
	client, found := c.clients[id]
	c.mu.Unlock()
	switch {
	case !found || client.secret != secret || client.region != region:
		return oidcClient{}, oidcFault("InvalidClientException", "invalid_client", "Invalid client id or secret")
	case !c.now().Before(client.expires):
		return oidcClient{}, oidcFault("InvalidClientException", "invalid_client", "The registration of the client has expired")
	}
	return client, nil
}
