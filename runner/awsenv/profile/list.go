package profile

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"

	"github.com/stepdeck/stepdeck/model"
)

// Entry is one profile of a list.
type Entry struct {
	Plan       // without keys; only Profile is set if the profile can't be used
	Err  error // why it can't be used
}

// List returns the profiles of the files, sorted by name. One that can't be used is in the list with the reason; List
// itself fails only if a file can't be read.
func List(ctx context.Context, f Files) ([]Entry, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	names, ignored := f.names(ctx)
	entries := f.entries(ctx, names)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, section := range ignored {
		entries = append(entries, Entry{Plan{Profile: section}, model.NewError("profile.prefix",
			"The section [%s] of %s is not a profile. Name it [profile %s].", printable(section), f.Config, printable(section))})
	}
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Profile, b.Profile) })
	return entries, nil
}

// Names returns the names of the profiles of the files, sorted. It is quick, however many there are, and says nothing else of them.
func Names(ctx context.Context, f Files) ([]string, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	names, ignored := f.names(ctx)
	names = append(names, ignored...)
	slices.Sort(names)
	return names, ctx.Err()
}

// entries reads the profiles. The SDK parses the files anew for each, so that a thousand of them take seconds of work.
func (f Files) entries(ctx context.Context, names []string) []Entry {
	entries := make([]Entry, len(names))
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(names)) {
		all.Go(func() {
			for at := int(next.Add(1)) - 1; at < len(names) && ctx.Err() == nil; at = int(next.Add(1)) - 1 {
				entries[at] = f.entry(ctx, names[at])
			}
		})
	}
	all.Wait()
	return entries
}

func (f Files) entry(ctx context.Context, name string) Entry {
	p, err := f.plan(ctx, name)
	if err != nil {
		return Entry{Plan{Profile: name}, err}
	}
	p.Source.Keys = Keys{}
	return Entry{Plan: p}
}

// Prefix of a profile's section in the configuration file. The credentials file has none.
const prefix = "profile "

// Sections of the configuration file that aren't meant as profiles.
var otherSections = []string{"plugins", "preview"}

// names returns the names of all profiles, and of those sections that someone probably takes for profiles. The SDK has
// no function for it, but it tells a logger the name of each section that it ignores: and it ignores the profiles of the
// configuration file if it takes that for the credentials file, and the reverse.
func (f Files) names(ctx context.Context) (names, ignored []string) {
	found := map[string]bool{}
	for _, section := range sectionsIgnored(ctx, Files{Credentials: f.Config}) {
		found[strings.TrimPrefix(section, prefix)] = true
	}
	for _, section := range sectionsIgnored(ctx, Files{Config: f.Credentials}) {
		found[section] = true
	}
	var missing config.SharedConfigProfileNotExistError
	if _, err := f.load(ctx, config.DefaultSharedConfigProfile); !errors.As(err, &missing) {
		found[config.DefaultSharedConfigProfile] = true
	}
	for _, section := range sectionsIgnored(ctx, Files{Config: f.Config}) {
		if !found[section] && !slices.Contains(otherSections, section) && section != "" {
			ignored = append(ignored, section)
		}
	}
	delete(found, "")
	return slices.Collect(maps.Keys(found)), ignored
}

// sectionsIgnored returns the sections of f that the SDK ignores.
func sectionsIgnored(ctx context.Context, f Files) []string {
	var names []string
	logger := logging.LoggerFunc(func(_ logging.Classification, _ string, v ...any) {
		if len(v) == 1 {
			if name, ok := v[0].(string); ok {
				names = append(names, name)
			}
		}
	})
	// Whatever the section is called, the files are parsed first.
	_, _ = config.LoadSharedConfigProfile(ctx, "", f.option, func(o *config.LoadSharedConfigOptions) { o.Logger = logger })
	return names
}

// load reads a profile. Further files take precedence over the configuration file.
func (f Files) load(ctx context.Context, name string, further ...string) (config.SharedConfig, error) {
	return config.LoadSharedConfigProfile(ctx, name, f.option, func(o *config.LoadSharedConfigOptions) {
		o.ConfigFiles = append(o.ConfigFiles, further...)
	})
}

// option sets the files. For the SDK a nil list would mean the default ones.
func (f Files) option(o *config.LoadSharedConfigOptions) {
	o.ConfigFiles, o.CredentialsFiles = []string{}, []string{}
	if f.Config != "" {
		o.ConfigFiles = append(o.ConfigFiles, f.Config)
	}
	if f.Credentials != "" {
		o.CredentialsFiles = append(o.CredentialsFiles, f.Credentials)
	}
}
