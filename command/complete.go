package command

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
)

// completer returns the possible next arguments after args, each optionally with a tab and a description.
type completer func(ctx context.Context, s *app.Services, args []string) ([]string, error)

// complete returns the shell completion for find. If find fails there are no completions, and no message either: the
// person is in the middle of typing.
func (c *cli) complete(find completer) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		s, err := c.open(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		list, err := find(cmd.Context(), s, args)
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return safeCompletions(list), cobra.ShellCompDirectiveNoFileComp
	}
}

// safeCompletions makes completions safe to print. It drops unsafe names, since a changed name would match nothing.
func safeCompletions(list []string) []string {
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

// firstArg completes only the first argument.
func firstArg(find completer) completer {
	return func(ctx context.Context, s *app.Services, args []string) ([]string, error) {
		if len(args) > 0 {
			return nil, nil
		}
		return find(ctx, s, args)
	}
}

func completeProjects(ctx context.Context, s *app.Services, _ []string) ([]string, error) {
	list, err := s.Projects().Projects(ctx)
	return convert(list, func(p model.ProjectInfo) string { return p.Name }), err
}

// completeSteps completes a project, then those of its steps that args don't name yet.
func completeSteps(ctx context.Context, s *app.Services, args []string) ([]string, error) {
	if len(args) == 0 {
		return completeProjects(ctx, s, args)
	}
	project, err := s.Projects().Project(ctx, args[0])
	if err != nil {
		return nil, err
	}
	names := convert(project.Steps, func(step model.Step) string { return step.Name })
	named := convert(args[1:], model.NameKey)
	return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(named, model.NameKey(name)) }), nil
}

func completeEnvironments(ctx context.Context, s *app.Services, args []string) ([]string, error) {
	if len(args) == 0 {
		return nil, nil
	}
	project, err := s.Projects().Project(ctx, args[0])
	return project.Environments, err
}

func completeAccounts(ctx context.Context, s *app.Services, _ []string) ([]string, error) {
	list, err := s.Accounts().Accounts(ctx)
	return convert(list, func(a model.Account) string { return a.Name }), err
}

func completeAWSAccounts(ctx context.Context, s *app.Services, _ []string) ([]string, error) {
	list, err := s.Accounts().AWSAccounts(ctx)
	return convert(list, func(a model.AWSAccount) string { return a.ID + "\t" + cmp.Or(a.Label, a.Alias) }), err
}

// completeRuns completes the newest runs, each described by its project, status and start.
func completeRuns(ctx context.Context, s *app.Services, _ []string) ([]string, error) {
	list, err := s.Runs().Runs(ctx, model.RunFilter{Limit: 50})
	return convert(list, func(r model.Run) string {
		return strconv.FormatInt(r.ID, 10) + "\t" + r.Project + ", " + string(r.Status) + ", " + localTime(r.Started)
	}), err
}

// completePackages completes an id, then one of its versions.
func completePackages(ctx context.Context, s *app.Services, args []string) ([]string, error) {
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

func completeSettings(context.Context, *app.Services, []string) ([]string, error) {
	return convert(settings.All(), func(s settings.Setting) string { return s.Key + "\t" + s.About }), nil
}

func completeProfiles(ctx context.Context, s *app.Services, _ []string) ([]string, error) {
	list, err := s.SignIns().Profiles(ctx)
	return convert(list, func(p model.Profile) string { return p.Name + "\t" + p.About }), err
}
