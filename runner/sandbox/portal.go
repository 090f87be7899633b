package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// Sizes of pages of the portal's lists.
const (
	maxPage     = 100
	defaultPage = 20
)

func portalFault(status int, kind, message string) *jsonFault {
	return &jsonFault{status, kind, map[string]string{"message": message}}
}

// portal wraps what the portal does for a person who has signed in.
func (c *identityCenter) portal(do func(http.ResponseWriter, *http.Request, accessToken) *jsonFault) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !c.limit.take(c.now()) {
			portalFault(http.StatusTooManyRequests, "TooManyRequestsException", "HTTP 429 Unknown Code").write(w)
			return
		}
		c.mu.Lock()
		token, found := c.access[r.Header.Get("X-Amz-Sso_bearer_token")]
		c.mu.Unlock()
		if !found || !c.now().Before(token.expires) || token.region != c.region(r) {
			portalFault(http.StatusUnauthorized, "UnauthorizedException", "Session token not found or invalid").write(w)
			return
		}
		if f := do(w, r, token); f != nil {
			f.write(w)
		}
	}
}

type accountInfo struct {
	ID    string `json:"accountId"`
	Name  string `json:"accountName"`
	Email string `json:"emailAddress"`
}

func (c *identityCenter) serveAccounts(w http.ResponseWriter, r *http.Request, _ accessToken) *jsonFault {
	part, next, f := pageOf(c.Accounts, r)
	if f != nil {
		return f
	}
	list := []accountInfo{}
	for _, a := range part {
		list = append(list, accountInfo{a.ID, a.Name, a.Email})
	}
	writeJSON(w, http.StatusOK, withNext(map[string]any{"accountList": list}, next))
	return nil
}

type roleInfo struct {
	Account string `json:"accountId"`
	Name    string `json:"roleName"`
}

func (c *identityCenter) serveRoles(w http.ResponseWriter, r *http.Request, _ accessToken) *jsonFault {
	account, found := c.account(r)
	if !found {
		return noAccess()
	}
	part, next, f := pageOf(account.Roles, r)
	if f != nil {
		return f
	}
	list := []roleInfo{}
	for _, name := range part {
		list = append(list, roleInfo{account.ID, name})
	}
	writeJSON(w, http.StatusOK, withNext(map[string]any{"roleList": list}, next))
	return nil
}

func (c *identityCenter) serveRoleCredentials(w http.ResponseWriter, r *http.Request, token accessToken) *jsonFault {
	account, found := c.account(r)
	name := r.URL.Query().Get("role_name")
	if !found || !slices.Contains(account.Roles, name) {
		return noAccess()
	}
	keys := c.known.open(grant{
		role: c.roleARN(account.ID, name), name: token.user, session: sessionUntil("GetRoleCredentials", c.now(), c.RoleLifetime),
	})
	writeJSON(w, http.StatusOK, map[string]any{"roleCredentials": map[string]any{
		"accessKeyId": keys.accessKeyID, "secretAccessKey": keys.secret, "sessionToken": keys.token, "expiration": keys.expires.UnixMilli(),
	}})
	return nil
}

// serveLogout ends all tokens of a session. Keys of roles stay valid until they expire, as with AWS.
func (c *identityCenter) serveLogout(w http.ResponseWriter, _ *http.Request, token accessToken) *jsonFault {
	c.mu.Lock()
	maps.DeleteFunc(c.access, func(_ string, t accessToken) bool { return t.oidcSession == token.oidcSession })
	maps.DeleteFunc(c.renewals, func(_ string, s *oidcSession) bool { return s == token.oidcSession })
	c.mu.Unlock()
	w.WriteHeader(http.StatusOK)
	return nil
}

func noAccess() *jsonFault {
	return portalFault(http.StatusForbidden, "ForbiddenException", "No access")
}

func (c *identityCenter) account(r *http.Request) (PortalAccount, bool) {
	i := slices.IndexFunc(c.Accounts, func(a PortalAccount) bool { return a.ID == r.URL.Query().Get("account_id") })
	if i < 0 {
		return PortalAccount{}, false
	}
	return c.Accounts[i], true
}

// roleARN returns the role that Identity Center makes for a permission set.
func (c *identityCenter) roleARN(awsID, name string) string {
	path := "aws-reserved/sso.amazonaws.com/"
	if c.Region != DefaultRegion {
		path += c.Region + "/"
	}
	sum := sha256.Sum256([]byte(awsID + name))
	return "arn:aws:iam::" + awsID + ":role/" + path + "AWSReservedSSO_" + name + "_" + hex.EncodeToString(sum[:8])
}

// pageOf returns the part of a list that a request asks for, and the token of the next one.
func pageOf[T any](all []T, r *http.Request) (part []T, next string, f *jsonFault) {
	q := r.URL.Query()
	size, first := defaultPage, 0
	if q.Has("max_result") {
		n, err := strconv.Atoi(q.Get("max_result"))
		if err != nil || n < 1 || n > maxPage {
			return nil, "", portalFault(http.StatusBadRequest, "InvalidRequestException", "max_result must be from 1 to 100")
		}
		size = n
	}
	if q.Has("next_token") {
		text, _ := base64.StdEncoding.DecodeString(q.Get("next_token")) // what can't be decoded is no number
		n, err := strconv.Atoi(string(text))
		if err != nil || n < 1 || n >= len(all) {
			return nil, "", portalFault(http.StatusBadRequest, "InvalidRequestException", "Invalid next token")
		}
		first = n
	}
	if last := first + size; last < len(all) {
		return all[first:last], base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(last))), nil
	}
	return all[first:], "", nil
}

func withNext(answer map[string]any, next string) map[string]any {
	if next != "" {
		answer["nextToken"] = next
	}
	return answer
}
