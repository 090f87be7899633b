// Package sandbox is a loopback AWS: STS, S3 and, if asked for, instance metadata, for trying things out and for tests.
// It checks signatures, session tokens, expiry, external IDs and durations as AWS does, so that what works against it
// works for the right reason. It knows no permissions: whoever has a valid key may do everything in it, except to assume
// roles that don't trust it. It keeps everything in memory and listens on this computer alone.
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

// Options say what a sandbox knows. The zero value has no key: nobody gets in.
type Options struct {
	Keys         []Key
	Roles        []Role           // nil: DefaultRoles
	AllowAnyRole bool             // a role that is not among Roles may be assumed too, by everybody
	Metadata     *Metadata        // nil: no instance metadata service
	Host         string           // loopback address; empty: 127.0.0.1
	Port         int              // 0: a free one
	Now          func() time.Time // nil: the computer's clock
}

// Server is a running sandbox.
type Server struct {
	aws      *http.Server
	endpoint string

	metadata         *http.Server
	metadataEndpoint string

	detach  func() bool // from the context
	closing sync.Once
	serving sync.WaitGroup
}

// Start opens a sandbox that runs until ctx is done or Close is called.
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
	s.detach = context.AfterFunc(ctx, func() { _ = s.close() }) // whoever cancels does not wait for an answer
	return s, nil
}

// Endpoint is the URL of STS and S3, such as http://127.0.0.1:4566.
func (s *Server) Endpoint() string { return s.endpoint }

// MetadataEndpoint is the URL of the instance metadata service, empty where there is none.
func (s *Server) MetadataEndpoint() string { return s.metadataEndpoint }

// Close ends the sandbox and forgets all that is in it.
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

func (s *Server) listen(ctx context.Context, host netip.Addr, port int, handler http.Handler) (server *http.Server, endpoint string, err error) {
	address := net.JoinHostPort(host.String(), strconv.Itoa(port))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, "", model.NewError("sandbox.listen", "The sandbox can't listen on %s. Choose another port, or leave it out for a free one.", address).Because(err)
	}
	server = &http.Server{Handler: guard(handler), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	s.serving.Go(func() { _ = server.Serve(listener) }) // ends when the server is closed, and says just that
	return server, "http://" + listener.Addr().String(), nil
}

func (o Options) check() error {
	for _, r := range o.Roles {
		if !roleForm().MatchString(r.ARN) {
			return model.NewError("sandbox.role", "The sandbox can't have the role %q. Use an ARN such as arn:aws:iam::%s:role/deployer.", r.ARN, AccountID)
		}
	}
	if o.Metadata != nil && o.Metadata.Role != "" && !roleForm().MatchString(o.Metadata.Role) {
		return model.NewError("sandbox.role", "The sandbox's instance can't have the role %q. Use an ARN such as arn:aws:iam::%s:role/instance.", o.Metadata.Role, AccountID)
	}
	return nil
}

// loopback gives the address of host, which is refused unless it is this computer alone.
func loopback(host string) (netip.Addr, error) {
	if host == "" || strings.EqualFold(host, "localhost") {
		host = "127.0.0.1"
	}
	address, err := netip.ParseAddr(host)
	if err != nil || !address.IsLoopback() {
		return netip.Addr{}, model.NewError("sandbox.loopback", "The sandbox can't listen on %q: it takes addresses of this computer alone, such as 127.0.0.1.", host)
	}
	return address, nil
}

// guard turns away what a web page could send. A page can make the browser send requests to loopback addresses; by
// giving its own name such an address (DNS rebinding) it could even read the answers. Its name then stands in Host.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		switch {
		case !model.IsLoopback(strings.Trim(host, "[]")):
			http.Error(w, fmt.Sprintf("The sandbox answers to loopback addresses only, not to the name %q.", host), http.StatusMisdirectedRequest)
		case r.Header.Get("Origin") != "":
			http.Error(w, "The sandbox does not answer to web pages.", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}
