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

// exportPage is how many lines are read at once.
const exportPage = 4096

// export writes the run's log, of all its steps, to a file that the person chooses.
func (v *view) export() {
	run := v.run
	if run.ID == 0 {
		return
	}
	v.place.save(exportName(run), func(path string) {
		async.Do(&v.place.exporting, func(ctx context.Context) error { return exportTo(ctx, v.place.deps.Store, run, path) }, func(err error) {
			if err != nil {
				dialog.ShowError(v.place.deps.Window, lang.L("The log could not be exported"), err)
			}
		})
	})
}

// exportName is the name that a file gets unless the person has a better one.
func exportName(r model.Run) string {
	name := strings.Map(func(c rune) rune {
		if c < ' ' || strings.ContainsRune(`<>:"/\|?*`, c) { // Windows takes none of them
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

// writeLog writes what ran and then every line, without colours.
func writeLog(ctx context.Context, w io.Writer, st Store, run model.Run) error {
	if _, err := fmt.Fprintf(w, "# %s: %s, %s, %s\n", title(run), faceOf(run.Status).word, run.Started.UTC().Format(time.RFC3339), run.Who); err != nil {
		return err
	}
	for _, step := range run.Steps {
		if _, err := fmt.Fprintf(w, "# %d %s: %s, %s %s %s\n", step.Number, step.Step, faceOf(step.Status).word, step.Identity.AWSID, step.Identity.ARN, step.Region); err != nil {
			return err
		}
		for from := int64(1); ; {
			lines, err := st.ReadLog(ctx, step.ID, from, exportPage)
			if err != nil && model.ErrorCode(err) != model.CodeLogDamaged {
				return err
			}
			if len(lines) == 0 {
				break
			}
			for _, l := range lines {
				_, err := fmt.Fprintf(w, "%s  %-9s %d | %s\n", l.Time.UTC().Format("2006-01-02T15:04:05.000Z"), l.Level, step.Number, runs.Plain(l.Text))
				if err != nil {
					return err
				}
			}
			from = lines[len(lines)-1].N + 1
		}
	}
	return nil
}
