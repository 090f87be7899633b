package command

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
)

// offer says what can stand after the arguments so far; nothing is a list too.
type offer func(ctx context.Context, s *app.Services, args []string) ([]string, error)

// complete makes an offer the shell's completion. What goes wrong is no completion, and no message: the person is in the
// midst of typing.
func (c *cli) complete(offer offer) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		s, err := c.open(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		names, err := offer(cmd.Context(), s, args)
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return offered(names), cobra.ShellCompDirectiveNoFileComp
	}
}

// offered makes an offer safe to print. A name that is not is left out: another one in its place would mean nothing.
func offered(list []string) []string {
	var safe []string
	for _, item := range list {
		name, about, described := strings.Cut(item, "\t")
		switch {
		case model.SafeLine(name) != name:
		case described:
			safe = append(safe, name+"\t"+model.SafeLine(about))
		default:
			safe = append(safe, name)
		}
	}
	return safe
}

// first keeps an offer to the first argument.
func first(of offer) offer {
	return func(ctx context.Context, s *app.Services, args []string) ([]string, error) {
		if len(args) > 0 {
			return nil, nil
		}
		return of(ctx, s, args)
	}
}

// namesOf gives the name of each item.
func namesOf[T any](list []T, name func(T) string) []string {
	names := make([]string, len(list))
	for i, item := range list {
		names[i] = name(item)
	}
	return names
}

func offerProjects(ctx context.Context, s *app.Services, _ []string) ([]string, error) {
	list, err := s.Projects().Projects(ctx)
	return namesOf(list, func(p model.ProjectInfo) string { return p.Name }), err
}

// offerSteps offers projects, then the steps of the one that is named and that are not yet.
func offerSteps(ctx context.Context, s *app.Services, args []string) ([]string, error) {
	if len(args) == 0 {
		return offerProjects(ctx, s, args)
	}
	project, err := s.Projects().Project(ctx, args[0])
	if err != nil {
		return nil, err
	}
	names := namesOf(project.Steps, func(step model.Step) string { return step.Name })
	named := namesOf(args[1:], model.NameKey)
	return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(named, model.NameKey(name)) }), nil
}

func offerEnvironments(ctx context.Context, s *app.Services, args []string) ([]string, error) {
	if len(args) == 0 {
		return nil, nil
	}
	project, err := s.Projects().Project(ctx, args[0])
	return project.Environments, err
}

func offerAccounts(ctx context.Context, s *app.Services, _ []string) ([]string, error) {
	list, err := s.Accounts().Accounts(ctx)
	return namesOf(list, func(a model.Account) string { return a.Name }), err
}

func offerAWSAccounts(ctx context.Context, s *app.Services, _ []string) ([]string, error) {
	list, err := s.Accounts().AWSAccounts(ctx)
	return namesOf(list, func(a model.AWSAccount) string { return a.ID + "\t" + a.Label }), err
}

// offerRuns offers the newest runs, each with what it was.
func offerRuns(ctx context.Context, s *app.Services, _ []string) ([]string, error) {
	list, err := s.Runs().Runs(ctx, model.RunFilter{Limit: 50})
	return namesOf(list, func(r model.Run) string {
		return strconv.FormatInt(r.ID, 10) + "\t" + r.Project + ", " + string(r.Status) + ", " + clock(r.Started)
	}), err
}

// offerPackages offers ids, then the versions of the one that is named.
func offerPackages(ctx context.Context, s *app.Services, args []string) ([]string, error) {
	if len(args) > 1 {
		return nil, nil
	}
	list, err := s.Library().Packages(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, p := range list {
		name := p.Name
		if len(args) == 1 {
			if model.NameKey(p.Name) != model.NameKey(args[0]) {
				continue
			}
			name = versionText(p.Version)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, nil
}

func offerSettings(context.Context, *app.Services, []string) ([]string, error) {
	return namesOf(settings.All(), func(s settings.Setting) string { return s.Key + "\t" + s.About }), nil
}
