package app

import (
	"context"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Now gives what is set at this moment.
func (s *Services) Now() Settings { return s.current.Load().settings }

// Runner gives the runner that works by the settings of this moment.
func (s *Services) Runner() *runner.Runner { return s.current.Load().runner }

// Set changes a setting for this process, and for every later one; an empty value is its default again. A program that is
// named has to answer first.
func (s *Services) Set(ctx context.Context, key, value string) error {
	value = strings.TrimSpace(value)
	if err := CheckSetting(key, value); err != nil {
		return err
	}
	if strings.ContainsRune(value, 0) {
		return model.NewError("setting.nul", "The value of %s holds a NUL character.", key)
	}
	if kind := toolOf(key); kind != "" && value != "" {
		if _, err := s.Tools.Try(ctx, kind, value); err != nil {
			return err
		}
	}
	if err := s.Store.SaveSettings(ctx, map[string]string{key: value}); err != nil {
		return err
	}
	return s.reload(ctx)
}

// toolOf tells which program a setting names.
func toolOf(key string) script.Kind {
	switch key {
	case SettingAWS:
		return script.AWS
	case SettingBash:
		return script.Bash
	case SettingPowerShell:
		return script.PowerShell
	case SettingWindowsPowerShell:
		return script.WindowsPowerShell
	}
	return ""
}

// reload takes the settings as they are stored.
func (s *Services) reload(ctx context.Context) error {
	s.reloading.Lock()
	defer s.reloading.Unlock()
	values, err := s.Store.Settings(ctx)
	if err != nil {
		return err
	}
	settings := Settings{values}
	s.Tools.use(settings.Programs())
	s.Library.setLimits(settings.PackageLimits())
	s.use(settings)
	return nil
}

// Plan is runner.Runner.Plan by the settings of this moment.
func (s *Services) Plan(ctx context.Context, req runner.Request) (runner.Plan, error) {
	return s.Runner().Plan(ctx, req)
}

// Preflight is runner.Runner.Preflight by the settings of this moment.
func (s *Services) Preflight(ctx context.Context, req runner.Request, o runner.PreflightOptions) (runner.Preflight, error) {
	return s.Runner().Preflight(ctx, req, o)
}

// Verify is runner.Runner.Verify by the settings of this moment.
func (s *Services) Verify(ctx context.Context, req runner.Request) (runner.Plan, []runner.Verdict, error) {
	return s.Runner().Verify(ctx, req)
}
