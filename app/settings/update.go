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

// Where releases are asked for, and where a person reads of them.
const (
	releasesAPI  = "https://api.github.com/repos/stepdeck/stepdeck/releases/latest"
	releasesPage = "https://github.com/stepdeck/stepdeck/releases"
)

// UpdatesCheck is on when the window may ask once a day whether there is a newer version.
const UpdatesCheck = "update.check"

// updatesChecked holds the time of the last such question, in RFC 3339.
const updatesChecked = "update.checked"

const (
	updateEvery  = 24 * time.Hour
	updateWithin = 15 * time.Second
	updateBytes  = 1 << 20 // an answer is a few KiB
)

// Update is what is known of newer versions.
type Update struct {
	Current string `json:"current"`
	Newest  string `json:"newest"`
	Newer   bool   `json:"newer"` // Newest comes after Current
	Page    string `json:"page"`  // where a person reads of it and downloads it; Stepdeck never does
}

// Updates asks for the newest release: one HTTPS request, which tells nothing but Stepdeck's own version. It downloads
// nothing and starts nothing.
type Updates struct {
	URL    string       // empty: the project's releases
	Client *http.Client // nil: one that goes through the system's proxy
}

// Ask compares the newest release with the version at hand.
func (u Updates) Ask(ctx context.Context, current string) (Update, error) {
	ctx, cancel := context.WithTimeout(ctx, updateWithin)
	defer cancel()
	newest, page, err := u.newest(ctx, current)
	if err != nil {
		return Update{}, model.NewError("update.asked", "Whether there is a newer version can't be found out now. Look at %s.", releasesPage).Because(err)
	}
	here, err := model.ParseVersion(afterTag.ReplaceAllString(current, ""))
	if err != nil {
		return Update{}, err
	}
	return Update{Current: current, Newest: newest.Normalized(), Newer: newest.Compare(here) > 0, Page: page}, nil
}

// afterTag is what git adds to a tag for a build of later commits: such a build is not older than its tag.
var afterTag = regexp.MustCompile(`(-[0-9]+-g[0-9a-f]+)?(-dirty)?$`)

func (u Updates) newest(ctx context.Context, current string) (newest model.Version, page string, err error) {
	url, client := u.URL, u.Client
	if url == "" {
		url = releasesAPI
	}
	if client == nil {
		client = &http.Client{}
	}
	// What is asked over TLS is not answered without it.
	safe := *client
	safe.CheckRedirect = func(next *http.Request, before []*http.Request) error {
		if next.URL.Scheme != "https" || len(before) > 3 {
			return errors.New("the answer leads elsewhere")
		}
		return nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return newest, "", err
	}
	if request.URL.Scheme != "https" {
		return newest, "", fmt.Errorf("%s is not asked over TLS", url)
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
		return newest, "", fmt.Errorf("the answer is no release: %w", err)
	}
	newest, err = model.ParseVersion(strings.TrimPrefix(answer.Tag, "v"))
	if err != nil || answer.Draft || answer.Prerelease {
		return newest, "", fmt.Errorf("the answer is no release: %q", answer.Tag)
	}
	// An answer leads a person to the project's own pages and nowhere else.
	if !strings.HasPrefix(answer.Page, releasesPage+"/") {
		answer.Page = releasesPage
	}
	return newest, answer.Page, nil
}

// DailyUpdate asks for a newer version if the person wants that and it has not been asked for a day. False: nothing is to
// be told. What goes wrong is logged alone: nobody waits for this.
func (s *Service) DailyUpdate(ctx context.Context) (Update, bool) {
	values, err := s.Kept(ctx)
	if err != nil || values[UpdatesCheck] != on {
		return Update{}, false
	}
	now := time.Now()
	if last, err := time.Parse(time.RFC3339, values[updatesChecked]); err == nil && now.Sub(last) < updateEvery && !last.After(now) {
		return Update{}, false
	}
	// Kept before it is asked: a place that does not answer is not asked at each start either.
	if err := s.Keep(ctx, map[string]string{updatesChecked: now.UTC().Format(time.RFC3339)}); err != nil {
		s.deps.Log.WarnContext(ctx, "the time of the look for updates is not kept", "error", err)
		return Update{}, false
	}
	update, err := s.Newest(ctx)
	if err != nil {
		s.deps.Log.InfoContext(ctx, "no look for updates", "error", err)
		return Update{}, false
	}
	return update, update.Newer
}

// Newest asks for the newest version because a person wants to know.
func (s *Service) Newest(ctx context.Context) (Update, error) {
	return s.deps.Updates.Ask(ctx, s.deps.Version)
}

// Values of a setting that is a choice of two.
const (
	on  = "on"
	off = "off"
)

func checkSwitch(text string) error {
	if text != on && text != off {
		return model.NewError("setting.switch", "%q is neither on nor off.", text)
	}
	return nil
}
