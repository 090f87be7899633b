package runs

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// Pins pins steps to the AWS account in which they have run well.
type Pins interface {
	// Pinnable returns that AWS account; zero if there is nothing to pin.
	Pinnable(ctx context.Context, project, step string) (model.Proven, error)
	Pin(ctx context.Context, project, step, awsID string) error
}

// pinOffer offers, after a good run, to pin the step that is shown to the AWS account in which it has acted.
type pinOffer struct {
	pins    Pins // nil: not offered
	work    async.Task
	of      int64 // the step run that it was looked up for; 0: none
	project string
	step    string
	awsID   string
	failed  func(error)
	resized func() // called when the button has appeared or gone
	button  *control.Button
	content fyne.CanvasObject
}

func newPinOffer(pins Pins, failed func(error)) *pinOffer {
	o := &pinOffer{pins: pins, failed: failed, resized: func() {}}
	o.button = control.NewButton(nil, lang.L("Pin to this AWS account"), o.pin)
	o.button.Hide()
	o.content = container.NewCenter(o.button)
	return o
}

// show offers it for a step of a run that is over, or for none.
func (o *pinOffer) show(r model.Run, s model.StepRun) {
	if o.pins == nil || s.ID == o.of {
		return
	}
	o.work.Cancel()
	o.setShown(false)
	if o.of = 0; !r.Status.Over() || r.Rehearsal != nil || !s.Status.Good() || s.Identity.AWSID == "" || s.Identity.Sandbox {
		return
	}
	o.of, o.project, o.step, o.awsID = s.ID, r.Project, s.Step, s.Identity.AWSID
	find := func(ctx context.Context) (model.Proven, error) { return o.pins.Pinnable(ctx, r.Project, s.Step) }
	async.Load(&o.work, find, func(p model.Proven, err error) {
		if err == nil && p.AWSID == o.awsID { // a project that is gone has nothing to pin
			o.setShown(true)
		}
	})
}

func (o *pinOffer) setShown(on bool) {
	if on != o.button.Visible() {
		setShown(o.button, on)
		o.resized()
	}
}

// pin pins the step.
func (o *pinOffer) pin() {
	project, step, awsID := o.project, o.step, o.awsID
	o.setShown(false)
	async.Do(&o.work, func(ctx context.Context) error { return o.pins.Pin(ctx, project, step, awsID) }, func(err error) {
		if err != nil {
			o.setShown(true)
			o.failed(err)
		}
	})
}
