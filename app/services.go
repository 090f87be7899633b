// Package app is the wiring: it builds the services once, for the command, for the window and for the end-to-end tests.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/stepdeck/stepdeck/assets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/model/vault"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Options say how the services are opened.
type Options struct {
	DataDir string   // empty: STEPDECK_HOME in Environ, else the system's usual place
	Environ []string // the environment of this process
	Log     *slog.Logger
	Version Version
	Waiting func() // called when the keychain probably asks the person something; nil: nobody is told
	// Sweeping is called when removing what a dead run left takes long, and goes on beside whatever is done next; nil:
	// nobody is told.
	Sweeping func()

	sweep func(ctx context.Context, folder string) error // in tests: removes a work folder, and nobody waits for it

	// MasterKey is the vault's, from a process that has opened it; nil: this one opens it itself.
	MasterKey []byte

	// Ask asks the person for the vault's passphrase where nothing else opens it; nil: nobody can be asked.
	Ask func(ctx context.Context, q vault.Question) (string, error)
}

// Services is everything that both doors work with.
type Services struct {
	Store   *store.Store
	Vault   *vault.Vault
	Secrets *Secrets
	Library *Library
	Tools   *Tools
	Version Version

	current    atomic.Pointer[state]
	reloading  sync.Mutex // so that what was read last is what stays
	bootstraps script.Bootstraps
	environ    []string
	log        *slog.Logger
	sweep      sweep
	commands   commandWatch
}

// state is what Set replaces as a whole. Nothing in it changes, so any goroutine may use it.
type state struct {
	settings Settings
	runner   *runner.Runner
}

// Open builds the services. Runs whose engine died are recorded as interrupted, and what they left is removed.
func Open(ctx context.Context, o Options) (*Services, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := DataDir(o.DataDir, o.Environ)
	if err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, store.Options{Dir: dir, Log: o.Log, Version: o.Version.Number})
	if err != nil {
		return nil, err
	}
	s := &Services{Store: st, Version: o.Version, environ: o.Environ, log: o.Log, sweep: newSweep(o)}
	if err := s.build(ctx, dir, o); err != nil {
		s.sweep.end()
		return nil, errors.Join(err, s.release())
	}
	return s, nil
}

func (s *Services) build(ctx context.Context, dir string, o Options) error {
	if _, err := s.Sweep(ctx); err != nil {
		return err
	}
	values, err := s.Store.Settings(ctx)
	if err != nil {
		return err
	}
	settings := Settings{values}
	s.Vault = newVault(dir, o)
	s.Secrets = &Secrets{s.Vault, s.Store}
	s.Tools = newTools(ctx, s.Store, settings, s.environ)
	s.Library = &Library{store: s.Store, dir: filepath.Join(dir, "packages"), limits: settings.PackageLimits()}
	if s.bootstraps, err = bootstraps(); err != nil {
		return err
	}
	s.use(settings)
	s.tidySecrets(ctx)
	return nil
}

// use makes everything work by these settings from now on.
func (s *Services) use(settings Settings) {
	s.current.Store(&state{settings, s.newRunner(settings, s.Secrets, configuration{s.Store})})
}

func (s *Services) newRunner(settings Settings, secrets runner.Secrets, known runner.Configuration) *runner.Runner {
	return runner.New(runner.Deps{
		Secrets: secrets, Packages: s.Library, Tools: s.Tools, Recorder: &recorder{Store: s.Store, services: s},
		Configuration: known, History: history{s.Store}, Bootstraps: s.bootstraps, Limits: settings.PackageLimits(),
		Environ: s.environ, Home: home(s.environ), Log: s.log,
	})
}

// Close ends the use of the data.
func (s *Services) Close() error {
	s.sweep.end()
	s.tidySecrets(context.Background()) // a vault that was opened meanwhile can be swept
	return s.release()
}

func (s *Services) release() error { return errors.Join(s.commands.close(), s.Store.Close()) }

func bootstraps() (script.Bootstraps, error) {
	bash, err := assets.Files.ReadFile("bootstrap/bootstrap.sh")
	if err != nil {
		return script.Bootstraps{}, fmt.Errorf("read the bootstrap: %w", err)
	}
	powershell, err := assets.Files.ReadFile("bootstrap/bootstrap.ps1")
	if err != nil {
		return script.Bootstraps{}, fmt.Errorf("read the bootstrap: %w", err)
	}
	helpers, err := assets.Files.ReadFile("bootstrap/helpers.sh")
	if err != nil {
		return script.Bootstraps{}, fmt.Errorf("read the bootstrap: %w", err)
	}
	return script.Bootstraps{Bash: string(bash), BashHelpers: string(helpers), PowerShell: string(powershell)}, nil
}

// PrepareDataDir makes the data folder, for its owner alone, and refuses one that is no place for secrets or a database.
func PrepareDataDir(dir string) error { return store.PrepareFolder(dir) }

// DataDir is the folder that all data lies in: the given one, STEPDECK_HOME, or the system's usual place.
func DataDir(given string, environ []string) (string, error) {
	if given == "" {
		given = getenv(environ, "STEPDECK_HOME")
	}
	if given != "" {
		dir, err := filepath.Abs(given)
		if err != nil {
			return "", fmt.Errorf("find the data folder: %w", err)
		}
		return dir, nil
	}
	var base string
	switch runtime.GOOS {
	case "windows":
		base = getenv(environ, "LOCALAPPDATA")
	case "darwin":
		base = getenv(environ, "HOME")
		if base != "" {
			base = filepath.Join(base, "Library", "Application Support")
		}
	default:
		if base = getenv(environ, "XDG_DATA_HOME"); !filepath.IsAbs(base) {
			base = ""
		}
		if home := getenv(environ, "HOME"); base == "" && home != "" {
			base = filepath.Join(home, ".local", "share")
		}
	}
	if base == "" {
		return "", model.NewError("app.datadir", "There is no home folder to keep the data in. Set STEPDECK_HOME to a folder of your own.")
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return filepath.Join(base, "Stepdeck"), nil
	}
	return filepath.Join(base, "stepdeck"), nil
}

func home(environ []string) string {
	if runtime.GOOS == "windows" {
		return getenv(environ, "USERPROFILE")
	}
	return getenv(environ, "HOME")
}

// getenv finds a variable as the system does: on Windows in any case, and the last one wins.
func getenv(environ []string, name string) string {
	found := ""
	for _, entry := range environ {
		key, value, ok := strings.Cut(entry, "=")
		if ok && (key == name || runtime.GOOS == "windows" && strings.EqualFold(key, name)) {
			found = value
		}
	}
	return found
}

// configuration is what a run needs to know beside its project.
type configuration struct{ *store.Store }

// AWSAccount gives what is known of an AWS account, and enters it where it is new.
func (c configuration) AWSAccount(ctx context.Context, id string) (model.AWSAccount, error) {
	a, err := c.Store.AWSAccount(ctx, id)
	if err != nil {
		return a, err
	}
	if a.Label == "" && a.Colour == "" && !a.Protected {
		return a, c.SawAWSAccount(ctx, id)
	}
	return a, nil
}

// history is what a run's preflight asks of the runs so far.
type history struct{ *store.Store }

// RecentRuns implements runner.History.
func (h history) RecentRuns(ctx context.Context, project string, limit int) ([]model.Run, error) {
	return h.Runs(ctx, model.RunFilter{Project: project, Limit: limit})
}

// RunningRuns implements runner.History.
func (h history) RunningRuns(ctx context.Context, project string) ([]model.Run, error) {
	return h.Runs(ctx, model.RunFilter{Project: project, Status: model.Running})
}

// KnownAWSAccount implements runner.History.
func (h history) KnownAWSAccount(ctx context.Context, id string) (model.AWSAccount, error) {
	return h.AWSAccount(ctx, id)
}

// recorder is the store, with commands looked for only after something changed.
type recorder struct {
	*store.Store
	services *Services
}

// TakeCommands gives what others ask of a run.
func (r *recorder) TakeCommands(ctx context.Context, runID int64) ([]model.RunCommand, error) {
	return r.services.commands.take(ctx, r.Store, runID)
}

// Who names the person at this computer for the record of a run.
func Who(environ []string) string {
	user := getenv(environ, "USER")
	if user == "" {
		user = getenv(environ, "USERNAME")
	}
	if user == "" {
		user = getenv(environ, "LOGNAME")
	}
	host, err := os.Hostname()
	switch {
	case err != nil || host == "":
		return user
	case user == "":
		return host
	}
	return user + "@" + host
}
