// Package sandbox is a loopback AWS for trying things out and for tests: STS, S3 and, optionally, instance metadata. It
// checks signatures, session tokens, expiry, external IDs and durations as AWS does, so that what works with it works
// for the right reason. It has no permissions: a valid key may do everything, except assume roles that don't trust it.
// It keeps everything in memory and listens only on this computer.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Options configures a sandbox. The zero value has no keys, so it rejects all requests.
type Options struct {
	Keys         []Key
	Roles        []Role           // nil for DefaultRoles
	AllowAnyRole bool             // every key may assume roles that are not in Roles
	Metadata     *Metadata        // nil for no instance metadata service
	Host         string           // loopback address; empty for 127.0.0.1
	Port         int              // 0 for a free one
	Now          func() time.Time // nil for time.Now
}

// Server is a running sandbox.
type Server struct {
	aws      *http.Server
	endpoint string

	metadata         *http.Server
	metadataEndpoint string

	detach  func() bool // stops watching the context
	closing sync.Once
	serving sync.WaitGroup
}

// Start starts a sandbox that runs until ctx is done or Close is called.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Roles == nil {
		o.Roles = DefaultRoles()
	}
	host, err := loopback(o.Host)
	if err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	known, err := newIdentities(o)
	if err != nil {
		return nil, err
	}
	s := &Server{}
	if s.aws, s.endpoint, err = s.listen(ctx, host, o.Port, newCloud(o, known)); err != nil {
		return nil, err
	}
	if o.Metadata != nil {
		if s.metadata, s.metadataEndpoint, err = s.listen(ctx, host, o.Metadata.Port, newMetadata(*o.Metadata, o.Now, known)); err != nil {
			return nil, errors.Join(err, s.close())
		}
	}
	s.detach = context.AfterFunc(ctx, func() { _ = s.close() }) // nobody waits for the error
	return s, nil
}

// Endpoint returns the URL of STS and S3, such as http://127.0.0.1:4566.
func (s *Server) Endpoint() string { return s.endpoint }

// MetadataEndpoint returns the URL of the instance metadata service, or "" if there is none.
func (s *Server) MetadataEndpoint() string { return s.metadataEndpoint }

// Close stops the sandbox and discards its contents.
func (s *Server) Close() error {
	if s.detach != nil {
		s.detach()
	}
	return s.close()
}

func (s *Server) close() error {
	var errs []error
	s.closing.Do(func() {
		for _, h := range []*http.Server{s.aws, s.metadata} {
			if h != nil {
				errs = append(errs, h.Close())
			}
		}
	})
	s.serving.Wait()
	return errors.Join(errs...)
}

func (s *Server) listen(ctx context.Context, host netip.Addr, port int, handler http.Handler) (server *http.Server, endpoint string,
	err error) {
	address := net.JoinHostPort(host.String(), strconv.Itoa(port))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, "", model.NewError("sandbox.listen", "The sandbox can't listen on %s. Choose another port, or leave it out for a free one.",
			address).Because(err)
	}
	server = &http.Server{Handler: guard(handler), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	s.serving.Go(func() { _ = server.Serve(listener) }) // always returns http.ErrServerClosed
	return server, "http://" + listener.Addr().String(), nil
}

func (o Options) check() error {
	for _, r := range o.Roles {
		if !roleForm().MatchString(r.ARN) {
			return model.NewError("sandbox.role", "The sandbox can't have the role %q. Use an ARN such as arn:aws:iam::%s:role/deployer.",
				r.ARN, AccountID)
		}
	}
	if o.Metadata != nil && o.Metadata.Role != "" && !roleForm().MatchString(o.Metadata.Role) {
		return model.NewError("sandbox.role", "The sandbox's instance can't have the role %q. Use an ARN such as arn:aws:iam::%s:role/instance.",
			o.Metadata.Role, AccountID)
	}
	return nil
}

// loopback returns the address of host, which must be a loopback address.
func loopback(host string) (netip.Addr, error) {
	if host == "" || strings.EqualFold(host, "localhost") {
		host = "127.0.0.1"
	}
	address, err := netip.ParseAddr(host)
	if err != nil || !address.IsLoopback() {
		return netip.Addr{},
			model.NewError("sandbox.loopback", "The sandbox can't listen on %q: only loopback addresses such as 127.0.0.1 are allowed.", host)
	}
	return address, nil
}

// guard rejects requests from web pages. A page can make the browser send requests to loopback addresses; by giving its
// own name such an address (DNS rebinding) it could even read the responses. Then Host is its name.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		switch {
		case !model.IsLoopback(strings.Trim(host, "[]")):
			http.Error(w, fmt.Sprintf("The sandbox accepts requests only for loopback addresses, not for the name %q.", host),
				http.StatusMisdirectedRequest)
		case r.Header.Get("Origin") != "":
			http.Error(w, "The sandbox rejects requests from web pages.", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}
