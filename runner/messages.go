package runner

import (
	"context"
	"fmt"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// emit takes a batch of lines from the log: to the store, to the row, to whoever watches.
func (t *turn) emit(record context.Context, b model.LogBatch) {
	if len(b.Lines) == 0 {
		return
	}
	first := t.lines + 1
	t.lines += int64(len(b.Lines))
	t.record.add(b)
	now := t.deps.Now()
	step, err := t.row.update(record, now, false, func(s *model.StepRun) { s.Lines, s.LastOutput = t.lines, now })
	if err != nil {
		t.deps.Log.Warn("keep the step's row current", "error", err)
	}
	t.watch.Lines(step, first, b)
}

// catchUp has the lines before a message told before the message is, unless messages come in floods.
func (t *turn) catchUp() {
	now := t.deps.Now()
	t.mu.Lock()
	due := now.Sub(t.caughtUp) >= catchUpEvery
	if due {
		t.caughtUp = now
	}
	t.mu.Unlock()
	if due {
		t.log.Flush()
	}
}

// killed reports whether the run is being ended by force.
func (t *turn) killed() bool {
	select {
	case <-t.kill:
		return true
	default:
		return false
	}
}

// message carries out a service message.
func (t *turn) message(record context.Context, m joblog.Message) {
	if t.killed() {
		return // what a script that was ended by force said goes into its log, and nobody waits for more
	}
	t.catchUp()
	switch m.Name {
	case joblog.SetVariable:
		name, _ := m.Value("name")
		value, _ := m.Value("value")
		if strings.TrimSpace(name) == "" {
			t.log.Say(model.LevelWarning, "The script set an output variable without a name, which is left out.")
			return
		}
		name = strings.TrimSpace(name)
		if t.masker.Holds(name) {
			t.log.Say(model.LevelWarning, "The script set an output variable whose name holds a secret, which is left out.")
			return
		}
		if strings.ContainsFunc(name, model.IsHidden) {
			t.log.Say(model.LevelWarning, "The script set an output variable whose name holds a control character or one that can't be seen, which is left out.")
			return
		}
		o := model.Output{Name: name, Value: value, Sensitive: m.Sensitive}
		if !o.Sensitive && t.masker.Holds(value) { // the log hides the value of a sensitive one
			o.Sensitive = true
			t.masker.Add(value)
		}
		t.output(o)
	case joblog.Progress:
		t.progress(record, m)
	case joblog.ResultMessage:
		text, _ := m.Value("message")
		text = t.masker.String(text)
		if _, err := t.row.update(record, t.deps.Now(), false, func(s *model.StepRun) { s.ResultMessage = text }); err != nil {
			t.deps.Log.Warn("keep the step's row current", "error", err)
		}
	}
}

// output keeps what the step set: for later steps as it is, for the record without what is sensitive. The last one wins.
func (t *turn) output(o model.Output) {
	t.mu.Lock() // both streams may say something
	fits := t.outputs.keep(o)
	first := !fits && !t.outputs.over
	t.outputs.over = t.outputs.over || !fits
	plain := true
	if fits {
		plain = t.vars.setOutput(t.chosen[t.index].step.Name, o)
	}
	t.mu.Unlock()
	if first {
		t.log.Say(model.LevelWarning, tooManyOutputs)
	}
	if !plain {
		t.log.Say(model.LevelWarning, fmt.Sprintf("%q is an account variable, which no output changes: later steps find the output as %s.", o.Name, outputName(t.chosen[t.index].step.Name, o.Name)))
	}
	if o.Sensitive {
		o.Value = ""
	}
	if fits {
		t.watch.Output(t.row.get(), o)
	}
}

func (t *turn) progress(record context.Context, m joblog.Message) {
	text, _ := m.Value("percentage")
	percent := -1
	if _, err := fmt.Sscanf(strings.TrimSpace(text), "%d", &percent); err != nil || percent < 0 {
		percent = 0
	}
	message, _ := m.Value("message")
	p := model.Progress{Percent: min(percent, 100), Message: t.masker.String(message)}
	step, err := t.row.update(record, t.deps.Now(), false, func(s *model.StepRun) { s.Progress = p })
	if err != nil {
		t.deps.Log.Warn("keep the step's row current", "error", err)
	}
	t.watch.Progress(step)
}
