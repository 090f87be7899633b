package filters

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// uriPart takes the name of a part. What can't be given is said in brackets, as Octopus does.
func uriPart(c Call) (string, bool, error) {
	if len(c.Options) == 0 {
		return "[UriPart error: no argument given]", true, nil
	}
	u := parseURI(c.Text)
	if u == nil {
		return c.Text, true, nil
	}
	part := strings.ToLower(c.Options[0])
	absolute := u.IsAbs()
	if part == "isabsoluteuri" {
		return strconv.FormatBool(absolute), true, nil
	}
	f := partOf(part)
	switch {
	case f == nil:
		return fmt.Sprintf("[UriPart %s error: argument '%s' not supported]", c.Options[0], c.Options[0]), true, nil
	case !absolute:
		return fmt.Sprintf("[UriPart %s error: This operation is not supported for a relative URI.]", c.Options[0]), true, nil
	}
	return f(absoluteURI{u}), true, nil
}

// parseURI returns nil if the text is no URI.
func parseURI(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil {
		return nil
	}
	return u
}

// partOf returns the function for a part of an absolute URI, by its name in lower case.
func partOf(name string) func(absoluteURI) string {
	switch name {
	case "absolutepath":
		return absoluteURI.path
	case "absoluteuri":
		return func(u absoluteURI) string { return u.server(u.userInfo()) + u.path() + u.query() + u.fragment() }
	case "authority":
		return func(u absoluteURI) string { return u.host() + u.ownPort() }
	case "dnssafehost":
		return absoluteURI.plainHost
	case "fragment":
		return absoluteURI.fragment
	case "host":
		return absoluteURI.host
	case "hostandport":
		return func(u absoluteURI) string { return u.host() + colon(u.port()) }
	case "path":
		return absoluteURI.localPath
	case "pathandquery":
		return func(u absoluteURI) string { return u.path() + u.query() }
	case "port":
		return func(u absoluteURI) string { return strconv.Itoa(u.port()) }
	case "query":
		return absoluteURI.query
	case "scheme":
		return func(u absoluteURI) string { return u.Scheme }
	case "schemeandserver":
		return func(u absoluteURI) string { return u.server("") }
	case "userinfo":
		return absoluteURI.userInfo
	}
	return kindOf(name)
}

// kindOf returns the function for what kind of URI it is.
func kindOf(name string) func(absoluteURI) string {
	test := func(f func(absoluteURI) bool) func(absoluteURI) string {
		return func(u absoluteURI) string { return strconv.FormatBool(f(u)) }
	}
	switch name {
	case "hostnametype":
		return absoluteURI.hostType
	case "isdefaultport":
		return test(func(u absoluteURI) bool { return u.port() == usualPort(u.Scheme) })
	case "isfile":
		return test(absoluteURI.isFile)
	case "isloopback":
		return test(absoluteURI.isLoopback)
	case "isunc":
		return test(func(u absoluteURI) bool { return u.isFile() && u.Host != "" })
	}
	return nil
}

type absoluteURI struct{ *url.URL }

func (u absoluteURI) isFile() bool { return u.Scheme == "file" }

func (u absoluteURI) plainHost() string { return strings.ToLower(u.Hostname()) }

// host has brackets around an IPv6 address.
func (u absoluteURI) host() string {
	if host := u.plainHost(); !strings.Contains(host, ":") {
		return host
	}
	return "[" + u.plainHost() + "]"
}

// port returns the port, the scheme's usual one if none is written, or -1.
func (u absoluteURI) port() int {
	if n, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		return int(n)
	}
	return usualPort(u.Scheme)
}

func usualPort(scheme string) int {
	switch scheme {
	case "http", "ws":
		return 80
	case "https", "wss":
		return 443
	case "ftp":
		return 21
	case "ldap":
		return 389
	case "mailto":
		return 25
	}
	return -1
}

// ownPort returns :port if it is not the scheme's usual one.
func (u absoluteURI) ownPort() string {
	if u.port() == usualPort(u.Scheme) {
		return ""
	}
	return colon(u.port())
}

func colon(port int) string {
	if port < 0 {
		return ""
	}
	return ":" + strconv.Itoa(port)
}

// server returns what stands before the path.
func (u absoluteURI) server(user string) string {
	if u.Opaque != "" {
		return u.Scheme + ":"
	}
	if user != "" {
		user += "@"
	}
	return u.Scheme + "://" + user + u.host() + u.ownPort()
}

func (u absoluteURI) path() string {
	switch {
	case u.Opaque != "":
		return u.Opaque
	case u.Path == "":
		return "/"
	}
	return u.EscapedPath()
}

func (u absoluteURI) localPath() string {
	switch {
	case u.Opaque != "":
		return u.Opaque
	case u.Path == "":
		return "/"
	}
	return u.Path
}

func (u absoluteURI) query() string {
	if u.RawQuery == "" {
		return ""
	}
	return "?" + percent(u.RawQuery, unreserved+reserved+"%")
}

func (u absoluteURI) fragment() string {
	if u.Fragment == "" {
		return ""
	}
	return "#" + u.EscapedFragment()
}

func (u absoluteURI) userInfo() string { return u.User.String() }

func (u absoluteURI) hostType() string {
	host := u.plainHost()
	address, err := netip.ParseAddr(host)
	switch {
	case host == "":
		return "Basic"
	case err != nil:
		return "Dns"
	case address.Is4():
		return "IPv4"
	}
	return "IPv6"
}

func (u absoluteURI) isLoopback() bool {
	host := u.plainHost()
	ip := net.ParseIP(host)
	return host == "localhost" || host == "" && u.isFile() || ip != nil && ip.IsLoopback()
}
