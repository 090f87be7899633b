package runner

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/artifact"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// keeper keeps the files that the script of a step asks for: as they are at its end, when an Octopus server would collect them. A file is
// also copied as soon as the script names it, for a script that removes it and a run that ends before its time.
type keeper struct {
	*stepRun
	ctx    context.Context //nolint:containedctx // messages come without one
	folder string          // of the script
	mu     sync.Mutex      // guards the fields below: messages may come from both streams at once
	list   []*keeping
	known  map[asked]*keeping
	names  map[string]bool // that are taken, by their keys
	beyond int             // files that there was no room for in the list
}

// asked is what a script asked to keep: a file, and the name for it.
type asked struct{ path, name string }

// keeping is a file that a script asked to keep.
type keeping struct {
	model.Artifact
	path string
	held int64          // how much of the run's room it takes
	file *artifact.File // as it was copied, closed; nil: it wasn't yet
}

func (s *stepRun) newKeeper(ctx context.Context, folder string) *keeper {
	return &keeper{stepRun: s, ctx: ctx, folder: folder, known: map[asked]*keeping{}, names: map[string]bool{}}
}

// take carries out a message that asks to keep a file.
func (k *keeper) take(m joblog.Message) {
	path, _ := m.Value("path")
	name, _ := m.Value("name")
	if strings.TrimSpace(path) == "" {
		k.log.Say(model.LevelWarning, "The script asked to keep an artifact and did not say which file. It was ignored.")
		return
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(k.folder, path)
	}
	ctx, done := untilKilled(k.ctx, k.stopper.killed)
	defer done()
	k.mu.Lock()
	defer k.mu.Unlock()
	if a := k.entry(path, name); a != nil {
		_ = k.keep(ctx, a) // finish tries again, and warns
	}
}

// entry returns the entry for a file in the list. It is nil if there is no room for another one.
func (k *keeper) entry(path, name string) *keeping {
	if strings.TrimSpace(name) == "" {
		name = path[strings.LastIndexAny(path, `/\`)+1:]
	}
	key := asked{path, model.ArtifactName(k.masking.text(name))}
	if a := k.known[key]; a != nil {
		return a
	}
	if !k.room.addFile() {
		k.sayBeyond()
		return nil
	}
	a := &keeping{path: path}
	a.Number = len(k.list) + 1
	a.Name = model.Numbered(key.name, func(name string) bool { return k.names[model.NameKey(name)] })
	k.names[model.NameKey(a.Name)] = true
	k.list = append(k.list, a)
	k.known[key] = a
	return a
}

func (k *keeper) sayBeyond() {
	if k.beyond++; k.beyond == 1 {
		k.log.Say(model.LevelWarning, fmt.Sprintf(
			"The scripts of the run asked to keep more than %d artifacts. The rest is not kept. The setting artifact.files can allow more.",
			k.room.limits.Files))
	}
}

// keep copies the file of an entry unless it is kept as it is, and records what came of it. If a changed file can't be copied, the
// copy from before stays.
func (k *keeper) keep(ctx context.Context, a *keeping) error {
	if a.file != nil {
		if same, err := a.file.Unchanged(ctx, a.path); same || err != nil {
			return err
		}
	}
	before := a.Artifact
	next, err := k.copy(ctx, *a)
	switch {
	case err == nil:
		*a = next
	case a.file == nil:
		a.Missing = k.masking.text(err.Error())
		if a.At.IsZero() {
			a.At = k.runner.deps.Now()
		}
	}
	if a.Artifact != before {
		k.record(a, before)
	}
	return err
}

// copy copies the file of an entry.
func (k *keeper) copy(ctx context.Context, a keeping) (keeping, error) {
	file, err := k.runner.artifacts.Open(ctx, a.path)
	if err != nil {
		return a, err
	}
	defer file.Close() //nolint:errcheck,contextcheck // it was only read, and is closed whatever has ended
	most, err := k.room.hold(file.Size(), a.held)
	if err != nil {
		return a, err
	}
	secrets := newSecretScan(k.masking.masker)
	got, err := file.Copy(ctx, k.runner.deps.Recorder.ArtifactPath(k.run.ID, k.row.get().ID, a.Artifact), most, secrets)
	found := secrets.close()
	if err != nil {
		k.room.settle(file.Size(), a.held)
		return a, err
	}
	k.room.settle(file.Size(), got.Size)
	a.file, a.held = file, got.Size
	a.Size, a.SHA256, a.At, a.HoldsSecret, a.Missing = got.Size, got.SHA256, k.runner.deps.Now(), found, ""
	return a, nil
}

// record stores an entry, and says in the log what was kept.
func (k *keeper) record(a *keeping, before model.Artifact) {
	if err := k.recorder.saveArtifact(k.row.get().ID, a.Artifact); err != nil {
		k.runner.deps.Log.Warn("record an artifact", "run", k.run.ID, "error", err)
	}
	list := make([]model.Artifact, len(k.list))
	for i, one := range k.list {
		list[i] = one.Artifact
	}
	step, err := k.row.update(soon, func(row *model.StepRun) { row.Artifacts = list })
	k.warnStale(err)
	if !a.Kept() {
		return // the script may still write it: see finish
	}
	k.log.Say(model.LevelVerbose, fmt.Sprintf("Kept the artifact %q: %s, SHA-256 %s.", a.Name, model.FormatBytes(a.Size), a.SHA256))
	if a.HoldsSecret && !before.HoldsSecret {
		k.log.Say(model.LevelWarning, fmt.Sprintf(
			"The artifact %q contains a secret, which is kept with it: nothing is hidden in files. Delete the run if that must not be.", a.Name))
	}
	k.watch.Artifact(step, a.Artifact)
}

// finish keeps the files as they are once the script has ended, and warns of those that it can't keep.
func (k *keeper) finish(ctx context.Context) {
	ctx, done := untilKilled(ctx, k.stopper.killed)
	defer done()
	k.mu.Lock()
	defer k.mu.Unlock()
	problems := k.beyond
	for _, a := range k.list {
		err := k.keep(ctx, a)
		switch {
		case err == nil, a.Kept() && model.ErrorCode(err) == artifact.CodeMissing: // the script has removed it
			continue
		case a.Kept():
			k.log.Say(model.LevelWarning, fmt.Sprintf("The artifact %q is kept as it was before, and could not be kept again. %v", a.Name, err))
		default:
			k.log.Say(model.LevelWarning, fmt.Sprintf("The artifact %q is not kept. %s", a.Name, a.Missing))
			k.watch.Artifact(k.row.get(), a.Artifact)
		}
		problems++
	}
	if problems > 0 {
		k.warn(model.Count(problems, "artifact", "artifacts") + " of the script could not be kept. The log says why.")
	}
}
