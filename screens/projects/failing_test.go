package projects

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/app/projects"
	"github.com/stepdeck/stepdeck/model"
)

// full is a store that can't save while on is set.
type full struct {
	Store
	on atomic.Bool
}

func (f *full) SaveProject(ctx context.Context, p *model.Project, typed []model.ValueSecret) error {
	if f.on.Load() {
		return errors.New("the disk is full")
	}
	return f.Store.SaveProject(ctx, p, typed)
}

// filled replaces the store of the rig by a full one.
func (r *rig) filled() *full {
	f := &full{Store: r.place.deps.Store}
	f.on.Store(true)
	r.place.deps.Store, r.place.queue = f, projects.NewQueue(f, fyne.Do)
	return f
}

func TestAFailedSaveKeepsTheStep(t *testing.T) {
	r := newRig(t, fyne.NewSize(1000, 640), website())
	disk := r.filled()
	r.place.open.openStep(r.place.open.project.Steps[0])
	f := r.place.open.form
	f.aws.region.SetText("eu-north-1")
	f.form.Changed()
	ran := false
	f.Save(func() { ran = true })
	r.Until("the error", func() bool { return strings.Contains(f.result.Text(), "the disk is full") })
	if !f.Dirty() || f.aws.region.Text != "eu-north-1" || ran || r.place.open.form != f {
		t.Errorf("dirty %v, region %q, continued %v", f.Dirty(), f.aws.region.Text, ran)
	}
	disk.on.Store(false)
	f.Save(func() { ran = true })
	r.Until("the save", func() bool { return ran })
	if got := r.stored().Steps[0].AWS.Region; got != "eu-north-1" || f.Dirty() {
		t.Errorf("stored is %q, dirty %v", got, f.Dirty())
	}
}

func TestAFailedSaveKeepsTheVariable(t *testing.T) {
	r := newRig(t, fyne.NewSize(1000, 700), website())
	disk := r.filled()
	f := r.openVariable("")
	f.name.SetText("Bucket2")
	f.blocks[0].text.SetText("web")
	f.form.Keys.Enter()
	r.Until("the error", func() bool { return strings.Contains(f.result.Text(), "the disk is full") })
	if !f.dialog.Visible() || f.name.Text != "Bucket2" || f.blocks[0].text.Text != "web" {
		t.Error("what was typed is lost")
	}
	disk.on.Store(false)
	f.form.Keys.Enter()
	r.Until("the save", func() bool { return !f.dialog.Visible() })
}

func TestAFailedDeletionIsShownAndUndone(t *testing.T) {
	r := newRig(t, fyne.NewSize(1000, 640), website())
	r.filled()
	p := r.place.open.process
	p.delete(p.table.Rows()[0])
	r.place.undo.Flush()
	r.idle()
	if len(p.table.Rows()) != 2 {
		t.Errorf("%d steps are listed", len(p.table.Rows()))
	}
	if r.window.Canvas().Overlays().Top() == nil {
		t.Error("the error is not shown")
	}
}
