package runs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/atomicfile"
)

// Artifact is a file that a script asked to keep, with the attempt at a step that it belongs to.
type Artifact struct {
	model.Artifact
	Step model.StepRun
}

// Artifacts returns all files that the scripts of a run asked to keep.
func Artifacts(run model.Run) []Artifact {
	var list []Artifact
	for _, step := range run.Steps {
		for _, a := range step.Artifacts {
			list = append(list, Artifact{a, step})
		}
	}
	return list
}

// ArtifactPath returns the path of a kept file. Whoever opens it must not change it.
func (s *Service) ArtifactPath(a Artifact) (string, error) {
	if !a.Kept() {
		return "", model.NewError("artifact.notkept", "The artifact %q was not kept. %s", a.Name, a.Missing)
	}
	path := s.deps.Store.ArtifactPath(a.Step.RunID, a.Step.ID, a.Artifact)
	switch info, err := os.Lstat(path); {
	case err != nil:
		return "", notReadable(a, err)
	case !info.Mode().IsRegular():
		return "", changed(a)
	}
	return path, nil
}

func notReadable(a Artifact, err error) error {
	return model.NewError("artifact.unreadable",
		"The artifact %q can't be read in the data folder. Somebody may have removed it there.", a.Name).Because(err)
}

func changed(a Artifact) error {
	return model.NewError("artifact.changed",
		"The artifact %q is not what the script made any more: a program or a person has changed it in the data folder.", a.Name)
}

// CopyArtifact writes the contents of a kept file to w. If they are not what the script made it is an error, and nothing is written.
func (s *Service) CopyArtifact(ctx context.Context, a Artifact, w io.Writer) error {
	path, err := s.ArtifactPath(a)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return notReadable(a, err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	if err := copyChecked(ctx, a, file, io.Discard); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return notReadable(a, err)
	}
	return copyChecked(ctx, a, file, w) // it may have changed since
}

func copyChecked(ctx context.Context, a Artifact, from io.Reader, w io.Writer) error {
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w, hash), stoppable{ctx, from}); err != nil {
		return model.NewError("artifact.copy", "The artifact %q can't be copied.", a.Name).Because(err)
	}
	if hex.EncodeToString(hash.Sum(nil)) != a.SHA256 {
		return changed(a)
	}
	return nil
}

// stoppable reads until ctx ends.
type stoppable struct {
	ctx  context.Context //nolint:containedctx // an io.Reader gets none
	from io.Reader
}

func (r stoppable) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(p)
}

// SaveArtifact writes a kept file to path, which it replaces.
func (s *Service) SaveArtifact(ctx context.Context, a Artifact, path string) error {
	err := atomicfile.WriteFrom(path, 0o600, func(w io.Writer) error { return s.CopyArtifact(ctx, a, w) })
	if err == nil || model.ErrorCode(err) != "" {
		return err
	}
	return model.NewError("artifact.save", "The file %s can't be written. Choose another place.", path).Because(err)
}

// SaveArtifacts writes kept files into a folder, which is created if it is missing, and returns their paths. A file whose name another
// one of them has gets a number. Files that are there already stay, so that the new one gets a number too, unless replace is set. One
// that can't be saved keeps none of the others from it; the error names all of them.
func (s *Service) SaveArtifacts(ctx context.Context, list []Artifact, folder string, replace bool) ([]string, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, model.NewError("artifact.folder", "The folder %s can't be created. Choose another one.", folder).Because(err)
	}
	saved, names := []string{}, map[string]bool{}
	var failed []error
	for _, a := range list {
		if !a.Kept() {
			continue
		}
		name := model.Numbered(a.Name, func(name string) bool {
			_, err := os.Lstat(filepath.Join(folder, name))
			return names[model.NameKey(name)] || !replace && err == nil
		})
		names[model.NameKey(name)] = true
		path := filepath.Join(folder, name)
		switch err := s.SaveArtifact(ctx, a, path); {
		case ctx.Err() != nil:
			return saved, err
		case err != nil:
			failed = append(failed, err)
		default:
			saved = append(saved, path)
		}
	}
	return saved, errors.Join(failed...)
}

// Opens reports whether a file with that name may be opened with the system's program for it: a document, which is shown. What can be
// carried out, such as a script or a link, is only saved: whoever made it is not who looks at it.
func Opens(name string) bool {
	return slices.Contains(documents(), strings.ToLower(filepath.Ext(name)))
}

// documents are the endings of files that are shown and not carried out.
func documents() []string {
	return []string{
		".txt", ".log", ".md", ".csv", ".tsv", ".json", ".jsonl", ".xml", ".yaml", ".yml", ".toml", ".ini", ".diff", ".patch",
		".html", ".htm", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".svg",
		".xlsx", ".docx", ".pptx", ".ods", ".odt", ".odp", ".zip", ".gz", ".tgz", ".tar", ".7z",
	}
}

// removeUnrecorded removes what an engine that died had not recorded of its run's artifacts.
func (s *Service) removeUnrecorded(ctx context.Context, run model.Run) {
	rest, err := s.deps.Store.UnrecordedArtifacts(run)
	for _, path := range rest {
		if err == nil {
			err = os.RemoveAll(path)
		}
	}
	if err != nil {
		s.deps.Log.WarnContext(ctx, "can't remove parts of artifacts", "run", run.ID, "error", err)
	}
}
