package browser

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Patience is how long a browser may take to start and fetch a page.
const Patience = time.Minute

// OpenOnce opens a page whose address is a secret. Programs that list processes see the browser's arguments, so these have an address of
// this computer instead, which leads a program of this user on, once. It returns when the browser has been there.
func OpenOnce(ctx context.Context, secret string, open func(ctx context.Context, address string) error) error {
	if _, err := model.PageURL(secret); err != nil {
		return model.NewError("browser.url", "The address is no page that a browser should open.") // err quotes it
	}
	socket, err := new(net.ListenConfig).Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return model.NewError("browser.listen",
			"Can't lead the browser on at 127.0.0.1. Allow it in this computer's firewall.").Because(err)
	}
	h := &handover{path: "/" + rand.Text(), to: secret, own: ownPeer, done: make(chan struct{})}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10}
	server.SetKeepAlivesEnabled(false)
	go server.Serve(socket) //nolint:errcheck // it always ends with http.ErrServerClosed
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if server.Shutdown(ending) != nil {
			server.Close() //nolint:errcheck // the browser has its answer
		}
	}()
	if err := open(ctx, "http://"+socket.Addr().String()+h.path); err != nil {
		return err
	}
	return h.wait(ctx)
}

// StartOnce is OpenOnce for a page that the person may as well open elsewhere: it returns when the browser has started. The address of
// this computer leads on for a minute, or until ctx ends.
func StartOnce(ctx context.Context, secret string, open func(ctx context.Context, address string) error) error {
	started := make(chan error, 2) // that the browser has started, and how it ended
	go func() {
		started <- OpenOnce(ctx, secret, func(ctx context.Context, address string) error {
			err := open(ctx, address)
			if err == nil {
				started <- nil
			}
			return err
		})
	}()
	return <-started
}

// handover leads one request on.
type handover struct {
	path, to string
	own      func(local, remote netip.AddrPort) bool
	done     chan struct{}
	once     sync.Once
}

func (h *handover) wait(ctx context.Context) error {
	limit := time.NewTimer(Patience)
	defer limit.Stop()
	select {
	case <-h.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-limit.C:
		return model.NewError("browser.unopened", "No browser has opened the page within %s. Choose another one in the settings.",
			model.TimeWords(Patience))
	}
}

// ServeHTTP implements http.Handler.
func (h *handover) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	same := subtle.ConstantTimeCompare([]byte(r.URL.Path), []byte(h.path)) == 1
	if r.Method != http.MethodGet || !model.IsLoopback(r.Host) || !same || !h.mayRead(r) {
		http.Error(w, "There is nothing here.", http.StatusNotFound)
		return
	}
	first := false
	h.once.Do(func() { first = true })
	if !first {
		w.WriteHeader(http.StatusGone)
		_, _ = io.WriteString(w, "This address was used already. Open the page again from Stepdeck.") // the browser may be gone
		return
	}
	w.Header().Set("Location", h.to)
	w.WriteHeader(http.StatusSeeOther)
	close(h.done)
}

// mayRead reports whether a request comes from a program of this user: other users can list the browser's arguments, and be faster.
func (h *handover) mayRead(r *http.Request) bool {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if local == nil {
		return false
	}
	here, err := netip.ParseAddrPort(local.String())
	if err != nil {
		return false
	}
	there, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && h.own(here, there)
}
