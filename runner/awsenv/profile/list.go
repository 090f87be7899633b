package profile

import (
	"context"
	"maps"
	"slices"
	"strings"

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
	r, err := f.open()
	if err != nil {
		return nil, err
	}
	if err := r.start(); err != nil {
		return nil, err
	}
	defer r.end()
	entries := make([]Entry, 0, len(r.profiles)+len(r.strays))
	for name := range r.profiles {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		entries = append(entries, r.entry(ctx, name))
	}
	for _, head := range r.straysOnly() {
		entries = append(entries, Entry{Plan{Profile: head}, model.NewError("profile.prefix",
			"The section [%s] of %s is not a profile. Name it [profile %s].", printable(head), f.Config, printable(head))})
	}
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Profile, b.Profile) })
	return entries, nil
}

// Names returns the names of the profiles of the files, sorted, and says nothing else of them.
func Names(ctx context.Context, f Files) ([]string, error) {
	r, err := f.open()
	if err != nil {
		return nil, err
	}
	names := append(slices.Collect(maps.Keys(r.profiles)), r.straysOnly()...)
	slices.Sort(names)
	return names, ctx.Err()
}

func (r *reader) entry(ctx context.Context, name string) Entry {
	p, err := r.plan(ctx, name)
	if err != nil {
		return Entry{Plan{Profile: name}, err}
	}
	p.Source.Keys = Keys{}
	return Entry{Plan: p}
}

// straysOnly returns the strays that don't have the name of a profile.
func (r *reader) straysOnly() []string {
	return slices.DeleteFunc(slices.Clone(r.strays), func(head string) bool { return r.profiles[head] != nil })
}
