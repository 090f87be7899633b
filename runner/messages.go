package runner

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// emit passes a batch of lines on to the store, the step's row and the watcher.
func (s *stepRun) emit(b model.LogBatch) {
	if len(b.Lines) == 0 {
		return
	}
	first := s.lines + 1
	s.lines += int64(len(b.Lines))
	if s.rehearsing != nil {
		s.rehearsing.take(b, first)
	}
	s.writer.add(b)
	now := s.runner.deps.Now()
	urgent := s.highlights.take(b, first)
	step, err := s.row.update(urgent, func(row *model.StepRun) {
		row.Lines, row.LastOutput, row.Highlights = s.lines, now, s.highlights.list
	})
	s.warnStale(err)
	s.watch.Lines(step, first, b)
}

// catchUp emits the lines before a message first, unless messages come too fast for that.
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

// killed reports whether the run is being killed.
func (s *stepRun) killed() bool {
	select {
	case <-s.stopper.killed:
		return true
	default:
		return false
	}
}

// message handles a service message.
func (s *stepRun) message(m joblog.Message) {
	if s.killed() {
		return // a killed script's messages are still in its log; handling them would only delay the end
	}
	s.catchUp()
	switch m.Name {
	case joblog.SetVariable:
		name, _ := m.Value("name")
		value, _ := m.Value("value")
		if strings.TrimSpace(name) == "" {
			s.ignore("The script set an output variable without a name. It was ignored.")
			return
		}
		name = strings.TrimSpace(name)
		if s.masking.masker.Holds(name) {
			s.ignore("The script set an output variable whose name contains a secret. It was ignored.")
			return
		}
		if strings.ContainsFunc(name, model.IsHidden) {
			s.ignore("The script set an output variable whose name contains a control character or an invisible one. It was ignored.")
			return
		}
		o := model.Output{Name: name, Value: value, Sensitive: m.Sensitive}
		if !o.Sensitive && s.masking.masker.Holds(value) { // so that the log hides the value too
			o.Sensitive = true
			s.masking.masker.Add(value)
		}
		s.output(o)
	case joblog.CreateArtifact:
		s.keeper.take(m)
	case joblog.Progress:
		s.progress(m)
	case joblog.ResultMessage:
		text, _ := m.Value("message")
		text = s.masking.text(text)
		step, err := s.row.update(soon, func(row *model.StepRun) { row.ResultMessage = text })
		s.warnStale(err)
		s.watch.ResultMessage(step)
	}
}

// ignore says in the log why an output variable is not set. The step ends with a warning.
func (s *stepRun) ignore(sentence string) {
	s.mu.Lock()
	s.ignored++
	s.mu.Unlock()
	s.log.Say(model.LevelWarning, sentence)
}

// output stores an output variable: for later steps as it is, for the record without its value if it is sensitive. If it is
// set twice, the last value wins.
func (s *stepRun) output(o model.Output) {
	s.mu.Lock() // messages may come from both streams at once
	fits := s.outputs.add(o)
	first := !fits && !s.outputs.truncated
	s.outputs.truncated = s.outputs.truncated || !fits
	plain := true
	if fits {
		plain = s.plan.setOutput(s.index, o)
	}
	s.mu.Unlock()
	if first {
		s.log.Say(model.LevelWarning, tooManyOutputs)
	}
	if !plain {
		s.log.Say(model.LevelWarning, fmt.Sprintf(
			"%q is an account variable, which an output can't change. Later steps can read the output as %s.",
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
	message, _ := m.Value("message")
	percent, ok := percentage(text)
	if !ok {
		s.log.Say(model.LevelWarning, fmt.Sprintf("The script reported the progress %s, which is not a percentage. It was ignored.",
			model.SafeQuote(s.masking.text(text), 60)))
		return
	}
	p := model.Progress{Percent: percent, Message: s.masking.text(message)}
	step, err := s.row.update(soon, func(row *model.StepRun) { row.Progress = p })
	s.warnStale(err)
	s.watch.Progress(step)
}

// percentage reads a script's percentage: 62, 62.5 or 62%. One below 0 or above 100 counts as that limit, since sums of scripts are
// often a little off. ok is false if the text is no number.
func percentage(text string) (percent int, ok bool) {
	number, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%")), 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		return 0, false
	}
	return int(max(0, min(number, 100))), true
}
