package runs

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
)

// exportPage is the number of lines that are read at a time.
const exportPage = 4096

// export writes the logs of all steps to a file that the user chooses.
func (v *view) export() {
	run := v.run
	if run.ID == 0 {
		return
	}
	v.save(exportName(run), func(path string) {
		write := func(ctx context.Context) error { return exportTo(ctx, v.store, run, path) }
		async.Do(&v.exporting, write, func(err error) {
			if err != nil {
				dialog.ShowError(v.window, lang.L("The log could not be exported"), err)
			}
		})
	})
}

// exportName returns the suggested file name.
func exportName(r model.Run) string {
	name := strings.Map(func(c rune) rune {
		if c < ' ' || strings.ContainsRune(`<>:"/\|?*`, c) { // not allowed in file names on Windows
			return '-'
		}
		return c
	}, fmt.Sprintf("%s run %d.log", r.Project, r.ID))
	return strings.TrimLeft(name, ". ")
}

// save asks for a file to write.
func (p *Place) save(name string, done func(path string)) {
	if p.deps.Save != nil {
		p.deps.Save(name, done)
		return
	}
	dialog.ChooseNewFile(p.deps.Window, name, done)
}

// saveFolder asks for a folder to write to.
func (p *Place) saveFolder(done func(path string)) {
	if p.deps.SaveFolder != nil {
		p.deps.SaveFolder(done)
		return
	}
	dialog.ChooseFolder(p.deps.Window, done)
}

func exportTo(ctx context.Context, st Store, run model.Run, path string) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return model.NewError("run.export", "The file %s can't be written. Choose another one.", path).Because(err)
	}
	w := bufio.NewWriter(f)
	err = writeLog(ctx, w, st, run)
	if e := w.Flush(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// writeLog writes a header for the run and each step, and every line without colours.
func writeLog(ctx context.Context, w io.Writer, st Store, run model.Run) error {
	_, err := fmt.Fprintf(w, "# %s: %s, %s, %s\n",
		title(run), faceOf(run.Status).word, run.Started.UTC().Format(time.RFC3339), run.Who)
	if err != nil {
		return err
	}
	for _, step := range run.Steps {
		if err := writeStepLog(ctx, w, st, step); err != nil {
			return err
		}
	}
	return nil
}

func writeStepLog(ctx context.Context, w io.Writer, st Store, step model.StepRun) error {
	id := step.Identity
	_, err := fmt.Fprintf(w, "# %s %s: %s, %s %s %s\n", step.Mark(), step.Step, faceOf(step.Status).word, id.AWSID, id.ARN, step.Region)
	if err != nil {
		return err
	}
	for from := int64(1); ; {
		lines, err := st.ReadLog(ctx, step.ID, from, exportPage)
		if err != nil && model.ErrorCode(err) != model.CodeLogDamaged {
			return err
		}
		if len(lines) == 0 {
			return nil
		}
		for _, l := range lines {
			if _, err := io.WriteString(w, runs.ExportLine(step.Mark(), l, runs.Plain(l.Text))); err != nil {
				return err
			}
		}
		from = lines[len(lines)-1].N + 1
	}
}
