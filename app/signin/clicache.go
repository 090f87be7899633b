package signin

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awsenv/console"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
)

// cachePath returns the path of the file in which the aws command keeps the sign-in of a profile's source; empty for sources for
// which nobody signs in.
func (s *Service) cachePath(from profile.Source) string {
	switch from.Kind {
	case profile.LoginSession:
		return console.CachePath(s.loginCache(), from.LoginSession)
	case profile.SSO, profile.SSOSession:
		return identitycenter.CachePath(filepath.Join(s.deps.Home, ".aws", "sso", "cache"), cmp.Or(from.SSO.Session, from.SSO.StartURL))
	}
	return ""
}

// loginCache returns the folder in which the aws command keeps sign-ins with the console.
func (s *Service) loginCache() string {
	for _, entry := range s.deps.Environ {
		if folder, found := strings.CutPrefix(entry, "AWS_LOGIN_CACHE_DIRECTORY="); found && folder != "" {
			return folder
		}
	}
	return filepath.Join(s.deps.Home, ".aws", "login", "cache")
}

// cachePathOf is cachePath for an account's profile, which is read once: a run that waits asks four times a second.
func (s *Service) cachePathOf(ctx context.Context, a model.Account) string {
	if a.Kind != model.KindProfile {
		return ""
	}
	s.mu.Lock()
	path, known := s.caches[a.Profile]
	s.mu.Unlock()
	if known {
		return path
	}
	plan, err := profile.Resolve(ctx, awsenv.ProfileFiles(s.deps.Environ, s.deps.Home), a.Profile)
	if err != nil {
		return "" // whoever wants its keys is told
	}
	path = s.cachePath(plan.Source)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.caches[a.Profile] = path
	return path
}

// stateOf returns a text that changes when a file is written; empty if there is none, or nothing is in it yet.
func stateOf(path string) string {
	info, err := os.Stat(path)
	if err != nil || info.Size() == 0 {
		return ""
	}
	return fmt.Sprint(info.ModTime().UnixNano(), " ", info.Size())
}

// forgetCached makes the next request read the file of the aws command anew.
func (s *Service) forgetCached(path string) {
	if path == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, r := range s.console {
		if strings.HasPrefix(key, path+" ") {
			r.Forget()
		}
	}
	for key, r := range s.center {
		if strings.HasPrefix(key, path+" ") {
			r.Forget()
		}
	}
}
