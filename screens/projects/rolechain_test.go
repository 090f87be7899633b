package projects

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
)

func TestFurtherRolesAreAddedMovedAndRemoved(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Roll the web tier")
	c := r.window.Canvas()
	stored := func() (arns []string) {
		t.Helper()
		f.Save(nil)
		r.idle()
		s, _ := r.stored().Step("Roll the web tier")
		for _, role := range s.AWS.AssumeRole.Chain() {
			arns = append(arns, role.ARN)
		}
		return arns
	}
	first := f.aws.arn.Text
	for i, arn := range []string{"arn:aws:iam::210987654321:role/b", "arn:aws:iam::210987654321:role/c"} {
		f.aws.chain.more.OnTapped()
		if c.Focused() != fyne.Focusable(f.aws.chain.roles[i].arn) {
			t.Errorf("the focus is not in the ARN of role %d", i+2)
		}
		f.aws.chain.roles[i].arn.SetText(arn)
	}
	b, d := f.aws.chain.roles[0].arn.Text, f.aws.chain.roles[1].arn.Text
	if got := stored(); !slices.Equal(got, []string{first, b, d}) {
		t.Fatalf("stored %q", got)
	}
	f.aws.chain.roles[0].session.SetText("kept")
	f.aws.chain.move(0, 1)
	if got := stored(); !slices.Equal(got, []string{first, d, b}) || f.aws.chain.roles[1].session.Text != "kept" {
		t.Errorf("after a move %q, session %q", got, f.aws.chain.roles[1].session.Text)
	}
	if c.Focused() != fyne.Focusable(f.aws.chain.roles[1].arn) {
		t.Error("the focus has not moved with the role")
	}
	f.aws.chain.remove(0)
	if got := stored(); !slices.Equal(got, []string{first, b}) {
		t.Errorf("after a removal %q", got)
	}
	f.aws.chain.remove(0)
	if got := stored(); !slices.Equal(got, []string{first}) || c.Focused() != fyne.Focusable(f.aws.chain.more) {
		t.Errorf("after the last removal %q", got)
	}
}

func TestTheFormSaysWhatAChainedRoleGets(t *testing.T) {
	r := newRig(t, large, website())
	f := r.edit("Check") // the first step: no earlier one can set a variable
	f.aws.role.Choose("yes")
	f.aws.arn.SetText("arn:aws:iam::123456789012:role/deployer")
	f.aws.chain.add()
	next := f.aws.chain.roles[0]
	next.arn.SetText("user")
	next.duration.SetText("2h")
	next.session.SetText("#{Nothing}")
	duration := f.form.Field("aws.assumeRole.then[0].duration")
	if !strings.Contains(duration.Note(), "1 hour") {
		t.Errorf("the note is %q", duration.Note())
	}
	if note := f.form.Field("aws.assumeRole.then[0].sessionName").Note(); !strings.Contains(note, "Nothing") {
		t.Errorf("the note of the session's name is %q", note)
	}
	const arn = "aws.assumeRole.then[0].arn"
	if field := f.form.ShowAll(); field == nil || field.Path != arn || model.ErrorCode(field.Err()) != "role.arn.form" {
		t.Errorf("the error is at %+v", field)
	}
	next.duration.SetText("1h")
	if duration.Note() != "" {
		t.Errorf("the note stays: %q", duration.Note())
	}
}

// The AWS account of the last role is the one that the step acts in.
func TestAStepActsInTheAccountOfItsLastRole(t *testing.T) {
	p := website()
	s := p.Steps[0]
	s.AWS.AssumeRole = model.ChainOf([]model.AssumeRole{
		{ARN: "arn:aws:iam::123456789012:role/a"}, {ARN: "arn:aws:iam::210987654321:role/b"},
	})
	for _, target := range targetsOf(*p, s, choices{}) {
		if target.acts.ID != "210987654321" {
			t.Errorf("in %s it acts in %q", target.environment, target.acts.ID)
		}
	}
}
