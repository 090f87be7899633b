package projects

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// roleChain are the roles that a step assumes after the first one.
type roleChain struct {
	form    *form.Form
	roles   []*roleFields
	rows    *fyne.Container
	more    *control.Button
	content fyne.CanvasObject
}

func newRoleChain(f *form.Form) *roleChain {
	c := &roleChain{form: f, rows: container.NewVBox()}
	c.more = control.NewButton(f.Keys, lang.L("Add a further role"), c.add)
	hint := widget.NewLabel(lang.L("Assumed with the session of the role before it. The step acts as the last role."))
	hint.Importance, hint.Wrapping = widget.LowImportance, fyne.TextWrapWord
	c.content = container.NewVBox(c.rows, container.New(form.Beside{}, container.NewBorder(nil, nil, c.more, nil, hint)))
	return c
}

// fill replaces the roles and their fields.
func (c *roleChain) fill(roles []model.AssumeRole) {
	c.form.Remove(roleAt + "then[")
	c.roles, c.rows.Objects = nil, nil
	for i, role := range roles {
		fields := newRoleFields(c.form, fmt.Sprintf("%sthen[%d].", roleAt, i))
		fields.fill(role)
		c.roles = append(c.roles, fields)
		c.rows.Add(container.NewVBox(widget.NewSeparator(), c.head(i, len(roles)), fields.content))
	}
	c.rows.Refresh()
}

// head is the line above the fields of a role.
func (c *roleChain) head(i, of int) fyne.CanvasObject {
	title := lang.L("Role {{.Number}}", map[string]any{"Number": i + 2})
	name := widget.NewLabelWithStyle(title, fyne.TextAlignLeading, fyne.TextStyle{Bold: true})
	up := control.NewButton(c.form.Keys, lang.L("Earlier"), func() { c.move(i, i-1) }).Quiet()
	down := control.NewButton(c.form.Keys, lang.L("Later"), func() { c.move(i, i+1) }).Quiet()
	remove := control.NewButton(c.form.Keys, lang.L("Remove"), func() { c.remove(i) }).Quiet()
	up.SetIcon(fynetheme.MoveUpIcon())
	down.SetIcon(fynetheme.MoveDownIcon())
	if i == 0 {
		up.Disable()
	}
	if i == of-1 {
		down.Disable()
	}
	return container.NewBorder(nil, nil, name, container.NewHBox(up, down, remove))
}

func (c *roleChain) read() []model.AssumeRole {
	var roles []model.AssumeRole
	for _, fields := range c.roles {
		var role model.AssumeRole
		fields.read(&role)
		roles = append(roles, role)
	}
	return roles
}

func (c *roleChain) add() { c.edit(append(c.read(), model.AssumeRole{}), len(c.roles)) }

func (c *roleChain) remove(i int) { c.edit(slices.Delete(c.read(), i, i+1), i-1) }

func (c *roleChain) move(from, to int) {
	roles := c.read()
	roles[from], roles[to] = roles[to], roles[from]
	c.edit(roles, to)
}

// edit replaces the roles and moves the focus to one of them, or to the button if there is none.
func (c *roleChain) edit(roles []model.AssumeRole, at int) {
	c.form.Quietly(func() { c.fill(roles) })
	c.form.Changed()
	canvas := fyne.CurrentApp().Driver().CanvasForObject(c.content)
	if canvas == nil {
		return
	}
	if at < 0 || at >= len(c.roles) {
		canvas.Focus(c.more)
		return
	}
	c.form.Field(c.roles[at].at + "arn").Focus(canvas)
}

func (c *roleChain) check() []form.Problem {
	var problems []form.Problem
	for _, fields := range c.roles {
		problems = append(problems, fields.check()...)
	}
	return problems
}

func (c *roleChain) update(s scope) {
	for _, fields := range c.roles {
		fields.update(s, true)
	}
}

// acting returns the ARN of the role that the step acts as.
func (c *roleChain) acting(first string) string {
	if len(c.roles) == 0 {
		return first
	}
	return c.roles[len(c.roles)-1].arn.Text
}
