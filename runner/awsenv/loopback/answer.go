package loopback

import (
	"crypto/subtle"
	"net/http"
	"net/url"

	"github.com/stepdeck/stepdeck/model"
)

// ServeHTTP answers the browser.
func (l *Listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !l.ours(r.Host):
		show(w, http.StatusMisdirectedRequest, page{"Not here", "This address belongs to a sign-in of Stepdeck."})
	case r.URL.Path != Path:
		show(w, http.StatusNotFound, page{"Nothing here", "This address belongs to a sign-in of Stepdeck."})
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		show(w, http.StatusMethodNotAllowed, page{"Not here", "This address belongs to a sign-in of Stepdeck."})
	default:
		l.receive(w, r)
	}
}

// receive takes the answer if it is one to this sign-in. One with another state is somebody else's: it changes nothing.
func (l *Listener) receive(w http.ResponseWriter, r *http.Request) {
	got, ok := read(r.URL.RawQuery, l.state)
	if !ok {
		show(w, http.StatusBadRequest, page{"This is not the answer to this sign-in",
			"It belongs to another sign-in, or to one that has ended. Go back to Stepdeck and sign in again."})
		return
	}
	if !l.take(got) {
		show(w, http.StatusGone, page{"This sign-in is over", "It has had its answer. Go back to Stepdeck."})
		return
	}
	if got.err != nil {
		show(w, http.StatusOK, page{"You are not signed in", sentence(got.err)})
		return
	}
	show(w, http.StatusOK, page{"The browser is done", "Go back to Stepdeck, which finishes the sign-in. You can close this page."})
}

// read takes the answer out of a query; ok is false if it is not an answer to the sign-in with that state.
func read(query, state string) (got answer, ok bool) {
	values, err := url.ParseQuery(query)
	if err != nil || len(values["state"]) != 1 || subtle.ConstantTimeCompare([]byte(values.Get("state")), []byte(state)) != 1 {
		return answer{}, false
	}
	if values.Has("error") {
		return answer{err: refused(values.Get("error"), values.Get("error_description"))}, true
	}
	if code := values["code"]; len(code) == 1 && code[0] != "" {
		return answer{code: code[0]}, true
	}
	return answer{}, false
}

// refused explains the errors of RFC 6749 §4.1.2.1.
func refused(code, description string) error {
	cause := &refusal{code: short(code), description: short(description)}
	switch code {
	case "access_denied":
		return model.NewError("signin.denied", "The sign-in was denied in the browser. Sign in again and allow the access.").Because(cause)
	case "server_error", "temporarily_unavailable":
		return model.NewError("signin.unavailable", "AWS can't sign anybody in at the moment. Try again in a few minutes, or in another region.").
			Because(cause)
	}
	return model.NewError("signin.refused", "AWS refuses the sign-in. Check its region and start URL, and sign in again.").Because(cause)
}

// refusal is what the browser brought instead of a code.
type refusal struct{ code, description string }

func (r *refusal) Error() string {
	if r.description == "" {
		return r.code
	}
	return r.code + ": " + r.description
}

// short makes text that anybody could have put into an address fit for a terminal.
func short(text string) string { return model.SafeCut(model.SafeLine(text), 200) }
