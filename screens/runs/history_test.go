package runs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/uitest"
)

// past records finished runs: one of the project Oldest with a line in its log, then many of P.
func (f *fixture) past(many int) {
	f.t.Helper()
	at := time.Now().Add(-48 * time.Hour)
	record := func(project, step string, status model.Status) {
		run := model.Run{Project: project, Status: model.Running, Started: at, Steps: []model.StepRun{
			{Number: 1, Attempt: 1, Step: step, Status: model.Running, Started: at},
		}}
		if err := f.store.CreateRun(f.t.Context(), &run); err != nil {
			f.t.Fatal(err)
		}
		if run.ID == 1 {
			text := "a line with a needle\n"
			batch := model.LogBatch{Bytes: []byte(text), Lines: []model.LineMeta{
				{Time: at.UnixMicro(), Len: uint32(len(text)), Stream: model.StreamStdout, Level: model.LevelInfo},
			}}
			if err := f.store.AppendLog(f.t.Context(), run.Steps[0].ID, []model.LogBatch{batch}); err != nil {
				f.t.Fatal(err)
			}
		}
		at = at.Add(time.Second)
		run.Status, run.Finished, run.Steps[0].Status, run.Steps[0].Finished = status, at, status, at
		if err := f.store.FinishRun(f.t.Context(), run); err != nil {
			f.t.Fatal(err)
		}
	}
	record("Oldest", "Flood", model.Failed)
	for range many {
		record("P", "S", model.Succeeded)
	}
}

func (f *fixture) rows(what string, n int) {
	f.t.Helper()
	f.until(fmt.Sprintf("%s: %d runs", what, n), func() bool { return !f.place.list.latest.Busy() && len(f.place.list.table.Rows()) == n })
	f.app.Pump()
	if l := f.place.list; l.limit >= n+page {
		f.t.Errorf("%s: it reads further pages by itself, to %d runs", what, l.limit)
	}
}

// Only a part is read at first: the list says so, reads on when scrolled to its end, and filters the whole history.
func TestTheListCoversTheWholeHistory(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "echo hi"))
	f.past(2*page + 10)
	l := f.place.list
	f.place.Home()
	f.rows("the first page", page)
	f.says(fmt.Sprintf("%d of %d shown", page, 2*page+11), "Show more")

	l.search.SetText("flood")
	f.rows("a filter finds the oldest", 1)
	if l.rest.Visible() {
		t.Error("it offers to show more")
	}
	l.search.SetText("zzz")
	f.until("nothing", func() bool { return strings.Contains(f.texts(), "No run matches") })
	f.says("“zzz”", "Show all runs")
	l.search.SetText("")
	f.rows("the first page again", page)
	if !strings.Contains(strings.Join(l.project.Options, " "), "Oldest") {
		t.Errorf("the oldest run's project is not among %q", l.project.Options)
	}

	l.table.Select(func(r row) bool { return r.ID == int64(2*page) })
	l.readMore()
	f.rows("the next page", 2*page)
	if r, ok := l.table.Selected(); !ok || r.ID != int64(2*page) {
		t.Errorf("selected is %d, %v", r.ID, ok)
	}
	l.limit = page
	l.load()
	f.rows("the first page", page)
	test.Scroll(f.win.Canvas(), fyne.NewPos(500, 400), 0, -1_000_000)
	f.rows("the next page by scrolling", 2*page)
	test.Scroll(f.win.Canvas(), fyne.NewPos(500, 400), 0, -1_000_000)
	f.rows("the last page by scrolling", 2*page+11)
	f.until("the count to go", func() bool { return !l.rest.Visible() })
}

// The first by number is the first run, not the first of the loaded ones.
func TestSortingCoversTheWholeHistory(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "echo hi"))
	f.past(page + 10)
	l := f.place.list
	f.place.Home()
	f.rows("the first page", page)
	at, ok := uitest.Find(f.win, "Run", nil)
	if !ok {
		t.Fatal("no heading")
	}
	f.click(at)
	f.until("the first run", func() bool { return len(l.table.Rows()) == page+11 && l.table.Rows()[0].ID == 1 })
}

// Not only the logs of the listed runs.
func TestSearchingLogsCoversTheWholeHistory(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "echo hi"))
	f.past(page + 10)
	l := f.place.list
	f.place.Home()
	f.rows("the first page", page)
	l.search.SetText("needle")
	l.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	f.until("the hit", func() bool { return l.logs.done && len(l.table.Rows()) == 1 })
	f.says("a line with a needle", fmt.Sprintf("in the logs of 1 of %d runs", page+11))

	l.search.SetText("nothing holds this")
	l.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if l.logs.done || !l.halt.Visible() {
		t.Fatal("the search can't be stopped")
	}
	test.Tap(l.halt)
	f.says("Stopped after", "Not found in any log")
	f.app.PumpFor(200 * time.Millisecond)
	if !l.logs.stopped {
		t.Error("a stopped search continues")
	}
	test.Tap(l.leave)
	f.rows("the list", page)
}

// The project is not a filter there, so an empty list does not offer to remove it.
func TestTheTabOfAProject(t *testing.T) {
	f := open(t, plain+"steps:\n"+step("S", "none", "echo hi"))
	f.past(page + 5)
	f.tab("Never run")
	f.until("the reason why it is empty", func() bool { f.place.TabChanged(); return strings.Contains(f.texts(), "has not run yet") })
	f.tab("P")
	f.until("the first page", func() bool { return len(f.place.tab.table.Rows()) == page })
	f.says(fmt.Sprintf("%d of %d shown", page, page+5))
	f.place.tab.search.SetText("flood")
	f.until("no run of another project", func() bool { return strings.Contains(f.texts(), "No run matches") })
}

// tab shows the runs of a project as the project's page does.
func (f *fixture) tab(project string) {
	content, _ := f.place.OfProject(project)
	f.win.SetContent(content)
}
