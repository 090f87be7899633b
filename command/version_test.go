package command

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stepdeck/stepdeck/app/settings"
)

func TestVersionAsksForTheNewestReleaseOnlyWithCheck(t *testing.T) {
	asked := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		fmt.Fprint(w, `{"tag_name":"v2.0.0","html_url":"https://github.com/stepdeck/stepdeck/releases/tag/v2.0.0"}`)
	}))
	t.Cleanup(server.Close)
	for _, row := range []struct {
		name, version string
		args          []string
		want          string
		asked         int
	}{
		{"without --check", "1.0.0", []string{"version", "--json"}, "", 0},
		{"older", "1.0.0", []string{"version", "--check"},
			"Stepdeck 2.0.0 is available; this is 1.0.0. See https://github.com/stepdeck/stepdeck/releases/tag/v2.0.0\n", 1},
		{"newest", "2.0.0", []string{"version", "--check"}, "This is Stepdeck 2.0.0. The newest release is 2.0.0.\n", 1},
		{"as JSON", "1.0.0", []string{"version", "--check", "--json"},
			`{"current":"1.0.0","newest":"2.0.0","newer":true,"page":"https://github.com/stepdeck/stepdeck/releases/tag/v2.0.0"}` + "\n", 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			asked = 0
			var out, errs bytes.Buffer
			world := IO{Out: &out, Err: &errs, Updates: settings.Updates{URL: server.URL, Client: server.Client()}}
			if exit := Main(t.Context(), world, row.args, row.version, ""); exit != exitOK {
				t.Fatalf("exit %d: %s", exit, errs.String())
			}
			if row.want != "" && out.String() != row.want || asked != row.asked {
				t.Errorf("%q after %d questions", out.String(), asked)
			}
		})
	}
}
