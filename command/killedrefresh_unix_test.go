//go:build !windows

package command_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/app/sandbox"
)

// A process that renews a sign-in is killed in the middle. The next one goes on with the sign-in, or says that somebody has to
// sign in: nobody waits for a dead process, and no sign-in is lost without a word.
func TestTheRefresherIsKilled(t *testing.T) {
	for name, after := range map[string]bool{"before AWS has renewed": false, "after AWS has renewed, when the token is spent": true} {
		t.Run(name, func(t *testing.T) {
			aws, err := sandbox.Start(t.Context(), sandbox.Options{KeyLifetime: time.Minute}) // each use renews them
			must(t, err)
			t.Cleanup(func() { _ = aws.Close() })
			c := cloud{aws, t}
			started := make(chan *os.Process, 1) // the process to kill
			var armed atomic.Bool
			kill := func(r *http.Request) bool {
				if !strings.HasSuffix(r.URL.Path, "/v1/token") || !armed.CompareAndSwap(true, false) {
					return false
				}
				process := <-started
				must(t, process.Signal(syscall.SIGKILL))
				return true
			}
			front := startFront(t, aws.Endpoint(), after, kill)
			d := newDesk(t)
			d.ok("account", "add", "Mine", "--kind", "console", "--sign-in-region", c.Region, "--endpoint", front)
			d.inBrowser(c, nil, "account", "login", "Mine").wants(0)
			cmd := d.start("credentials", "Mine", "--format", "process")
			var out bytes.Buffer
			cmd.Stdout = &out
			armed.Store(true)
			must(t, cmd.Start())
			started <- cmd.Process
			_ = cmd.Wait()
			if out.Len() > 0 {
				t.Fatalf("it was not killed: %s", out.String())
			}
			began := time.Now()
			r := d.ok("credentials", "Mine", "--format", "process").says("ASIA") // the keys before still work
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("it waited for the dead process: %v", took)
			}
			if !after {
				r.silentOn("could not be renewed")
				return
			}
			r.says("could not be renewed", "Sign in again")
			d.ok("account", "list").says("sign in")
			d.inBrowser(c, nil, "account", "login", "Mine").wants(0)
			d.ok("credentials", "Mine", "--format", "process").says("ASIA").silentOn("could not be renewed")
		})
	}
}

// startFront returns the address of a server before that at address. kill reports whether it killed the one who sent the request;
// it is asked before the request is passed on, which it then isn't, or after it was answered.
func startFront(t *testing.T, address string, after bool, kill func(*http.Request) bool) string {
	t.Helper()
	target, err := url.Parse(address)
	must(t, err)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = target.Scheme, target.Host, r.In.Host
		},
		ModifyResponse: func(r *http.Response) error {
			if after {
				kill(r.Request)
			}
			return nil
		},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !after && kill(r) {
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
