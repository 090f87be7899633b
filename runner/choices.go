package runner

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awslist"
	"github.com/stepdeck/stepdeck/runner/script"
)

// Choices are the values that AWS has for a prompt.
type Choices struct {
	List     []model.Choice
	LeftOut  int              // values that can't be offered: empty, with invisible characters, or with a comma where several are chosen
	Cut      bool             // there are more
	Of       model.Choices    // what AWS was asked for
	Step     string           // as which AWS was asked
	Identity model.Identity   // of the step
	Account  model.AWSAccount // that it acts in
	Region   string           // that AWS was asked in: the step's, or the one that the command has
	At       time.Time        // of the answer
}

// Check returns an error if an answer to a select or multiselect is none of the values. Where there are more values than are known, and
// for a text, any answer will do.
func (c Choices) Check(p model.Prompt, answer string) error {
	values := []string{answer}
	switch {
	case c.Cut || p.Control != model.ControlSelect && p.Control != model.ControlMultiSelect:
		return nil
	case p.Control == model.ControlMultiSelect:
		values = model.SplitOptions(answer)
	}
	for _, v := range values {
		if v != "" && !slices.ContainsFunc(c.List, func(o model.Choice) bool { return o.Value == v }) {
			return model.NewError("run.value.choice", "%s is not one of the values that AWS has. Choose one of them, or load them again.",
				model.SafeQuote(v, 200))
		}
	}
	return nil
}

// ChoicesOptions say how choices are read.
type ChoicesOptions struct {
	Refresh bool          // ask AWS even if it was asked a moment ago
	Limit   time.Duration // how long aws may take; 0: [awslist.Patience]
}

// Choices asks AWS for the values of a prompt, as the identity of the step whose own variable it is, or else of the first step of req
// that uses the project's, and keeps the answer for a few minutes. Without a step in of, its name may be STEP/NAME. It signs
// nobody in: an error whose [QuestionOf] is not nil says what a person has to do first. A command of the
// project itself runs too, so the caller has shown it to a person, who has asked for it.
func (r *Runner) Choices(ctx context.Context, req Request, of model.ValueName, o ChoicesOptions) (Choices, error) {
	p, err := r.newPlanner(ctx, req)
	if err != nil {
		return Choices{}, err
	}
	v, index, err := p.chooser(ctx, of)
	if err != nil {
		return Choices{}, err
	}
	m := r.newMasking(p.req.Project, p.given())
	list, err := p.choices(ctx, chooser{prompt: *v.Prompt, index: index, masks: m, ChoicesOptions: o})
	return list, m.err(err)
}

// chooser is a prompt with choices and the step as which AWS is asked.
type chooser struct {
	prompt  model.Prompt
	index   int      // of the step
	step    openStep // once the plan is opened
	program string   // the path of aws
	masks   *masking
	ChoicesOptions
}

// chooser finds the variable with its choices, and the step whose own it is, or else a step that uses the project's: the first that
// surely does, or else the first that may, or else the first, each among those with an AWS account.
func (p *planner) chooser(ctx context.Context, of model.ValueName) (model.Variable, int, error) {
	q, err := p.prompted(of)
	v := q.Variable
	if err != nil {
		return v, 0, err
	}
	best, most := -1, needNone
	for i, s := range p.plan.Steps {
		if s.NoAccount {
			continue
		}
		if need := p.needOf(ctx, s, q); best < 0 || need > most {
			best, most = i, need
		}
		if most == needSure {
			break
		}
	}
	if best < 0 {
		return v, 0, model.NewError("choices.account",
			"No step of this run has an AWS account, so AWS can't be asked for the choices of %q. Give a step an account.", v.Name)
	}
	return v, best, nil
}

// prompted returns the prompt of a variable that has choices and is in force in the run.
func (p *planner) prompted(of model.ValueName) (Prompt, error) {
	meant, err := valueMeant(p.req.Project, p.chosen, of)
	if model.ErrorCode(err) == CodeSeveralValues {
		return Prompt{}, err
	}
	for _, q := range prompts(p.req.Project, p.req.Environment, p.chosen, nil) {
		if q.Of().Key() == meant.Key() && q.Variable.Prompt.Choices != nil {
			return q, nil
		}
	}
	return Prompt{}, model.NewError("choices.none",
		"No variable %q of this run has choices from AWS. Give its prompt some in the project's variables.", of)
}

// choices returns what is kept, or asks AWS.
func (p *planner) choices(ctx context.Context, c chooser) (Choices, error) {
	tool, err := p.sources.aws(ctx)
	if err != nil {
		return Choices{}, err
	}
	c.program = tool.Path
	open := p.runner.revealer(c.masks.masker)
	plan, err := p.open(ctx, open, c.masks.part)
	if err != nil {
		return Choices{}, err
	}
	c.step = plan.steps[c.index]
	step := c.step.real()
	if err := checkChooser(step, tool); err != nil {
		return Choices{}, err
	}
	known, key := &p.runner.choices, choicesKey(c.prompt, *step)
	if kept, ok := known.get(key, p.runner.deps.Now()); ok && !c.Refresh {
		return kept, nil
	}
	list, err := p.askChoices(ctx, c, open)
	if err == nil {
		known.put(key, list)
	}
	return list, err
}

// checkChooser returns why AWS can't be asked as a step.
func checkChooser(s *StepPlan, aws script.Tool) error {
	if s.Late {
		return model.NewError("choices.late",
			"The identity of step %q is known only when it runs, so AWS can't be asked for choices. Type the value.", s.Step.Name)
	}
	for _, problem := range s.Problems {
		if problem.Field == "aws" || strings.HasPrefix(problem.Field, "aws.") {
			return problem.Err
		}
	}
	if s.Account.Endpoint != "" && !aws.ReadsEndpoint() {
		return model.NewError("choices.endpoint", "%s", oldForEndpoint(aws))
	}
	return nil
}

// askChoices asks AWS who the step is, and then for the choices.
func (p *planner) askChoices(ctx context.Context, c chooser, open reveal) (Choices, error) {
	who, err := p.runner.newSessions(ctx, sessionOptions{
		steps: []openStep{c.step}, accounts: p.sources.accounts, masker: c.masks.masker, open: open,
	})
	if err != nil {
		return Choices{}, err
	}
	defer who.close()
	session, err := who.resolve(ctx, c.step)
	if err != nil {
		return Choices{}, err
	}
	name := c.step.real().Step.Name
	if !c.prompt.Choices.Known() {
		acts := fmt.Sprintf("The command for the choices of step %q acts in", name)
		if err := unconfirmed(acts, session.account, p.req.Confirm); err != nil {
			return Choices{}, err
		}
	}
	found, err := p.runner.list(ctx, c, session)
	return Choices{
		List: found.Choices, LeftOut: found.LeftOut, Cut: found.Cut, Of: *c.prompt.Choices, Step: name,
		Identity: c.masks.identity(session.Identity), Account: session.account,
		Region: cmp.Or(c.prompt.Choices.Region(), session.Region), At: p.runner.deps.Now(),
	}, err
}

// list runs aws in a folder of its own, with the environment of a script but for the project's own environment variables: nothing of
// a project that nobody has looked at yet decides how a program on this computer starts.
func (r *Runner) list(ctx context.Context, c chooser, session resolvedSession) (list awslist.List, err error) {
	folder, err := os.MkdirTemp("", "stepdeck-choices-")
	if err != nil {
		return list, workspaceError(os.TempDir(), err)
	}
	defer func() {
		if gone := os.RemoveAll(folder); gone != nil {
			r.deps.Log.Warn("remove the folder of a list of choices", "error", gone)
		}
	}()
	environ, err := r.listEnviron(ctx, session.Session, folder)
	if err != nil {
		return list, err
	}
	list, err = awslist.Ask(ctx, awslist.Request{
		Program: c.program, Choices: *c.prompt.Choices, Environ: environ, Dir: folder, Limit: c.Limit, Mask: c.masks.text,
	})
	if c.prompt.Control == model.ControlMultiSelect { // whose values have commas between them
		all := len(list.Choices)
		list.Choices = slices.DeleteFunc(list.Choices, func(o model.Choice) bool {
			return strings.Contains(o.Value, ",") || strings.TrimSpace(o.Value) != o.Value
		})
		list.LeftOut += all - len(list.Choices)
	}
	return list, err
}

func (r *Runner) listEnviron(ctx context.Context, session awsenv.Session, folder string) ([]string, error) {
	o := awsenv.Options{PrivateConfig: filepath.Join(folder, "a")}
	if err := awsenv.PrivateConfig(o.PrivateConfig); err != nil {
		return nil, workspaceError(folder, err)
	}
	if r.deps.Certificates != nil {
		text, err := r.deps.Certificates(ctx)
		if err != nil {
			return nil, err
		}
		o.Certificates = filepath.Join(folder, "ca.pem")
		if err := os.WriteFile(o.Certificates, text, 0o600); err != nil {
			return nil, workspaceError(folder, err)
		}
	}
	return awsenv.Environ(r.environ(ctx), session, o), nil
}
