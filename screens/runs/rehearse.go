package runs

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// rehearsalFields are what a person adds to a rehearsal.
type rehearsalFields struct{ policy, policyARNs *control.Entry }

// asksRehearsal reports whether the person has not yet said what the rehearsal may do.
func (q inquiry) asksRehearsal() bool { return q.wanted.Rehearsal != nil && !q.rehearsed }

// canRehearse reports whether any of the steps could be rehearsed.
func (q inquiry) canRehearse() bool {
	assumes := func(s runner.StepPlan) bool { return s.Role != nil }
	return q.wanted.Rehearsal == nil && q.wanted.Exactly == 0 && slices.ContainsFunc(q.Plan.Steps, assumes)
}

// othersToRehearse returns the steps that can be rehearsed, if that is all that keeps the run from starting.
func (q inquiry) othersToRehearse() []string {
	refused := map[string]bool{}
	for _, r := range q.Refusals {
		if r.Step == "" || !strings.HasPrefix(model.ErrorCode(r.Err), "rehearse.") {
			return nil
		}
		refused[r.Step] = true
	}
	return slices.DeleteFunc(q.Plan.StepNames(), func(name string) bool { return refused[name] })
}

// rehearsalNotice says what a rehearsal is, and what it does not protect from.
func rehearsalNotice() fyne.CanvasObject {
	return notice(lang.L("A rehearsal: each step assumes its role with a session that may only read, and the run lists the calls that AWS " +
		"refuses. It still reads data. What a script does outside of AWS, or with credentials of its own, is not limited."))
}

// rehearsalRows returns the fields for what the rehearsal may do beside reading.
func (sh *sheet) rehearsalRows() []*form.Field {
	if !sh.q.asksRehearsal() || sh.q.wanted.Exactly != 0 {
		return nil
	}
	r := &rehearsalFields{control.NewMultiline(sh.form.Keys, 3), control.NewMultiline(sh.form.Keys, 2)}
	sh.rehearsal = r
	known := *sh.q.wanted.Rehearsal
	r.policy.SetText(known.Policy)
	r.policyARNs.SetText(strings.Join(known.PolicyARNs, "\n"))
	r.policy.SetPlaceHolder(lang.L("none"))
	r.policyARNs.SetPlaceHolder("arn:aws:iam::123456789012:policy/rehearsal")
	for _, e := range []*control.Entry{r.policy, r.policyARNs} {
		e.OnChanged = func(string) { sh.changed() }
	}
	return []*form.Field{
		sh.form.Add("rehearsal.policy", lang.L("Session policy"),
			lang.L("JSON. What it allows is allowed too, what it denies is denied. Empty: the steps may only read."), r.policy),
		sh.form.Add("rehearsal.policyArns", lang.L("Managed policies"), lang.L("ARNs, one on each line, whose permissions are added."),
			r.policyARNs),
	}
}

func (r *rehearsalFields) value() *model.Rehearsal {
	if r == nil {
		return nil
	}
	value := model.Rehearsal{Policy: strings.TrimSpace(r.policy.Text)}
	for line := range strings.Lines(r.policyARNs.Text) {
		if line = strings.TrimSpace(line); line != "" {
			value.PolicyARNs = append(value.PolicyARNs, line)
		}
	}
	return &value
}

func (r *rehearsalFields) check() (list []form.Problem) {
	if r == nil {
		return nil
	}
	for _, p := range r.value().Check() {
		list = append(list, form.Problem{Field: "rehearsal." + p.Field, Err: p.Err})
	}
	return list
}

// refusedCalls lists what AWS refused in a rehearsal.
func refusedCalls(r model.Run, step model.StepRun) string {
	if r.Rehearsal == nil || !step.Status.Over() || step.Started.IsZero() {
		return ""
	}
	if len(step.RefusedCalls) == 0 {
		return lang.L("The log reports no call to AWS that was refused in this rehearsal.")
	}
	lines := []string{plural.N("AWS refused {{.Count}} call in this rehearsal:", "AWS refused {{.Count}} calls in this rehearsal:",
		len(step.RefusedCalls))}
	for _, c := range step.RefusedCalls {
		line := c.String() + " · " + lang.L("line {{.Line}}", map[string]any{"Line": grouped(int(c.Line))})
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
