package archive

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Entry is one file of a package.
type Entry struct {
	Name       string // cleaned, parts joined by "/"
	Size       int64
	Executable bool
	Modified   time.Time
}

// Listing is what unpacking would create, in the order of the package.
type Listing struct {
	Format   Format // "" for a plain folder
	Entries  []Entry
	Folders  []string // named or implied by the package, sorted
	Warnings []Warning
}

// List lists a package without unpacking it. Of a zip it reads only the directory.
func List(ctx context.Context, path string, limits Limits) (Listing, error) {
	a, err := Open(path, "", limits)
	if err != nil {
		return Listing{}, err
	}
	defer a.Close() //nolint:errcheck // read only
	return a.List(ctx)
}

// List is [List] for an open package.
func (a *Archive) List(ctx context.Context) (Listing, error) {
	if a.format.isZip() {
		return a.listZip(ctx, false)
	}
	return a.listTar(ctx)
}

func (a *Archive) listZip(ctx context.Context, local bool) (Listing, error) {
	entries, p, err := a.scanZip(ctx, local)
	if err != nil {
		return Listing{}, err
	}
	l := Listing{Format: a.format, Entries: make([]Entry, 0, len(entries)), Folders: p.folders()}
	for i := range entries {
		l.add(&entries[i].item, entries[i].target)
	}
	return l, nil
}

func (a *Archive) listTar(ctx context.Context) (_ Listing, err error) {
	defer recoverTo(&err, a.name)
	t, err := a.openTar(ctx)
	if err != nil {
		return Listing{}, err
	}
	defer t.close()
	l := Listing{Format: a.format}
	for {
		err := t.next()
		if errors.Is(err, io.EOF) {
			l.Folders = t.policy.folders()
			return l, nil
		}
		if err != nil {
			return Listing{}, err
		}
		l.add(&t.entry, t.target)
	}
}

func (l *Listing) add(it *item, target string) {
	switch {
	case it.own:
	case it.kind == file:
		l.Entries = append(l.Entries, Entry{Name: it.name, Size: it.size, Executable: it.exec, Modified: it.modified})
	case it.kind == link:
		l.Warnings = append(l.Warnings, skippedLink(it.raw, target))
	}
}

// folders returns all folders that the package names or implies, parents first.
func (p *policy) folders() []string {
	var names []string
	for _, seen := range p.seen {
		if seen.kind == folder {
			names = append(names, seen.name)
		}
	}
	slices.Sort(names) // a folder's name is a prefix of what is in it
	return names
}

// Find returns the file that a person means by name: with "/" or "\", in any case and Unicode form, with or without
// "./".
func (l Listing) Find(name string) (Entry, error) {
	wanted := findKey(name)
	for _, e := range l.Entries {
		if e.Name == name {
			return e, nil
		}
	}
	for _, e := range l.Entries {
		if findKey(e.Name) == wanted {
			return e, nil
		}
	}
	near, holder := l.nearest(wanted), "package"
	if l.Format == "" {
		holder = "folder"
	}
	switch {
	case len(l.Entries) == 0:
		return Entry{}, model.NewError("archive.file.none", "The %s has no file %s: it is empty.", holder, shown(name))
	case len(near) == 0:
		return Entry{}, model.NewError("archive.file.missing", "The %s has no file %s. Choose one that it has (%s).", holder,
			shown(name), model.Count(len(l.Entries), "file", "files"))
	}
	for i := range near {
		near[i] = shown(near[i])
	}
	return Entry{}, model.NewError("archive.file.near", "The %s has no file %s. Did you mean %s?",
		holder, shown(name), strings.Join(near, ", "))
}

func findKey(name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	if !strings.Contains("/"+name, "/.") && !strings.Contains(name, "//") {
		return model.NameKey(strings.Trim(name, "/"))
	}
	var parts []string
	for part := range strings.SplitSeq(name, "/") {
		switch {
		case part == "" || part == ".":
		case part == ".." && len(parts) > 0:
			parts = parts[:len(parts)-1]
		default:
			parts = append(parts, part)
		}
	}
	return model.NameKey(strings.Join(parts, "/"))
}

// nearestCount is how many names are listed in a sentence.
const nearestCount = 3

// nearest returns what the person may have meant: first the same file name in another folder, then names that differ by
// a few letters.
func (l Listing) nearest(wanted string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var found []candidate
	base := baseOf(wanted)
	for _, e := range l.Entries {
		key := findKey(e.Name)
		switch d := distance(base, baseOf(key), len(base)/3+1); {
		case baseOf(key) == base:
			found = append(found, candidate{e.Name, 0})
		case withoutExtension(baseOf(key)) == withoutExtension(base):
			found = append(found, candidate{e.Name, 1})
		case d >= 0:
			found = append(found, candidate{e.Name, 1 + d})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	names := make([]string, 0, nearestCount)
	for _, c := range found[:min(len(found), nearestCount)] {
		names = append(names, c.name)
	}
	return names
}

func baseOf(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

func withoutExtension(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return name[:i]
	}
	return name
}

// distance is the Levenshtein distance of a and b, or -1 if it is more than most.
func distance(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > most || len(y)-len(x) > most {
		return -1
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before := row[0]
		row[0] = i + 1
		least := row[0]
		for j := range y {
			change := before
			if x[i] != y[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, before+1, row[j]+1)
			least = min(least, row[j+1])
		}
		if least > most {
			return -1
		}
	}
	if row[len(y)] > most {
		return -1
	}
	return row[len(y)]
}
