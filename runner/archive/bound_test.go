package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// countdown is a context that ends after a number of calls.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestImpliedFoldersCount: a folder that only occurs in other names is created like any other, so it counts once.
func TestImpliedFoldersCount(t *testing.T) {
	dir := func(name string) simple { return simple{name: name + "/"} }
	text := func(name string) simple { return simple{name: name, content: "x"} }
	for _, row := range []struct {
		name    string
		entries []simple
		count   int
	}{
		{"implied", []simple{text("a/b/c/d/x")}, 5},
		{"implied by two", []simple{text("a/b/x"), text("a/c/x")}, 5},
		{"named first", []simple{dir("a"), dir("a/b"), text("a/b/x")}, 3},
		{"named later", []simple{text("a/b/x"), dir("a/b"), dir("a")}, 3},
		{"named twice", []simple{dir("a"), dir("a")}, 2},
	} {
		for _, format := range []Format{Zip, Tar, TarGz, TarBz2} {
			t.Run(row.name+"/"+string(format), func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "p.1.0.0."+string(format))
				write(t, path, build(t, format, row.entries...))
				dest := filepath.Join(t.TempDir(), "out")
				_, err := Extract(t.Context(), path, dest, Options{Limits: Limits{Entries: row.count - 1}})
				if model.ErrorCode(err) != limitCode(SettingEntries) || !strings.Contains(err.Error(), SettingEntries) {
					t.Errorf("with %d: %v", row.count-1, err)
				}
				if _, err := List(t.Context(), path, Limits{Entries: row.count - 1}); model.ErrorCode(err) != limitCode(SettingEntries) {
					t.Errorf("the listing: %v", err)
				}
				if _, err := Identify(t.Context(), path, Limits{Entries: row.count - 1}); model.ErrorCode(err) != limitCode(SettingEntries) {
					t.Errorf("the import: %v", err)
				}
				res, err := Extract(t.Context(), path, dest, Options{Limits: Limits{Entries: row.count}})
				if err != nil || res.Files+res.Folders > row.count {
					t.Errorf("with %d: %+v, %v", row.count, res, err)
				}
			})
		}
	}
}

// TestFoldersEndWithTheContext: creating folders stops when the context ends.
func TestFoldersEndWithTheContext(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var names []string
	for i := range 100 {
		names = append(names, fmt.Sprint(i))
	}
	x := newExtraction("p", root, Options{})
	if err := x.makeFolders(&countdown{t.Context(), 10}, names); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if made, _ := os.ReadDir(root.Name()); len(made) > 10 {
		t.Errorf("%d folders", len(made))
	}
}

// TestLinksAreFollowedOnce: however the links lead through each other, the work is the total length of their targets.
func TestLinksAreFollowedOnce(t *testing.T) {
	const links, repeats = 200, 400
	p := newPolicy("p", Zip, Limits{}.orDefaults(), 0)
	parts := 0
	for i := range links {
		target := "x"
		if i > 0 { // each goes through the one before, again and again
			target = strings.Repeat(fmt.Sprintf("l%d/../", i-1), repeats) + fmt.Sprintf("l%d", i-1)
		}
		parts += strings.Count(target, "/") + 1
		it := &item{raw: fmt.Sprintf("l%d", i), name: fmt.Sprintf("l%d", i), kind: link}
		if err := p.admitLink(it, target); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.checkLinks(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p.steps != parts {
		t.Errorf("%d steps for %d parts", p.steps, parts)
	}
	for _, l := range p.links {
		l.state = unresolved
	}
	if err := p.checkLinks(&countdown{t.Context(), 3}); !errors.Is(err, context.Canceled) {
		t.Errorf("it goes on: %v", err)
	}
}

// TestLinksThatLeadOut distinguishes them from those that stay inside, in any order.
func TestLinksThatLeadOut(t *testing.T) {
	for _, row := range []struct {
		name string
		out  bool
		list [][2]string
	}{
		{"to itself", false, [][2]string{{"a", "a"}}},
		{"round in a circle", false, [][2]string{{"a", "b"}, {"b", "a/../../x"}, {"c", "a/../../x"}}[:2]},
		{"beside a circle", true, [][2]string{{"a", "a"}, {"d/b", ".."}, {"c", "d/b/../x"}}},
		{"a chain of a hundred", true, chain(100, "d/up/..")},
		{"a chain of a hundred that stays", false, chain(100, "d/up")},
		{"into what is not there", false, [][2]string{{"a", "no/such/../../b"}, {"b", "c"}}},
		{"through what is not there and out", true, [][2]string{{"d/up", ".."}, {"a", "no/such/../../d/up/.."}}},
		{"in other letters", true, [][2]string{{"d/Straße", ".."}, {"a", "D/STRASSE/../x"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, backwards := range []bool{false, true} {
				p := newPolicy("p", Zip, Limits{}.orDefaults(), 0)
				list := row.list
				if backwards {
					list = nil
					for _, l := range row.list {
						list = append([][2]string{l}, list...)
					}
				}
				for _, l := range list {
					if err := p.admitLink(&item{raw: l[0], name: l[0], kind: link}, l[1]); err != nil {
						if row.out || strings.Contains(row.name, "circle") {
							continue // by itself it leads out
						}
						t.Fatal(err)
					}
				}
				if err := p.checkLinks(t.Context()); (err != nil) != row.out {
					t.Errorf("backwards %v: %v", backwards, err)
				}
			}
		})
	}
}

func chain(n int, last string) [][2]string {
	list := [][2]string{{"d/up", ".."}, {"l0", last}}
	for i := range n {
		list = append(list, [2]string{fmt.Sprintf("l%d", i+1), fmt.Sprintf("l%d", i)})
	}
	return list
}

// TestFolderSurveyIsBounded: a folder with too many entries is not read to its end.
func TestFolderSurveyIsBounded(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 * entriesAtOnce {
		write(t, filepath.Join(dir, fmt.Sprint(i)), nil)
	}
	f, err := OpenFolder(dir, Limits{Entries: 10})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	looks := &countdown{t.Context(), 1 << 30}
	if _, err := f.List(looks); model.ErrorCode(err) != limitCode(SettingEntries) {
		t.Errorf("got %v", err)
	}
	if asked := 1<<30 - looks.left; asked != 1 {
		t.Errorf("it was read in %d goes", asked)
	}
	f.limits.Entries = 1 << 20
	if _, err := f.List(&countdown{t.Context(), 3}); !errors.Is(err, context.Canceled) {
		t.Errorf("it goes on: %v", err)
	}
}
