package runner

import (
	"context"
	"path"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/octopus"
	"github.com/stepdeck/stepdeck/runner/script"
)

// The most scripts beside a step's own that are read to find out what it uses, and their size together in bytes.
const (
	maxBeside      = 100
	maxBesideBytes = 4 << 20
)

// uses returns what a step's script uses, with the scripts of its package or folder that it names. If those can't all be read, it may
// use anything.
func (p *planner) uses(ctx context.Context, sp *StepPlan) octopus.Uses {
	own := p.sources.usesOf(sp.Language, sp.Written)
	if sp.Step.Script.Source == model.SourceInline || sp.Entry == "" {
		return own
	}
	b := beside{language: sp.Language, entry: sp.Entry}
	var err error
	switch sp.Step.Script.Source {
	case model.SourcePackage:
		err = p.sources.besideInPackage(ctx, &b, sp)
	case model.SourceFolder:
		err = p.sources.besideInFolder(ctx, &b, sp)
	}
	if err != nil || b.tooMuch {
		return octopus.Anything()
	}
	return octopus.Merge(append(b.uses, own)...)
}

// beside reads the scripts beside a step's own.
type beside struct {
	language model.Language
	entry    string // the step's own
	uses     []octopus.Uses
	bytes    int64
	tooMuch  bool
}

func (s *sources) besideInPackage(ctx context.Context, b *beside, sp *StepPlan) error {
	if sp.Package == nil {
		return nil
	}
	return b.read(s.listings[sp.packageKey], sp.Written, func(e archive.Entry) ([]byte, error) {
		return s.deps.Packages.ReadFile(ctx, *sp.Package, e.Name, maxBesideBytes)
	})
}

func (s *sources) besideInFolder(ctx context.Context, b *beside, sp *StepPlan) error {
	f, err := archive.OpenFolder(sp.Folder, s.deps.Limits)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	listing, err := f.List(ctx)
	if err != nil {
		return err
	}
	return b.read(listing, sp.Written, func(e archive.Entry) ([]byte, error) { return f.ReadFile(ctx, e.Name, maxBesideBytes) })
}

// read reads the scripts that a text names, and those that they name.
func (b *beside) read(listing archive.Listing, text string, read func(archive.Entry) ([]byte, error)) error {
	done := map[string]bool{b.entry: true}
	for texts := []string{text}; len(texts) > 0 && !b.tooMuch; texts = texts[1:] {
		for _, e := range listing.Entries {
			if done[e.Name] || !isScript(e.Name) || !namesFile(texts[0], e.Name) {
				continue
			}
			done[e.Name] = true
			if b.bytes += e.Size; b.bytes > maxBesideBytes || len(b.uses) >= maxBeside {
				b.tooMuch = true
				return nil
			}
			data, err := read(e)
			if err != nil {
				return err
			}
			next, _ := script.Decode(data)
			b.uses = append(b.uses, octopus.Find(b.language, next))
			texts = append(texts, next)
		}
	}
	return nil
}

// isScript reports whether scripts can load a file by its extension.
func isScript(name string) bool {
	return model.LanguageOf(name) != "" || strings.EqualFold(path.Ext(name), ".psm1")
}

// namesFile reports whether a text names a file, or all of its kind.
func namesFile(text, name string) bool {
	text = strings.ToLower(text)
	base := strings.ToLower(path.Base(name))
	ext := path.Ext(base)
	return strings.Contains(text, strings.TrimSuffix(base, ext)) || strings.Contains(text, "*"+ext)
}
