package runner

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// kept lists what a step run keeps: name and contents, or name and reason.
func (w *world) kept(t *testing.T, stepRun int64) []string {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	list := []string{}
	for n := 1; n <= len(w.artifacts[stepRun]); n++ {
		a := w.artifacts[stepRun][n]
		if !a.Kept() {
			list = append(list, a.Name+": "+strings.ReplaceAll(a.Missing, w.dir, "DIR"))
			continue
		}
		text, err := os.ReadFile(w.ArtifactPath(1, stepRun, a))
		if err != nil || int64(len(text)) != a.Size || a.At.IsZero() {
			t.Errorf("%+v: %d bytes, %v", a, len(text), err)
		}
		mark := map[bool]string{true: "!"}[a.HoldsSecret]
		list = append(list, a.Name+" = "+strings.TrimSuffix(string(text), "\n")+mark)
	}
	return list
}

func TestKeeping(t *testing.T) {
	const atWork, instead = "DIR/w/00001001/c/", ": write what comes from it into a file."
	for name, row := range map[string]struct {
		body string
		want []string
	}{
		"at once":     {"echo a >f; new_octopusartifact f; KEPT; rm f", []string{"f = a"}},
		"with a name": {"echo a >f; new_octopusartifact f 'the name.txt'", []string{"the name.txt = a"}},
		"later":       {"new_octopusartifact f; echo a >f", []string{"f = a"}},
		"changed":     {"echo a >f; new_octopusartifact f; echo b >>f", []string{"f = a\nb"}},
		"twice":       {"echo a >f; new_octopusartifact f; KEPT; echo bb >f; new_octopusartifact f", []string{"f = bb"}},
		"two names":   {"for i in a b; do echo $i >f; new_octopusartifact f $i.txt; done", []string{"a.txt = b", "b.txt = b"}},
		"one name": {"mkdir d; echo a >F.txt; echo b >d/f.txt; new_octopusartifact F.txt; new_octopusartifact d/f.txt",
			[]string{"F.txt = a", "f (2).txt = b"}},
		"never":        {"new_octopusartifact f", []string{`f: There is no file "` + atWork + `f".`}},
		"a folder":     {"new_octopusartifact .", []string{`artifact: "` + atWork + `." is no file but a folder: pack it into one file.`}},
		"a pipe":       {"mkfifo f; new_octopusartifact f", []string{`f: "` + atWork + `f" is no file but a pipe` + instead}},
		"a device":     {"ln -s /dev/zero f; new_octopusartifact f", []string{`f: "` + atWork + `f" is no file but a device` + instead}},
		"a bad name":   {"echo a >f; new_octopusartifact f $'/../nul\\n\\e[31m/'", []string{"_.._nul__[31m_ = a"}},
		"no path":      {"echo \"##octopus[createArtifact name='$(printf x | base64)']\"", []string{}},
		"relative":     {"echo a >f; mkdir d; cd d; echo \"##octopus[createArtifact path='$(printf f | base64)']\"", []string{"f = a"}},
		"error stream": {"echo a >f; new_octopusartifact f >&2", []string{"f = a"}},
		"a secret":     {"printf 'x=hunter2-hunter2 y' >f; new_octopusartifact f", []string{"f = x=hunter2-hunter2 y!"}},
		"a UTF-16 secret": {`printf '\xff\xfeh\0u\0n\0t\0e\0r\0002\0-\0h\0u\0n\0t\0e\0r\0002\0' >f; new_octopusartifact f`,
			[]string{"f = \xff\xfeh\x00u\x00n\x00t\x00e\x00r\x002\x00-\x00h\x00u\x00n\x00t\x00e\x00r\x002\x00!"}},
		"a secret name":         {"echo a >f; new_octopusartifact f hunter2-hunter2.txt", []string{"________.txt = a"}},
		"a step that fails":     {"echo a >f; new_octopusartifact f; exit 3", []string{"f = a"}},
		"a step that is killed": {"echo a >f; new_octopusartifact f; echo b >f; kill -KILL $$", []string{"f = b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r, project := newWorld(t)
			seen := filepath.Join(w.dir, "artifacts", "1-1", "f")
			body := strings.ReplaceAll(row.body, "KEPT", "while [ ! -e '"+seen+"' ]; do sleep 0.02; done")
			project.Steps = []model.Step{bashStep("A", body, nil)}
			project.Steps[0].Script.Parameters = "#{Password}" // the secret is opened
			run, err := r.Run(t.Context(), Request{Project: project}, w, nil)
			if err != nil {
				t.Fatal(err)
			}
			step := run.Steps[0]
			if got := w.kept(t, step.ID); !slices.Equal(got, row.want) {
				t.Errorf("%q\nwant %q\n%s\n%s", got, row.want, step.Message, w.logged(step.ID))
			}
			if len(step.Artifacts) != len(row.want) {
				t.Errorf("the run has %+v", step.Artifacts)
			}
			missing := strings.Contains(strings.Join(row.want, ""), ": ")
			if warned := strings.Contains(w.logged(step.ID), "is not kept."); warned != missing || missing != (step.Status == model.Warning) {
				t.Errorf("%s: %s\n%s", step.Status, step.Message, w.logged(step.ID))
			}
			if secret := strings.HasSuffix(strings.Join(row.want, ""), "!"); secret != strings.Contains(w.logged(step.ID), "contains a secret") {
				t.Errorf("the log is %q", w.logged(step.ID))
			}
			if left, _ := filepath.Glob(filepath.Join(w.dir, "artifacts", "*", ".*")); len(left) > 0 {
				t.Errorf("%q is left", left)
			}
		})
	}
}

func TestLimitsOfArtifacts(t *testing.T) {
	const flood = "for i in $(seq %d); do echo $i >$i; new_octopusartifact $i; done"
	for name, row := range map[string]struct {
		limits model.ArtifactLimits
		body   string
		want   []string
		says   string
	}{
		"a file": {model.ArtifactLimits{FileBytes: 5, RunBytes: 100, Files: 9}, "echo 12345 >f; new_octopusartifact f",
			[]string{"f: It has 6 B. The setting artifact.fileBytes allows 5 B."}, "1 artifact of the script"},
		"a run": {model.ArtifactLimits{FileBytes: 5, RunBytes: 5, Files: 9}, fmt.Sprintf(flood, 3),
			[]string{"1 = 1", "2 = 2", "3: It has 2 B, and 1 B are left of the 5 B that the setting artifact.runBytes allows for a run."},
			"1 artifact of the script"},
		"a changed file takes its room once": {model.ArtifactLimits{FileBytes: 5, RunBytes: 5, Files: 9},
			"for i in 1 2 3 4 5 6; do echo $i >f; new_octopusartifact f; done", []string{"f = 6"}, ""},
		"a flood": {model.ArtifactLimits{FileBytes: 9, RunBytes: 900, Files: 2}, fmt.Sprintf(flood, 40),
			[]string{"1 = 1", "2 = 2"}, "38 artifacts of the script"},
		"a file that grew too large keeps its first part": {model.ArtifactLimits{FileBytes: 3, RunBytes: 900, Files: 2},
			"echo 1 >f; new_octopusartifact f; while [ ! -e KEPT ]; do sleep 0.02; done; echo 2345 >>f", []string{"f = 1"},
			"1 artifact of the script"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r, project := newWorld(t)
			r.deps.Artifacts = row.limits
			body := strings.ReplaceAll(row.body, "KEPT", "'"+filepath.Join(w.dir, "artifacts", "1-1", "f")+"'")
			project.Steps = []model.Step{bashStep("A", body, nil)}
			run, err := r.Run(t.Context(), Request{Project: project}, w, nil)
			if got := w.kept(t, run.Steps[0].ID); err != nil || !slices.Equal(got, row.want) {
				t.Errorf("%q, %v, want %q", got, err, row.want)
			}
			if !strings.HasPrefix(run.Steps[0].Message, row.says) || row.says == "" && run.Status != model.Succeeded {
				t.Errorf("%s: %q", run.Status, run.Steps[0].Message)
			}
			if n := strings.Count(w.logged(run.Steps[0].ID), "The setting artifact.files"); n > 1 {
				t.Errorf("the log says %d times that there are too many", n)
			}
		})
	}
}

// What a script named before it was stopped is kept, and no stop waits for it.
func TestKeepingWhenTheRunEnds(t *testing.T) {
	for how, want := range interruptions {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w, r, project := newWorld(t)
			w.at, w.passed = moment{name: "a script", nth: 1}, nil
			req, stopper := Request{Project: project}, NewStopper()
			// Messages are handled after the lines that came with them, and none is after a kill: the second one's copy shows that both were.
			kept := "'" + filepath.Join(w.dir, "artifacts", "1-2", "f") + "'"
			body := "echo a >f; new_octopusartifact never; new_octopusartifact f\nuntil [ -e " + kept + " ]; do sleep 0.02; done\n" +
				"echo b >>f; echo waiting\nwhile :; do sleep 0.02; done"
			req.Project.Steps = []model.Step{bashStep("A", body, nil)}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			want.arm(w, r, &req, cancel, stopper)
			run, err := r.Run(ctx, req, w, stopper)
			if err != nil || run.Status != want.status {
				t.Errorf("%s, %v", run.Status, err)
			}
			if got := w.kept(t, run.Steps[0].ID); len(got) != 2 || !strings.HasPrefix(got[0], "never: There is no file") || got[1] != "f = a\nb" {
				t.Errorf("%q; the log is\n%s", got, w.logged(run.Steps[0].ID))
			}
		})
	}
}

// silent is a file of a share that is gone: nothing comes of it until the test has ended.
type silent struct {
	fs.File
	ended <-chan struct{}
}

func (s silent) Read([]byte) (int, error) {
	<-s.ended
	return 0, io.EOF
}

func TestAFileThatDoesNotAnswerIsNotKept(t *testing.T) {
	w, r, project := newWorld(t)
	r.artifacts.Patience = 10 * time.Millisecond
	r.artifacts.From = func(path string) (fs.File, error) {
		file, err := os.Open(path)
		return silent{file, t.Context().Done()}, err
	}
	project.Steps = []model.Step{bashStep("A", "echo a >f; new_octopusartifact f", nil), bashStep("B", "echo on", nil)}
	run, err := r.Run(t.Context(), Request{Project: project}, w, nil)
	if err != nil || run.Status != model.Warning || run.Steps[1].Status != model.Succeeded {
		t.Fatalf("%s, %v: %+v", run.Status, err, run.Steps)
	}
	if got := w.kept(t, run.Steps[0].ID); len(got) != 1 || !strings.HasPrefix(got[0], "f: Nothing could be read for less than a second") {
		t.Errorf("%q", got)
	}
	if log := w.logged(run.Steps[0].ID); !strings.Contains(log, `The artifact "f" is not kept. Nothing could be read`) {
		t.Errorf("the log is %q", log)
	}
}

func TestStepsShareTheRoomOfTheirRun(t *testing.T) {
	r := &room{limits: model.ArtifactLimits{FileBytes: 10, RunBytes: 10, Files: 1}}
	if !r.addFile() || r.addFile() {
		t.Error("there is room for one file")
	}
	if most, err := r.hold(6, 0); err != nil || most != 10 {
		t.Errorf("%d, %v", most, err)
	}
	if _, err := r.hold(6, 0); model.ErrorCode(err) != "artifact.room" {
		t.Errorf("another one: %v", err)
	}
	r.settle(6, 2) // it was shorter in the end
	if most, err := r.hold(8, 0); err != nil || most != 8 {
		t.Errorf("%d, %v", most, err)
	}
	r.settle(8, 0) // it could not be copied
	if most, err := r.hold(10, 2); err != nil || most != 10 {
		t.Errorf("in the place of the first: %d, %v", most, err)
	}
}

func TestHighlights(t *testing.T) {
	var h highlights
	take := func(first int64, lines ...model.LineMeta) bool {
		b := model.LogBatch{}
		for i, l := range lines {
			text := fmt.Sprintf("\x1b[1mline %d\x1b[0m\n", first+int64(i))
			l.Len = uint32(len(text))
			b.Bytes, b.Lines = append(b.Bytes, text...), append(b.Lines, l)
		}
		return h.take(b, first)
	}
	out := func(level model.Level, continued bool) model.LineMeta {
		return model.LineMeta{Time: time.Now().UnixMicro(), Stream: model.StreamStdout, Level: level, Continued: continued}
	}
	own := model.LineMeta{Stream: model.StreamStepdeck, Level: model.LevelHighlight}
	if take(1, out(model.LevelInfo, false), out(model.LevelError, false), own) {
		t.Errorf("none is one: %+v", h.list)
	}
	if !take(4, out(model.LevelHighlight, false), out(model.LevelHighlight, true)) || take(6, out(model.LevelHighlight, false)) {
		t.Errorf("two of three begin a line: %+v", h.list)
	}
	if want := []model.Highlight{{Line: 4, Text: "line 4"}, {Line: 5, Text: "line 5"}}; !slices.Equal(h.list, want) {
		t.Errorf("%+v, want %+v", h.list, want)
	}
	for n := int64(7); n < 300; n++ {
		take(n, out(model.LevelHighlight, false))
	}
	if len(h.list) != model.MaxHighlights {
		t.Errorf("%d highlights", len(h.list))
	}
}

func TestLongHighlights(t *testing.T) {
	var h highlights
	text := strings.Repeat("é", 4000)
	h.take(model.LogBatch{Bytes: []byte(text), Lines: []model.LineMeta{
		{Len: uint32(len(text)), Stream: model.StreamStderr, Level: model.LevelHighlight},
	}}, 1)
	if got := h.list[0].Text; got != strings.Repeat("é", maxHighlightBytes/2)+"…" {
		t.Errorf("%d bytes: %q", len(got), got)
	}
}
