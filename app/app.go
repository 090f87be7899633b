// Package app builds the services that the window, the command and the end-to-end tests use. Each package below it is one
// service; this one only connects them.
package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/stepdeck/stepdeck/app/accounts"
	"github.com/stepdeck/stepdeck/app/doctor"
	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/app/signin"
	"github.com/stepdeck/stepdeck/assets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/model/vault"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/awake"
	"github.com/stepdeck/stepdeck/runner/process"
	"github.com/stepdeck/stepdeck/runner/script"
	"github.com/stepdeck/stepdeck/runner/trust"
)

// Options say how the services are opened.
type Options struct {
	DataDir string   // empty: STEPDECK_HOME in Environ, else the system's default
	Environ []string // the environment of this process
	Log     *slog.Logger
	Version Version
	// OneConnection is for a process that reads only little and briefly; see store.Options.
	OneConnection bool
	Waiting       func() // called when the keychain is probably asking the person something; may be nil
	// Unanswered is told when AWS has not answered for some seconds, on another goroutine. It may be nil.
	Unanswered func(notice *model.Error)
	// Sweeping is called when the removal of what dead runs left takes long, and goes on in the background. It may be nil.
	Sweeping func()

	sweep func(ctx context.Context, folder string) error // in tests: removes a work folder in the background
	now   func() time.Time                               // in tests: of sign-ins and runs; nil for time.Now

	// MasterKey is the vault's key from a process that has opened it; nil: the vault is opened when needed.
	MasterKey []byte

	// Ask asks the person for the vault's passphrase if nothing else opens it; nil: there is no way to ask.
	Ask func(ctx context.Context, q secrets.Question) (string, error)
}

// Services are the services of both user interfaces. They are complete when Open returns, and safe for concurrent use.
type Services struct {
	version  Version
	now      func() time.Time // nil for time.Now
	environ  []string
	log      *slog.Logger
	store    *store.Store
	silent   func(notice *model.Error) // is told that AWS doesn't answer; may be nil
	vault    *vault.Vault
	secrets  *secrets.Service
	settings *settings.Service
	library  *library.Library
	declared *library.Declared
	accounts *accounts.Service
	signIns  *signin.Service
	projects *projects.Service
	runs     *runs.Service

	bootstraps script.Bootstraps
	supervisor process.Supervisor
	runner     atomic.Pointer[runner.Runner] // with the current settings
}

// Open builds the services. It marks runs whose engine died as interrupted, and removes what they left.
func Open(ctx context.Context, o Options) (*Services, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := DataDir(o.DataDir, o.Environ)
	if err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, store.Options{Dir: dir, Log: o.Log, Version: o.Version.Number, OneConnection: o.OneConnection})
	if err != nil {
		return nil, err
	}
	s := &Services{version: o.Version, now: o.now, environ: o.Environ, log: o.Log, store: st, silent: o.Unanswered}
	s.vault = newVault(dir, o)
	s.secrets = secrets.New(s.vault, st, o.Log)
	s.runs = runs.New(runs.Deps{
		Store: st, Log: o.Log, Who: Who(o.Environ), Runner: s.runner.Load, Limits: s.limits, FindPackage: s.findPackage,
		Sweeping: o.Sweeping, RemoveWork: o.sweep,
	})
	if err := s.build(ctx, dir); err != nil {
		return nil, errors.Join(err, s.release())
	}
	s.secrets.Tidy(ctx)
	return s, nil
}

func (s *Services) build(ctx context.Context, dir string) error {
	if _, err := s.runs.Sweep(ctx); err != nil {
		return err
	}
	sample, err := fs.Sub(assets.Files, "sample")
	if err != nil {
		return fmt.Errorf("find the sample: %w", err)
	}
	if s.bootstraps, err = bootstraps(); err != nil {
		return err
	}
	s.supervisor = process.FindSupervisor(s.version.build)
	s.library = library.New(s.store, filepath.Join(dir, "packages"))
	s.settings = settings.New(ctx, settings.Deps{
		Store: s.store, Path: getenv(s.environ, "PATH"), Shell: getenv(s.environ, "SHELL"), Environ: s.environ,
		Version: s.version.Number, Log: s.log, Changed: s.applySettings,
	})
	s.declared = library.NewDeclared(filepath.Join(dir, "parameters"), s.settings.Tools())
	s.signIns = signin.New(signin.Deps{Store: s.store, Secrets: s.secrets, Environ: s.environ, Home: home(s.environ), Now: s.now, Log: s.log})
	if err := s.settings.Load(ctx); err != nil {
		return err
	}
	s.accounts = accounts.New(accounts.Deps{
		Store: s.store, Secrets: s.secrets, Configuration: configuration{s.store}, Runner: s.runner.Load, RunnerWith: s.runnerWith,
	})
	s.projects = projects.New(projects.Deps{
		Store: s.store, Secrets: s.secrets, Library: s.library, Tools: s.settings.Tools(), Scripts: s.runs.Seen(), Sample: sample,
		Bootstraps: s.bootstraps,
	})
	return nil
}

// applySettings makes new settings valid for whatever starts from now on.
func (s *Services) applySettings(values settings.Values) {
	s.library.SetLimits(values.PackageLimits())
	s.runs.Seen().Load(values.Kept())
	s.runner.Store(s.newRunner(values, s.secrets, configuration{s.store}))
}

func (s *Services) newRunner(values settings.Values, from runner.Secrets, config runner.Configuration) *runner.Runner {
	var certificates runner.Certificates
	if values.SystemCertificates() {
		certificates = trust.Bundle
	}
	var stayAwake func(context.Context) (release func())
	if values.StayAwake() {
		stayAwake = s.stayAwake
	}
	return runner.New(runner.Deps{
		Secrets: from, Packages: s.library, Tools: s.settings.Tools(), Recorder: s.runs.Recorder(),
		SignIns: s.signIns, Configuration: config, Aliases: s.store, History: s.runs.History(), Bootstraps: s.bootstraps,
		Limits: values.PackageLimits(), Artifacts: values.ArtifactLimits(), Certificates: certificates, Awake: stayAwake,
		Path:       s.settings.Tools().Path,
		Parameters: s.declared,
		Environ:    s.environ, Who: Who(s.environ), Home: home(s.environ), Supervisor: s.supervisor, Now: s.now, Log: s.log,
		Unanswered: s.silent,
	})
}

func (s *Services) stayAwake(ctx context.Context) (release func()) {
	return awake.Keep(ctx, awake.Options{Bus: getenv(s.environ, "DBUS_SYSTEM_BUS_ADDRESS"), Log: s.log})
}

func (s *Services) runnerWith(from runner.Secrets, config runner.Configuration) *runner.Runner {
	return s.newRunner(s.settings.Now(), from, config)
}

func (s *Services) limits() archive.Limits { return s.settings.Now().PackageLimits() }

func (s *Services) findPackage(ctx context.Context, id, version string) (model.Package, error) {
	return s.library.FindPackage(ctx, id, version)
}

// Accounts returns the service for accounts and AWS accounts.
func (s *Services) Accounts() *accounts.Service { return s.accounts }

// SignIns returns the service for sign-ins, and for what they lead to.
func (s *Services) SignIns() *signin.Service { return s.signIns }

// Projects returns the service for projects, their environments and their files.
func (s *Services) Projects() *projects.Service { return s.projects }

// Library returns the library of packages.
func (s *Services) Library() *library.Library { return s.library }

// Declared returns what finds out which parameters scripts declare.
func (s *Services) Declared() *library.Declared { return s.declared }

// Runs returns the service for runs and their history.
func (s *Services) Runs() *runs.Service { return s.runs }

// Settings returns the service for the settings of this computer.
func (s *Services) Settings() *settings.Service { return s.settings }

// Secrets returns the service for the secrets in the vault.
func (s *Services) Secrets() *secrets.Service { return s.secrets }

// Version returns the version of this program.
func (s *Services) Version() Version { return s.version }

// Data is the data folder.
type Data interface {
	Dir() string
	// CreateShellFolder creates a folder for a shell, which the caller removes; if this process is killed, the next one does.
	CreateShellFolder() (string, error)
	// InPlace returns an error if the folder was removed or replaced.
	InPlace() error
	// Changes reports changes by any process.
	Changes(ctx context.Context) (*store.Changes, error)
}

// Data returns the data folder.
func (s *Services) Data() Data { return s.store }

// Examine checks everything that runs need.
func (s *Services) Examine(ctx context.Context) []doctor.Finding {
	return doctor.Examine(ctx, doctor.Deps{Data: s.store, Secrets: s.secrets, Tools: s.settings.Tools(), Environ: s.environ})
}

// Close ends background work and closes the data.
func (s *Services) Close() error {
	s.runs.EndSweep()
	s.secrets.Tidy(context.Background()) // the vault may have been opened meanwhile
	return s.release()
}

func (s *Services) release() error {
	if s.signIns != nil {
		s.signIns.Close()
	}
	return errors.Join(s.runs.Close(), s.store.Close())
}

// configuration implements runner.Configuration.
type configuration struct{ *store.Store }

// AWSAccount returns what is known of an AWS account, and adds it if it is new.
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

func bootstraps() (texts script.Bootstraps, err error) {
	for name, text := range map[string]*string{
		"bootstrap.sh": &texts.Bash, "helpers.sh": &texts.BashHelpers, "beside.sh": &texts.BashBeside, "source.sh": &texts.BashSource,
		"start.sh": &texts.BashStart, "bootstrap.ps1": &texts.PowerShell, "bootstrap.py": &texts.Python,
	} {
		data, err := assets.Files.ReadFile("bootstrap/" + name)
		if err != nil {
			return script.Bootstraps{}, fmt.Errorf("read the bootstrap: %w", err)
		}
		*text = string(data)
	}
	return texts, nil
}
