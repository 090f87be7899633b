package runs

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// inRole is a step that assumes a role of the sandbox.
func inRole(name, body string) string {
	return strings.Replace(step(name, "aws.account", body), "region: eu-west-1",
		`region: eu-west-1, assumeRole: {arn: "arn:aws:iam::000000000000:role/reader"}`, 1)
}

const refusal = `echo "An error occurred (AccessDenied) when calling the PutObject operation: User: arn:aws:sts::1:assumed-role/r/s ` +
	`is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::b because no session policy allows the s3:PutObject action"`

func TestRehearse(t *testing.T) {
	f := open(t, sandboxed+"steps:\n"+inRole("Fill", refusal))
	f.place.Start(Wanted{Project: "P", RunOptions: model.RunOptions{Rehearsal: &model.Rehearsal{}}})
	sh := f.sheet()
	f.says("Rehearse · P", "It still reads data", "Session policy", "role/reader")
	sh.rehearsal.policyARNs.SetText("policy/x")
	if got := sh.check(); len(got) != 1 || got[0].Field != "rehearsal.policyArns" {
		t.Errorf("missing are %v", got)
	}
	sh.rehearsal.policyARNs.SetText("\n")
	sh.rehearsal.policy.SetText(`{"Statement": {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}}`)
	sh.confirm()
	f.over()
	v := f.place.view
	if r := v.run.Rehearsal; r == nil || !strings.Contains(r.Policy, "s3:GetObject") || r.PolicyARNs != nil {
		t.Errorf("the run has %+v", r)
	}
	f.until("the refused call", func() bool { return strings.Contains(v.outcome.text.Text, "s3:PutObject on arn:aws:s3:::b") })
	f.says("REHEARSAL", "AWS refused 1 call", "Succeeded")

	// Repeating it rehearses again, with what was added then.
	f.tap(v.againBtn)
	if again := f.sheet().rehearsal.value(); again == nil || !strings.Contains(again.Policy, "s3:GetObject") {
		t.Errorf("it is asked for %+v", again)
	}
	f.sheet().confirm()
	f.until("the next run", func() bool { return v.id == 2 })
	f.over()
	f.place.Home()
	f.until("the list", func() bool { return len(f.place.list.table.Rows()) == 2 })
	f.says("P · rehearsal")
}

// A run that asks something can be rehearsed instead.
func TestRehearseFromTheSheet(t *testing.T) {
	f := open(t, sandboxed+"  - {name: Count, prompt: {label: How many}}\nsteps:\n"+inRole("Fill", "echo hi"))
	f.place.Start(Wanted{Project: "P"})
	button(t, f, "Rehearse…")
	f.until("the other sheet", func() bool {
		sh := f.place.start.sheet
		return sh != nil && sh.rehearsal != nil && sh.dialog.Visible()
	})
	f.place.start.sheet.confirm()
	f.over()
	if f.place.view.run.Rehearsal == nil {
		t.Error("the run was no rehearsal")
	}
}

// Steps that can't be rehearsed are refused; the others can be.
func TestRehearseTheOtherSteps(t *testing.T) {
	f := open(t, sandboxed+"steps:\n"+step("Alone", "aws.account", "echo ran")+inRole("Fill", "echo hi"))
	f.place.Start(Wanted{Project: "P", RunOptions: model.RunOptions{Rehearsal: &model.Rehearsal{}}})
	f.sheet()
	f.says(`The step "Alone" assumes no role`)
	button(t, f, "Rehearse the other steps")
	f.until("the sheet of the others", func() bool {
		sh := f.place.start.sheet
		return sh != nil && sh.rehearsal != nil && sh.dialog.Visible()
	})
	f.place.start.sheet.confirm()
	f.over()
	if names := f.place.view.run.StepNames(); !slices.Equal(names, []string{"Fill"}) || f.place.view.run.Rehearsal == nil {
		t.Errorf("the run has the steps %q", names)
	}
}

// button presses the button of the open sheet with that label.
func button(t *testing.T, f *fixture, label string) {
	t.Helper()
	sh := f.sheet()
	i := slices.IndexFunc(sh.dialog.Buttons, func(o fyne.CanvasObject) bool {
		b, ok := o.(*control.Button)
		return ok && b.Text == label
	})
	if i < 0 {
		t.Fatalf("the sheet has no button %q", label)
	}
	test.Tap(sh.dialog.Buttons[i].(*control.Button))
}
