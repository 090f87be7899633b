package settings

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model/store"
)

// releases is a place that answers like the real one, over TLS.
func releases(t *testing.T, answer http.HandlerFunc) (Updates, *atomic.Int32) {
	t.Helper()
	var asked atomic.Int32
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return Updates{URL: server.URL, Client: server.Client()}, &asked
}

func release(tag string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"tag_name":%q,"html_url":"https://github.com/stepdeck/stepdeck/releases/tag/%s"}`, tag, tag)
	}
}

func TestUpdateComparesVersions(t *testing.T) {
	for name, row := range map[string]struct {
		current, tag string
		newer        bool
	}{
		"a newer one":                       {"1.2.0", "v1.10.0", true},
		"the same":                          {"1.2.0", "v1.2.0", false},
		"an older one":                      {"1.2.1", "v1.2.0", false},
		"a version that is worked on":       {"0.1.0-dev", "v0.1.0", true},
		"later commits than the tag's":      {"1.2.0-5-g0123abc", "v1.2.0", false},
		"the tag with changes":              {"1.2.0-dirty", "v1.2.0", false},
		"later commits than an older tag's": {"1.2.0-5-g0123abc-dirty", "v1.2.1", true},
	} {
		t.Run(name, func(t *testing.T) {
			updates, asked := releases(t, release(row.tag))
			got, err := updates.Ask(t.Context(), row.current)
			if err != nil {
				t.Fatal(err)
			}
			want := Update{Current: row.current, Newest: row.tag[1:], Newer: row.newer, Page: releasesPage + "/tag/" + row.tag}
			if got != want || asked.Load() != 1 {
				t.Errorf("%+v after %d questions, want %+v", got, asked.Load(), want)
			}
		})
	}
}

func TestUpdateSendsOnlyItsVersion(t *testing.T) {
	var seen *http.Request
	updates, _ := releases(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r
		release("v2.0.0")(w, r)
	})
	if _, err := updates.Ask(t.Context(), "1.0.0"); err != nil {
		t.Fatal(err)
	}
	if seen.Method != http.MethodGet || seen.Header.Get("User-Agent") != "Stepdeck/1.0.0" || seen.Header.Get("Cookie") != "" ||
		seen.URL.RawQuery != "" {
		t.Errorf("%s %s %v", seen.Method, seen.URL, seen.Header)
	}
}

func TestUpdateRefusesStrangeAnswers(t *testing.T) {
	plain := httptest.NewServer(release("v9.0.0"))
	t.Cleanup(plain.Close)
	for name, answer := range map[string]http.HandlerFunc{
		"an error":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
		"no JSON":       func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") },
		"no version":    release("latest"),
		"a draft":       func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"tag_name":"v9.0.0","draft":true}`) },
		"a pre-release": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"tag_name":"v9.0.0","prerelease":true}`) },
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"tag_name":"`, strings.Repeat("9", 2*updateBytes), `"}`)
		},
		"a way out of TLS":       func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, plain.URL, http.StatusFound) },
		"a way that never ends":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) },
		"one that never answers": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			updates, _ := releases(t, answer)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			got, err := updates.Ask(ctx, "1.0.0")
			if err == nil || got.Newer {
				t.Errorf("%+v", got)
			} else if !strings.Contains(err.Error(), releasesPage) {
				t.Errorf("the error names no way out: %v", err)
			}
		})
	}
	t.Run("a certificate of somebody else", func(t *testing.T) {
		updates, _ := releases(t, release("v9.0.0"))
		updates.Client = nil
		if _, err := updates.Ask(t.Context(), "1.0.0"); err == nil {
			t.Error("taken")
		}
	})
	t.Run("asked without TLS", func(t *testing.T) {
		if _, err := (Updates{URL: plain.URL}).Ask(t.Context(), "1.0.0"); err == nil {
			t.Error("taken")
		}
	})
}

func TestUpdateLeadsToTheProjectsPagesAlone(t *testing.T) {
	for _, page := range []string{"https://evil.example/stepdeck", "https://github.com/stepdeck/stepdeck/releases.evil.example/",
		"file:///etc/passwd", ""} {
		updates, _ := releases(t, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"tag_name":"v9.0.0","html_url":%q}`, page)
		})
		if got, err := updates.Ask(t.Context(), "1.0.0"); err != nil || got.Page != releasesPage {
			t.Errorf("%q leads to %q, %v", page, got.Page, err)
		}
	}
}

func TestUpdateIsLookedForOnlyWhenWantedAndOnceADay(t *testing.T) {
	st, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	updates, asked := releases(t, release("v1.1.0"))
	services := New(t.Context(), Deps{Store: st, Version: "1.0.0", Updates: updates, Log: slog.New(slog.DiscardHandler)})
	look := func(wantTold bool, wantAsked int32) {
		t.Helper()
		update, told := services.DailyUpdate(t.Context())
		if told != wantTold || asked.Load() != wantAsked || told && update.Newest != "1.1.0" {
			t.Errorf("told %v of %+v after %d questions", told, update, asked.Load())
		}
	}
	look(false, 0) // off by default
	set := func(key, value string) {
		t.Helper()
		if err := services.Keep(t.Context(), map[string]string{key: value}); err != nil {
			t.Fatal(err)
		}
	}
	set(UpdatesCheck, "on")
	look(true, 1)
	look(false, 1) // the same day
	set(updatesChecked, time.Now().Add(-25*time.Hour).Format(time.RFC3339))
	look(true, 2)
	set(updatesChecked, time.Now().Add(time.Hour).Format(time.RFC3339)) // the clock was put back
	look(true, 3)
	set(UpdatesCheck, "off")
	set(updatesChecked, "")
	look(false, 3)
}

func TestUpdateSettingIsASwitch(t *testing.T) {
	if (Values{}).Get(UpdatesCheck) != "off" {
		t.Error("it is on by itself")
	}
	for value, good := range map[string]bool{"on": true, "off": true, "": true, "yes": false, "ON": false} {
		if err := Check(UpdatesCheck, value); (err == nil) != good {
			t.Errorf("%q: %v", value, err)
		}
	}
}
