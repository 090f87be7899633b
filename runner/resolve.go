package runner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/octopus"
	"github.com/stepdeck/stepdeck/runner/substitute"
)

// resolver resolves one step with the values that are known. The plan uses it with hidden values and the run with the real
// ones, so that both agree.
type resolver struct {
	accounts []model.Account
	vars     *values
	earlier  []model.Step // earlier steps of this run, whose outputs may not be set yet
	usesOf   func(model.Language, string) octopus.Uses
	final    bool // the step is about to run: nothing more will become known

	parameters Parameters // what PowerShell scripts declare; may be nil

	uses func() octopus.Uses // what the step's script and the scripts beside it use
}

// aws resolves the step's account, role and region.
func (r resolver) aws(p *StepPlan) {
	written := p.Step.AWS
	r.account(p, written.Account)
	if written.Expect != "" {
		p.Expect = append(p.Expect, Expectation{strings.TrimSpace(written.Expect), "the step"})
	}
	p.Region = r.field(p, "aws.region", written.Region, model.CheckRegion)
	if written.AssumeRole == nil {
		return
	}
	const field = "aws.assumeRole."
	role := r.role(p, field, *written.AssumeRole)
	for i, next := range written.AssumeRole.Then {
		role.Then = append(role.Then, r.role(p, fmt.Sprintf("%sthen[%d].", field, i), next))
	}
	p.Role = &role
	r.chain(p, field, role)
}

// chain checks what the resolved roles of a chain must not have together.
func (r resolver) chain(p *StepPlan, field string, role model.AssumeRole) {
	if len(role.Then) == 0 || len(p.Problems) > 0 || p.Late || r.vars.hides() {
		return // a hidden value can't be checked
	}
	for _, problem := range role.Check() {
		p.problem(field+problem.Field, problem.Err)
	}
}

// role resolves one role, whose fields are below at.
func (r resolver) role(p *StepPlan, at string, role model.AssumeRole) model.AssumeRole {
	return model.AssumeRole{
		ARN:         r.field(p, at+"arn", role.ARN, model.CheckRoleARN),
		SessionName: r.field(p, at+"sessionName", role.SessionName, model.CheckSessionName),
		ExternalID:  r.field(p, at+"externalId", role.ExternalID, model.CheckExternalID),
		Duration:    role.Duration,
		Policy:      r.field(p, at+"policy", role.Policy, model.CheckSessionPolicy),
		PolicyARNs:  r.policyARNs(p, at+"policyArns", role.PolicyARNs),
		Tags:        r.tags(p, at+"tags", role.Tags),

		SourceIdentity: r.field(p, at+"sourceIdentity", role.SourceIdentity, model.CheckSourceIdentity),
	}
}

// policyARNs resolves the managed policies of a session. One whose value is empty is an error: without it the session could
// do more than it should.
func (r resolver) policyARNs(p *StepPlan, field string, written []string) []string {
	var arns []string
	for _, arn := range written {
		arns = append(arns, r.field(p, field, arn, model.CheckPolicyARN))
	}
	return arns
}

func (r resolver) tags(p *StepPlan, field string, written []model.Tag) []model.Tag {
	var tags []model.Tag
	for _, t := range written {
		tag := model.Tag{Key: r.field(p, field, t.Key, nil), Value: r.field(p, field, t.Value, nil), Transitive: t.Transitive}
		tags = append(tags, tag)
	}
	if len(p.Problems) > 0 || p.Late || r.vars.hides() {
		return tags // a hidden value can't be checked
	}
	if err := model.CheckTags(tags); err != nil {
		p.problem(field, err)
	}
	return tags
}

// field resolves one field and checks the result.
func (r resolver) field(p *StepPlan, field, written string, check func(string) error) string {
	x, err := r.vars.expand(field, strings.TrimSpace(written))
	if err != nil {
		p.problem(field, err)
		return ""
	}
	if unknown := r.unknown(x); len(unknown) > 0 {
		r.undefined(p, field, written, unknown)
		return ""
	}
	text := strings.TrimSpace(x.text)
	if x.sensitive && r.vars.hides() {
		return text // a hidden value can't be checked
	}
	if text == "" && strings.TrimSpace(written) != "" {
		p.problem(field, model.NewError("field.empty", "%s: %q resolves to an empty value. Set its variables.", field, written))
		return ""
	}
	if check != nil && strings.TrimSpace(written) != "" {
		if err := check(text); err != nil {
			p.problem(field, err)
		}
	}
	return text
}

// unknown returns the names without which a field's value is not known: those without a value, and those that the expressions
// take as empty although an earlier step may still set them, or although their values are missing on this computer.
func (r resolver) unknown(x expanded) []string {
	names := x.undefined
	for _, name := range x.absent {
		if r.unsettled(name) {
			names = append(names, name)
		}
	}
	return names
}

// unsettled reports whether a name has no value now, but is not empty for good.
func (r resolver) unsettled(name string) bool {
	e, known := r.vars.find(name)
	return known && e.missing || !r.final && r.mayComeLater(name)
}

// undefined adds a problem for each name without a value in a field, unless earlier steps may still set them all.
func (r resolver) undefined(p *StepPlan, field, written string, names []string) {
	if !r.final && !slices.ContainsFunc(names, func(n string) bool { return !r.mayComeLater(n) }) {
		p.Late = true
		return
	}
	r.neverDefined(p, field, written, names)
}

// neverDefined adds a problem for each name without a value in a field.
func (r resolver) neverDefined(p *StepPlan, field, written string, names []string) {
	for _, name := range names {
		if e, known := r.vars.find(name); known && e.missing {
			p.problem(field, missingValue(e))
			continue
		}
		p.problem(field, model.NewError("field.undefined",
			"%s: the name %q in %q is not defined.%s Define the variable, or correct the name.",
			field, name, written, didYouMean(name, r.vars)))
	}
}

func didYouMean(name string, vars *values) string {
	var names []string
	for _, e := range vars.effective() {
		names = append(names, e.name)
	}
	slices.Sort(names)
	if near := model.Nearest(name, names); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return ""
}

// mayComeLater reports whether an earlier step of this run may set name: it has the form of that step's output, or the
// step's script mentions it as a word, or the script is not known before it is unpacked.
func (r resolver) mayComeLater(name string) bool {
	key := model.NameKey(name)
	for _, s := range r.earlier {
		if strings.HasPrefix(key, model.NameKey(outputName(s.Name, ""))) || strings.HasPrefix(key, model.NameKey(statusName(s.Name, ""))) {
			return true
		}
		if strings.HasPrefix(key, "octopus.action[") || strings.HasPrefix(key, "octopus.step[") {
			continue
		}
		if s.Script.Source != model.SourceInline || r.usesOf(s.Script.Language, s.Script.Body).Mentions(name) {
			return true
		}
	}
	return false
}

// account finds the account that the step's field refers to. Anything but exactly one known account is a problem: a step
// never falls back to another identity.
func (r resolver) account(p *StepPlan, written string) {
	const field = "aws.account"
	name := strings.TrimSpace(written)
	switch {
	case name == "":
		return // reported by Check
	case model.NameKey(name) == model.NoAccount:
		p.NoAccount = true
		return
	}
	if !model.HasExpression(name) {
		e, known := r.vars.find(name)
		switch {
		case known && e.kind == model.TypeAWSAccount:
			r.accountFromVariable(p, e)
		case known:
			p.problem(field, model.NewError("step.account.type",
				"%q is not an account variable. Choose a variable of type aws-account.", name))
		case model.NameKey(name) == model.InstanceRole:
			p.Account, _ = r.named(name)
		default:
			p.problem(field, r.unknownAccountVariable(name))
		}
		return
	}
	// #{V} of an account variable means V itself.
	if ref, ok := substitute.RefName(name); ok {
		if e, known := r.vars.find(ref); known && e.kind == model.TypeAWSAccount {
			r.accountFromVariable(p, e)
			return
		}
	}
	x, err := r.vars.expand(field, name)
	if err != nil {
		p.problem(field, err)
		return
	}
	if unknown := r.unknown(x); len(unknown) > 0 {
		r.undefined(p, field, written, unknown)
		return
	}
	if x.sensitive {
		p.problem(field, model.NewError("step.account.sensitive",
			"%q contains a sensitive value. The name of an account can't be a secret.", written))
		return
	}
	text := strings.TrimSpace(x.text)
	if e, known := r.vars.find(text); known && e.kind == model.TypeAWSAccount {
		r.accountFromVariable(p, e)
		return
	}
	if account, known := r.named(text); known {
		p.Account = account
		return
	}
	p.problem(field, model.NewError("step.account.unresolved",
		"%q resolves to %q, which is neither an account variable nor an account. Correct the expression.", written, text))
}

func (r resolver) unknownAccountVariable(name string) error {
	var variables []string
	for _, e := range r.vars.effective() {
		if e.kind == model.TypeAWSAccount {
			variables = append(variables, e.name)
		}
	}
	slices.Sort(variables)
	switch near := model.Nearest(name, variables); {
	case near != "":
		return model.NewError("step.account.unknown", "No account variable is called %q here. Did you mean %q?", name, near)
	case len(variables) > 0:
		return model.NewError("step.account.unknown",
			"No account variable is called %q here. Choose one of: %s.", name, strings.Join(variables, ", "))
	}
	return model.NewError("step.account.unknown",
		"No account variable is called %q in this environment. Add one of type aws-account, or add a value for this environment.", name)
}

func (r resolver) accountFromVariable(p *StepPlan, e entry) {
	p.AccountVariable = e.name
	x, err := r.vars.expand("aws.account", strings.TrimSpace(e.text))
	if err != nil {
		p.problem("aws.account", err)
		return
	}
	if unknown := r.unknown(x); len(unknown) > 0 {
		r.undefined(p, "aws.account", e.text, unknown)
		return
	}
	text := strings.TrimSpace(x.text)
	account, known := r.named(text)
	switch {
	case text == "":
		p.problem("aws.account", model.NewError(model.CodeVariableAccountEmpty,
			"The account variable %q names no account. Choose one for it, in this environment.", e.name))
		return
	case !known:
		var names []string
		for _, a := range r.accounts {
			names = append(names, a.Name)
		}
		hint := "Add the account, or choose another one."
		if near := model.Nearest(text, names); near != "" {
			hint = fmt.Sprintf("Did you mean %q?", near)
		}
		p.problem("aws.account", model.NewError("variable.account.unknown",
			"The account variable %q names the account %q, which does not exist on this computer. %s", e.name, text, hint))
		return
	}
	p.Account = account
	if e.expect != "" {
		p.Expect = append(p.Expect, Expectation{e.expect, "the variable " + e.name})
	}
}

func (r resolver) named(name string) (model.Account, bool) {
	for _, a := range r.accounts {
		if model.NameKey(a.Name) == model.NameKey(name) {
			return a, true
		}
	}
	return model.Account{}, false
}

// text resolves the text of a script or of its parameters. An undefined name is left as it is, with a warning.
func (r resolver) text(p *StepPlan, what, written string) string {
	if !strings.Contains(written, "#{") {
		return written
	}
	res, err := r.vars.write(written)
	if err != nil {
		p.problem("script", model.NewError("script.expression",
			"%s: an expression can't be resolved. For a literal #{ write ##{.", what).Because(err))
		return written
	}
	for _, u := range res.Undefined {
		if e, known := r.vars.find(u.Name); known && e.missing {
			p.problem("script", missingValue(e))
		}
	}
	r.references(p, what, res)
	for _, s := range res.Sensitives {
		p.Notices = append(p.Notices, fmt.Sprintf(
			"%s, line %d: the sensitive value of %q is in the script's text while the step runs. Read it with the helper instead.",
			what, s.Line, s.Name))
	}
	return res.Text
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
