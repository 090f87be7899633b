// Package loopback receives the answer of a sign-in in a browser: the redirect to an address of this computer that
// OAuth for native programs uses (RFC 8252 §7.3).
//
// [Listen] before the browser opens, put [Listener.RedirectURI] and [Listener.State] into the address that the person
// visits, then [Listener.Wait]. The listener is on 127.0.0.1 alone, takes one answer, and ends with its context. No
// code ever stands in an error or in a page.
package loopback

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Path is where the browser brings the answer.
const Path = "/oauth/callback"

// RedirectURI is the address without a port, as a client is registered with it: RFC 8252 lets the port vary.
const RedirectURI = "http://127.0.0.1" + Path

// Patience is how long [Listener.Wait] waits for the browser.
const Patience = 10 * time.Minute

// Listener waits for the answer of one sign-in.
type Listener struct {
	state   string
	port    int
	server  *http.Server
	answers chan answer   // holds the one answer
	ended   chan struct{} // closed by Close

	mu    sync.Mutex
	taken bool  // there was an answer
	why   error // the cause of the end
}

// answer is what the browser brought: a code, or why there is none.
type answer struct {
	code string
	err  error
}

// Listen listens on a free port of 127.0.0.1 until [Listener.Close], or until ctx ends.
func Listen(ctx context.Context) (*Listener, error) {
	var config net.ListenConfig
	socket, err := config.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, model.NewError("signin.listen",
			"Can't wait for the browser's answer on 127.0.0.1. Allow it in this computer's firewall, or sign in with a code instead.").Because(err)
	}
	address, ok := socket.Addr().(*net.TCPAddr)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the listener has no TCP address: %v", socket.Addr()), socket.Close())
	}
	l := newListener()
	l.port = address.Port
	l.server = &http.Server{
		Handler:           l,
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	l.server.SetKeepAlivesEnabled(false)
	go l.serve(socket)
	context.AfterFunc(ctx, func() { l.close(context.Cause(ctx)) })
	return l, nil
}

func newListener() *Listener {
	return &Listener{state: rand.Text(), answers: make(chan answer, 1), ended: make(chan struct{})}
}

// serve ends when the listener closes; any other end is the answer.
func (l *Listener) serve(socket net.Listener) {
	if err := l.server.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
		l.take(answer{err: model.NewError("signin.listen", "Waiting for the browser's answer failed. Sign in again.").Because(err)})
	}
}

// RedirectURI returns the address that the browser is sent to in the end, with the port.
func (l *Listener) RedirectURI() string { return fmt.Sprintf("http://127.0.0.1:%d%s", l.port, Path) }

// State returns the random text that the answer must repeat (RFC 6749 §10.12).
func (l *Listener) State() string { return l.state }

// Wait returns the authorization code that the browser brings. It waits for [Patience] at most, and closes the
// listener.
func (l *Listener) Wait(ctx context.Context) (string, error) {
	defer func() { go l.finish(context.WithoutCancel(ctx)) }() // a browser's spare connections need not be waited for
	patience := time.NewTimer(Patience)
	defer patience.Stop()
	select {
	case a := <-l.answers:
		return a.code, a.err
	case <-ctx.Done():
		return "", cancelled(context.Cause(ctx))
	case <-l.ended:
		return "", cancelled(l.why) // set before the channel closed
	case <-patience.C:
		return "", model.NewError("signin.unanswered",
			"The browser didn't finish the sign-in within %d minutes. Sign in again, or with a code if the browser can't reach this computer.",
			int(Patience.Minutes()))
	}
}

func cancelled(cause error) error {
	return model.NewError("signin.cancelled", "The sign-in was cancelled.").Because(cause)
}

// Close stops listening at once. It may be called more than once.
func (l *Listener) Close() { l.close(context.Canceled) }

func (l *Listener) close(why error) {
	if l.end(why) && l.server != nil {
		l.server.Close() //nolint:errcheck // nothing is lost with a socket that nobody waits for
	}
}

// goodbye is how long the last page may take to reach the browser.
const goodbye = time.Second

// finish stops listening when the page that is being sent has arrived.
func (l *Listener) finish(ctx context.Context) {
	if !l.end(context.Canceled) || l.server == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, goodbye)
	defer cancel()
	if l.server.Shutdown(ctx) != nil {
		l.server.Close() //nolint:errcheck // as in close
	}
}

// end reports whether it was this call that ended the listener.
func (l *Listener) end(why error) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.ended:
		return false
	default:
		l.why = why
		close(l.ended)
		return true
	}
}

// take keeps the first answer and reports whether this was it.
func (l *Listener) take(a answer) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken {
		return false
	}
	l.taken = true
	l.answers <- a
	return true
}

// ours reports whether a request was addressed to this listener. A page of another site that got at it by a name of its
// own (DNS rebinding) names that.
func (l *Listener) ours(host string) bool {
	return strings.EqualFold(host, fmt.Sprintf("127.0.0.1:%d", l.port))
}
