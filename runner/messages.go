package runner

import (
	"fmt"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// emit takes a batch of lines from the log: to the store, to the row, to whoever watches.
func (s *stepRun) emit(b model.LogBatch) {
	if len(b.Lines) == 0 {
		return
	}
	first := s.lines + 1
	s.lines += int64(len(b.Lines))
	s.writer.add(b)
	now := s.runner.deps.Now()
	step, err := s.row.update(soon, func(row *model.StepRun) { row.Lines, row.LastOutput = s.lines, now })
	s.warnStale(err)
	s.watch.Lines(step, first, b)
}

// catchUp has the lines before a message told before the message is, unless messages come in floods.
func (s *stepRun) catchUp() {
	now := s.runner.deps.Now()
	s.mu.Lock()
	due := now.Sub(s.caughtUp) >= catchUpEvery
	if due {
		s.caughtUp = now
	}
	s.mu.Unlock()
	if due {
		s.log.Flush()
	}
}

// killed reports whether the run is being ended by force.
func (s *stepRun) killed() bool {
	select {
	case <-s.stopper.killed:
		return true
	default:
		return false
	}
}

// message carries out a service message.
func (s *stepRun) message(m joblog.Message) {
	if s.killed() {
		return // what a script that was ended by force said goes into its log, and nobody waits for more
	}
	s.catchUp()
	switch m.Name {
	case joblog.SetVariable:
		name, _ := m.Value("name")
		value, _ := m.Value("value")
		if strings.TrimSpace(name) == "" {
			s.log.Say(model.LevelWarning, "The script set an output variable without a name, which is left out.")
			return
		}
		name = strings.TrimSpace(name)
		if s.masking.masker.Holds(name) {
			s.log.Say(model.LevelWarning, "The script set an output variable whose name holds a secret, which is left out.")
			return
		}
		if strings.ContainsFunc(name, model.IsHidden) {
			s.log.Say(model.LevelWarning,
				"The script set an output variable whose name holds a control character or one that can't be seen, which is left out.")
			return
		}
		o := model.Output{Name: name, Value: value, Sensitive: m.Sensitive}
		if !o.Sensitive && s.masking.masker.Holds(value) { // the log hides the value of a sensitive one
			o.Sensitive = true
			s.masking.masker.Add(value)
		}
		s.output(o)
	case joblog.Progress:
		s.progress(m)
	case joblog.ResultMessage:
		text, _ := m.Value("message")
		text = s.masking.text(text)
		_, err := s.row.update(soon, func(row *model.StepRun) { row.ResultMessage = text })
		s.warnStale(err)
	}
}

// output keeps what the step set: for later steps as it is, for the record without what is sensitive. The last one wins.
func (s *stepRun) output(o model.Output) {
	s.mu.Lock() // both streams may say something
	fits := s.outputs.keep(o)
	first := !fits && !s.outputs.over
	s.outputs.over = s.outputs.over || !fits
	plain := true
	if fits {
		plain = s.plan.setOutput(s.index, o)
	}
	s.mu.Unlock()
	if first {
		s.log.Say(model.LevelWarning, tooManyOutputs)
	}
	if !plain {
		s.log.Say(model.LevelWarning, fmt.Sprintf("%q is an account variable, which no output changes: later steps find the output as %s.",
			o.Name, outputName(s.step().Name, o.Name)))
	}
	if o.Sensitive {
		o.Value = ""
	}
	if fits {
		s.watch.Output(s.row.get(), o)
	}
}

func (s *stepRun) progress(m joblog.Message) {
	text, _ := m.Value("percentage")
	percent := -1
	if _, err := fmt.Sscanf(strings.TrimSpace(text), "%d", &percent); err != nil || percent < 0 {
		percent = 0
	}
	message, _ := m.Value("message")
	p := model.Progress{Percent: min(percent, 100), Message: s.masking.text(message)}
	step, err := s.row.update(soon, func(row *model.StepRun) { row.Progress = p })
	s.warnStale(err)
	s.watch.Progress(step)
}
