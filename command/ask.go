package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// askAll asks for everything that the run still needs and adds the answers to req. It asks nothing if the run would be
// refused anyway.
func (c *cli) askAll(ctx context.Context, s *app.Services, req *runner.Request) error {
	accepted := map[string]bool{}
	for {
		pre, err := s.Runs().Runner().Preflight(ctx, *req, runner.PreflightOptions{Accepted: accepted})
		if err != nil {
			return err
		}
		open := slices.DeleteFunc(pre.Questions, func(q runner.Question) bool { return accepted[q.Key()] })
		if len(open) == 0 || len(pre.Refusals) > 0 {
			return nil
		}
		for _, q := range open {
			if err := c.askQuestion(ctx, s, q, req); err != nil {
				return err
			}
			accepted[q.Key()] = true
		}
	}
}

// askQuestion asks one question and adds the answer, if any, to req.
func (c *cli) askQuestion(ctx context.Context, s *app.Services, q runner.Question, req *runner.Request) error {
	var of model.ValueName
	answer := ""
	var err error
	switch q := q.(type) {
	case runner.Prompt:
		of = q.Of()
		read := func() (runner.Choices, error) {
			return s.Runs().Runner().Choices(ctx, *req, of, runner.ChoicesOptions{})
		}
		answer, err = c.askPrompt(q, read)
	case runner.MissingSecret:
		of = q.Of()
		answer, err = c.askSecret(q.Title())
	case runner.MissingAWS:
		c.say("%s %s: %s", c.paint(yellow, "Warning:"), q.Step, block(sentence(q.Err)))
	}
	if err == nil && answer != "" {
		req.Given = append(req.Given, model.GivenTo(of, answer))
	}
	return err
}

// askPrompt asks for the value of a prompted variable. An empty answer keeps its value, or else that of the last run. read reads the
// choices that AWS has.
func (c *cli) askPrompt(q runner.Prompt, read func() (runner.Choices, error)) (string, error) {
	v, label := q.Variable, q.Title()
	if v.Prompt.Help != "" {
		c.say("%s", v.Prompt.Help)
	}
	if v.Type == model.TypeSensitive {
		return c.askSecret(label)
	}
	if q.Last != "" && q.Last != q.Preset() {
		c.say("Last time: %s", q.Last)
	}
	options := menuOf(*v.Prompt)
	c.show(options)
	switch v.Prompt.Control {
	case model.ControlCheckbox:
		return c.askYesNo(label, q.Preset())
	case model.ControlMultiline:
		return c.askLines(label, q.Preset())
	default:
		if v.Prompt.Choices != nil {
			fromAWS := &choiceMenu{cli: c, prompt: *v.Prompt, read: read}
			fromAWS.introduce()
			return c.askUntilAccepted(q, menu{}, fromAWS)
		}
		return c.askUntilAccepted(q, menu{options, options}, nil)
	}
}

// askUntilAccepted asks for a line until it is one that the prompt accepts. fromAWS has its choices; nil: it has none.
func (c *cli) askUntilAccepted(q runner.Prompt, m menu, fromAWS *choiceMenu) (string, error) {
	question, preset := q.Title(), q.Preset()
	if limits := q.Variable.Prompt.Range(); limits != "" {
		question += " (" + limits + ")"
	}
	for {
		answer, err := c.askLine(q.Title(), question, preset)
		if err != nil {
			return preset, err
		}
		if answer != "" && fromAWS != nil && fromAWS.list(answer) {
			m = fromAWS.menu()
			continue
		}
		accepted, err := preset, nil
		if answer != "" {
			accepted, err = acceptPicked(q, m, answer)
		}
		if err == nil && fromAWS != nil {
			err = fromAWS.accept(accepted)
		}
		if err == nil {
			if isPicked := len(m.all) > 0 && answer != ""; isPicked && accepted != strings.TrimSpace(answer) {
				c.say("Chosen: %s", accepted)
			}
			return accepted, nil
		}
		c.say("%s", err)
	}
}

// acceptPicked returns the value that an answer means, if the prompt accepts it.
func acceptPicked(q runner.Prompt, m menu, answer string) (string, error) {
	value, err := picked(*q.Variable.Prompt, m, answer)
	if err != nil {
		return "", err
	}
	return q.Accept(value)
}

// picked returns the value that an answer means.
func picked(p model.Prompt, m menu, answer string) (string, error) {
	switch {
	case p.Control == model.ControlSelect, p.Control == model.ControlText && len(m.all) > 0:
		return m.pick(answer)
	case p.Control == model.ControlMultiSelect:
		return m.pickSeveral(answer)
	case p.Control == model.ControlFile:
		return fullPath(answer), nil
	}
	return answer, nil
}

// fullPath returns the full path of a file that a person names from the folder that they are in.
func fullPath(path string) string {
	if path == "" {
		return ""
	}
	if full, err := filepath.Abs(strings.TrimSpace(path)); err == nil {
		return full
	}
	return path
}

// askLine asks for a line, and shows preset as the value that an empty answer keeps. The error names what was asked for.
func (c *cli) askLine(name, question, preset string) (string, error) {
	if preset != "" {
		question += " [" + preset + "]"
	}
	fmt.Fprintf(c.Err, "%s: ", model.SafeLine(question))
	answer, err := readLine(c.In)
	if err != nil {
		return "", noAnswer(err, name)
	}
	return answer, nil
}

// askYesNo asks for yes or no and returns True or False, the values of a checkbox.
func (c *cli) askYesNo(label, checked string) (string, error) {
	preset := "n"
	if checked == model.CheckedValue {
		preset = "y"
	}
	for {
		answer, err := c.askLine(label, label+" (y/n)", preset)
		if err != nil {
			return "", err
		}
		if answer == "" {
			answer = preset
		}
		switch strings.ToLower(answer) {
		case "y", "yes", "true":
			return model.CheckedValue, nil
		case "n", "no", "false":
			return model.UncheckedValue, nil
		}
		c.say("Answer y or n.")
	}
}

func (c *cli) askLines(label, preset string) (string, error) {
	c.say("Enter several lines, and then a line with only a full stop.")
	first, err := c.askLine(label, label, preset)
	if err != nil || first == "" {
		return preset, err
	}
	var lines []string
	for line := first; line != "."; {
		lines = append(lines, line)
		if line, err = readLine(c.In); err != nil {
			return "", noAnswer(err, label)
		}
	}
	return strings.Join(lines, "\n"), nil
}

// codeNotEntered is the code of the error that a person ended a question without an answer.
const codeNotEntered = "ask.unanswered"

// noAnswer is the error for a question that a person, or the end of the input, ended without an answer.
func noAnswer(err error, name string) error {
	unanswered := model.NewError(codeNotEntered, "No answer was given for %q.", model.SafeLine(name))
	if errors.Is(err, io.EOF) {
		return unanswered
	}
	return unanswered.Because(err)
}

// notEntered returns err with a sentence of its own if a person ended the question without an answer.
func notEntered(err error, sentence string) error {
	if errors.Is(err, io.EOF) || model.ErrorCode(err) == codeNotEntered {
		return model.NewError(codeNotEntered, "%s", sentence)
	}
	return err
}

// askSecret asks for a value that is not shown while it is typed.
func (c *cli) askSecret(name string) (string, error) {
	answer, err := c.ReadSecret(model.SafeLine(name) + " (not shown): ")
	if errors.Is(err, io.EOF) {
		return "", noAnswer(err, name)
	}
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	return model.DecodeSecret([]byte(answer), "What was entered for "+name)
}

// readLine reads a line byte by byte, so that what follows it is left for the next reader.
func readLine(r interface{ Read([]byte) (int, error) }) (string, error) {
	var line []byte
	b := make([]byte, 1)
	for {
		n, err := r.Read(b)
		if n > 0 && b[0] == '\n' {
			return strings.TrimSuffix(string(line), "\r"), nil
		}
		if n > 0 {
			line = append(line, b[0])
		}
		if err != nil {
			return "", err
		}
	}
}
