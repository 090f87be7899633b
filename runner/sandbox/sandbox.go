// Package sandbox is a loopback AWS for trying things out and for tests: STS, S3, the alias of an account in IAM, the
// endpoint that signs browsers in to the AWS console with temporary keys, and by choice IAM Identity Center, the sign-in
// with the AWS console, the credentials endpoint of a container and the metadata service of an instance. It checks
// signatures, session tokens, expiry, external IDs, MFA codes, proofs and durations as AWS does, so that what works with
// it works for the right reason. It has no permissions of users and roles: a valid key may do everything, except assume
// roles that don't trust it and what its session policies don't allow. It keeps everything in memory and listens only on
// this computer.
//
// One address serves all services and regions. Where a service doesn't tell its region by a signature, the path of its
// endpoint does: RegionEndpoint.
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

// Server is a running sandbox.
type Server struct {
	aws      *http.Server
	endpoint string
	known    *identities
	web      *webIdentities

	center    *identityCenter // these are nil if they are not served
	console   *console
	container *container

	federation *federation

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
	if o.SigningNow == nil {
		o.SigningNow = o.Now
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
	web, err := newWebIdentities()
	if err != nil {
		return nil, err
	}
	s := &Server{known: known, web: web}
	listener, err := listen(ctx, host, o.Port)
	if err != nil {
		return nil, err
	}
	s.endpoint = "http://" + listener.Addr().String()
	web.issuer = s.endpoint
	s.aws = s.serve(listener, newCloud(o, known, web, s.signIn(o)))
	if o.Metadata != nil {
		listener, err := listen(ctx, host, o.Metadata.Port)
		if err != nil {
			return nil, errors.Join(err, s.close())
		}
		s.metadataEndpoint = "http://" + listener.Addr().String()
		s.metadata = s.serve(listener, newMetadata(*o.Metadata, o.Now, known))
	}
	s.detach = context.AfterFunc(ctx, func() { _ = s.close() }) // nobody waits for the error
	return s, nil
}

// signIn returns the services at which people and programs sign in.
func (s *Server) signIn(o Options) *http.ServeMux {
	mux := http.NewServeMux()
	s.federation = newFederation(o.Now, s.known)
	s.federation.handle(mux)
	if o.IdentityCenter != nil {
		s.center = newIdentityCenter(*o.IdentityCenter, o.Now, s.known, s.endpoint)
		s.center.handle(mux)
	}
	if o.Console != nil {
		s.console = newConsole(*o.Console, o.Now, s.known, s.web, s.endpoint)
		s.console.handle(mux)
	}
	if o.Container != nil {
		s.container = newContainer(*o.Container, o.Now, s.known)
		s.container.handle(mux)
	}
	return mux
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

func listen(ctx context.Context, host netip.Addr, port int) (net.Listener, error) {
	address := net.JoinHostPort(host.String(), strconv.Itoa(port))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, model.NewError("sandbox.listen", "The sandbox can't listen on %s. Choose another port, or leave it out for a free one.",
			address).Because(err)
	}
	return listener, nil
}

func (s *Server) serve(listener net.Listener, handler http.Handler) *http.Server {
	server := &http.Server{Handler: guard(handler), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	s.serving.Go(func() { _ = server.Serve(listener) }) // always returns http.ErrServerClosed
	return server
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
// own name such an address (DNS rebinding) it could even read the responses. Then Host is its name. The forms of the
// sandbox's own pages are let through.
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
		case r.Header.Get("Origin") != "" && !isOwnForm(r):
			http.Error(w, "The sandbox rejects requests from web pages.", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}
