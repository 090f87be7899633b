package loopback

import (
	"errors"
	"html"
	"io"
	"net/http"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// page is what the browser shows in the end. It loads nothing, and nothing of the request stands on it. It is put together by hand:
// html/template would keep the linker from leaving out unused methods of the whole program.
type page struct{ Title, Text string }

func (p page) html() string {
	return strings.NewReplacer("{{.Title}}", html.EscapeString(p.Title), "{{.Text}}", html.EscapeString(p.Text)).Replace(markup)
}

const markup = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stepdeck: {{.Title}}</title>
<style>
:root { color-scheme: light dark }
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.6rem; line-height: 1.25 }
</style>
</head>
<body>
<main>
<h1>{{.Title}}</h1>
<p>{{.Text}}</p>
</main>
</body>
</html>
`

// show sends a page. The address holds the code, so the page must be neither kept nor named to other sites.
func show(w http.ResponseWriter, status int, p page) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, p.html()) // a browser that hangs up misses only the page
}

// sentence is what an error says to people, without its cause.
func sentence(err error) string {
	var e *model.Error
	if errors.As(err, &e) {
		return e.Sentence
	}
	return "Go back to Stepdeck."
}
