package settings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Addresses of the releases, for Stepdeck and for people.
const (
	releasesAPI  = "https://api.github.com/repos/stepdeck/stepdeck/releases/latest"
	releasesPage = "https://github.com/stepdeck/stepdeck/releases"
)

// UpdatesCheck is the key of the setting that lets the window check for a newer version once a day: on or off.
const UpdatesCheck = "update.check"

// updatesChecked is the key of the time of the last check, in RFC 3339.
const updatesChecked = "update.checked"

const (
	updateEvery   = 24 * time.Hour
	updateTimeout = 15 * time.Second
	updateBytes   = 1 << 20 // maximum; an answer is a few KiB
)

// Update compares the newest release with this version.
type Update struct {
	Current string `json:"current"`
	Newest  string `json:"newest"`
	Newer   bool   `json:"newer"` // Newest is newer than Current
	Page    string `json:"page"`  // about the release, with its downloads; Stepdeck itself downloads nothing
}

// Updates finds out the newest release with one HTTPS request, which contains nothing but Stepdeck's version. It downloads
// and starts nothing.
type Updates struct {
	URL    string       // empty: the project's releases
	Client *http.Client // nil: one that uses the system's proxy
}

// Ask compares the newest release with the current version.
func (u Updates) Ask(ctx context.Context, current string) (Update, error) {
	ctx, cancel := context.WithTimeout(ctx, updateTimeout)
	defer cancel()
	newest, page, err := u.newest(ctx, current)
	if err != nil {
		return Update{}, model.NewError("update.asked",
			"Can't check for a newer version now. See %s.", releasesPage).Because(err)
	}
	version, err := model.ParseVersion(afterTag.ReplaceAllString(current, ""))
	if err != nil {
		return Update{}, err
	}
	return Update{Current: current, Newest: newest.Normalized(), Newer: newest.Compare(version) > 0, Page: page}, nil
}

// afterTag matches what git describe adds to a tag for a build of later commits. Such a build is not older than the tag.
var afterTag = regexp.MustCompile(`(-[0-9]+-g[0-9a-f]+)?(-dirty)?$`)

func (u Updates) newest(ctx context.Context, current string) (newest model.Version, page string, err error) {
	url, client := u.URL, u.Client
	if url == "" {
		url = releasesAPI
	}
	if client == nil {
		client = &http.Client{}
	}
	// Redirects must stay on HTTPS.
	safe := *client
	safe.CheckRedirect = func(next *http.Request, before []*http.Request) error {
		if next.URL.Scheme != "https" || len(before) > 3 {
			return errors.New("the request was redirected too often, or not to HTTPS")
		}
		return nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return newest, "", err
	}
	if request.URL.Scheme != "https" {
		return newest, "", fmt.Errorf("%s is not an HTTPS address", url)
	}
	request.Header.Set("User-Agent", "Stepdeck/"+current)
	request.Header.Set("Accept", "application/vnd.github+json")
	response, err := safe.Do(request)
	if err != nil {
		return newest, "", err
	}
	defer response.Body.Close() //nolint:errcheck // read only
	if response.StatusCode != http.StatusOK {
		return newest, "", fmt.Errorf("the answer is %s", response.Status)
	}
	var answer struct {
		Tag        string `json:"tag_name"`
		Page       string `json:"html_url"`
		Draft      bool   `json:"draft"`
		Prerelease bool   `json:"prerelease"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, updateBytes)).Decode(&answer); err != nil {
		return newest, "", fmt.Errorf("the answer is not a release: %w", err)
	}
	newest, err = model.ParseVersion(strings.TrimPrefix(answer.Tag, "v"))
	if err != nil || answer.Draft || answer.Prerelease {
		return newest, "", fmt.Errorf("the answer is not a release: %q", answer.Tag)
	}
	// Never send a person to pages other than the project's own.
	if !strings.HasPrefix(answer.Page, releasesPage+"/") {
		answer.Page = releasesPage
	}
	return newest, answer.Page, nil
}

// DailyUpdate checks for a newer version if UpdatesCheck is on and the last check was a day ago. It returns true if there is
// one. It only logs errors, since it runs in the background.
func (s *Service) DailyUpdate(ctx context.Context) (Update, bool) {
	values, err := s.Kept(ctx)
	if err != nil || values[UpdatesCheck] != on {
		return Update{}, false
	}
	now := time.Now()
	if last, err := time.Parse(time.RFC3339, values[updatesChecked]); err == nil && now.Sub(last) < updateEvery && !last.After(now) {
		return Update{}, false
	}
	// Stored before the request, so that one that fails is not repeated at each start.
	if err := s.Keep(ctx, map[string]string{updatesChecked: now.UTC().Format(time.RFC3339)}); err != nil {
		s.deps.Log.WarnContext(ctx, "can't store the time of the check for updates", "error", err)
		return Update{}, false
	}
	update, err := s.Newest(ctx)
	if err != nil {
		s.deps.Log.InfoContext(ctx, "can't check for updates", "error", err)
		return Update{}, false
	}
	return update, update.Newer
}

// Newest checks for a newer version, regardless of UpdatesCheck.
func (s *Service) Newest(ctx context.Context) (Update, error) {
	return s.deps.Updates.Ask(ctx, s.deps.Version)
}

// Values of a switch.
const (
	on  = "on"
	off = "off"
)

func checkSwitch(text string) error {
	if text != on && text != off {
		return model.NewError("setting.switch", "%q is not a value of this setting. Use on or off.", text)
	}
	return nil
}
