package runner

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/rehearsal"
)

// checkRehearsal returns what is wrong with what a rehearsal adds.
func checkRehearsal(r *model.Rehearsal) error {
	if r == nil {
		return nil
	}
	return model.Problems("The rehearsal", r.Check())
}

// rehearse limits the session of a step in a rehearsal. A step whose session can't be limited is a problem: nothing runs then.
func (r resolver) rehearse(p *StepPlan, o *model.Rehearsal) {
	if o == nil {
		return
	}
	if !p.Step.Options.IsolateAWSConfig {
		p.Step.Options.IsolateAWSConfig = true
		p.Notices = append(p.Notices, "In a rehearsal the script can't read your ~/.aws files: profiles in them would not be limited.")
	}
	switch {
	case p.Role == nil && p.NoAccount:
		p.problem("aws.account", model.NewError("rehearse.account",
			"The step %q uses no AWS account, so there is nothing that a rehearsal could limit. Leave it out.", p.Step.Name))
	case p.Role == nil && p.Step.AWS.AssumeRole == nil:
		p.problem("aws.assumeRole", model.NewError("rehearse.role",
			"The step %q assumes no role, so what it may do can't be limited for a rehearsal. Have it assume a role, or leave it out.",
			p.Step.Name))
	case p.Role == nil || p.Late || len(p.Problems) > 0:
	default:
		limited, err := rehearsal.Limit(*p.Role, *o)
		if err != nil && r.vars.hides() && model.HasExpression(p.Step.AWS.AssumeRole.Acting().Policy) {
			return // it contains a hidden value: what it comes to is checked before anything starts
		}
		p.problem("aws.assumeRole.policy", err)
		p.Role = &limited
	}
}

// rehearsing is what a step of a rehearsal does beyond others.
type rehearsing struct {
	mu     sync.Mutex // lines may come from both streams at once
	stdout rehearsal.Finder
	stderr rehearsal.Finder
}

// take looks for refused calls in lines of the log, of which the first has that number.
func (r *rehearsing) take(b model.LogBatch, first int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	offset := 0
	for i, l := range b.Lines {
		text := string(b.Bytes[offset : offset+int(l.Len)])
		offset += int(l.Len)
		switch l.Stream {
		case model.StreamStdout:
			r.stdout.Line(text, first+int64(i))
		case model.StreamStderr:
			r.stderr.Line(text, first+int64(i))
		}
	}
}

// announce says in the log what a rehearsal can't do. The script must have its session already.
func (s *stepRun) announce(plan *StepPlan) {
	if s.rehearsing == nil {
		return
	}
	role := plan.Role.Acting()
	s.log.Say(model.LevelHighlight, "This is a rehearsal: the session of "+role.ARN+" may only read, by the policy "+
		rehearsal.ReadOnly(role.ARN)+added(*s.planner.req.Rehearsal)+".")
	s.log.Say(model.LevelHighlight, RehearsalLimits)
}

// isLimited reports whether a chain of roles ends with a session that AWS's ReadOnlyAccess limits.
func isLimited(role *model.AssumeRole) bool {
	return role != nil && slices.Contains(role.Acting().PolicyARNs, rehearsal.ReadOnly(role.Acting().ARN))
}

// RehearsalLimits says what a rehearsal does not protect from.
const RehearsalLimits = "It still reads data. What its script does outside of AWS, or with credentials of its own, is not limited."

func added(r model.Rehearsal) string {
	switch {
	case r.Policy != "" && len(r.PolicyARNs) > 0:
		return ", " + strings.Join(r.PolicyARNs, ", ") + " and a policy of the run"
	case r.Policy != "":
		return " and a policy of the run"
	case len(r.PolicyARNs) > 0:
		return " and " + strings.Join(r.PolicyARNs, ", ")
	}
	return ""
}

// reportRefused says in the log which calls were refused, and returns them.
func (s *stepRun) reportRefused() []model.RefusedCall {
	if s.rehearsing == nil {
		return nil
	}
	s.rehearsing.mu.Lock()
	calls, more := s.rehearsing.stderr.Calls()
	other, others := s.rehearsing.stdout.Calls()
	s.rehearsing.mu.Unlock()
	calls, more = append(calls, other...), more+others
	for _, sentence := range refusedSentences(calls, more) {
		s.log.Say(model.LevelHighlight, sentence)
	}
	return calls
}

func refusedSentences(calls []model.RefusedCall, more int) []string {
	if len(calls) == 0 {
		return []string{"The log reports no call to AWS that was refused in this rehearsal."}
	}
	sentences := []string{fmt.Sprintf("AWS refused %s in this rehearsal:", model.Count(len(calls)+more, "call", "calls"))}
	for _, c := range calls {
		sentence := fmt.Sprintf("  %s (line %d", c, c.Line)
		if c.Times > 1 {
			sentence += fmt.Sprintf(", %d times", c.Times)
		}
		sentence += ")"
		if c.Because != "" {
			sentence += " " + c.Because
		}
		sentences = append(sentences, sentence)
	}
	if more > 0 {
		sentences = append(sentences, fmt.Sprintf("  and %d more.", more))
	}
	return sentences
}
