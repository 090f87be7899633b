package command

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// textWatcher prints a run as text. Scripts' output goes to the stream that they printed it on, everything else to standard
// error.
type textWatcher struct {
	c          *cli
	timestamps bool
	steps      int
	mu         sync.Mutex
	out, err   *bufio.Writer
	cut        map[model.Stream]string // whose last line on the stream is not complete yet: see origin
	messages   map[int]map[string]bool // Stepdeck's own lines about each running step
	together   map[int]string          // names of the steps that run at the same time as others
	unanswered []runner.Question       // for hints at the end
	attendant  *attendant              // nil: nobody is asked while the run waits

	writeFailed bool // standard output can't be written; reported already
}

func newTextWatcher(c *cli, timestamps bool, a *attendant) *textWatcher {
	return &textWatcher{
		c: c, timestamps: timestamps, attendant: a,
		out: bufio.NewWriterSize(c.Out, 64<<10), err: bufio.NewWriterSize(c.Err, 64<<10),
		cut: map[model.Stream]string{}, messages: map[int]map[string]bool{}, together: map[int]string{},
	}
}

// sayPainted prints a coloured line on standard error, and first ends a script's unfinished line.
func (w *textWatcher) sayPainted(colour colour, text string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.flushOut()
	if w.c.OutTTY && w.cut[model.StreamStdout] != "" || w.cut[model.StreamStderr] != "" {
		fmt.Fprintln(w.err)
		clear(w.cut)
	}
	fmt.Fprintln(w.err, w.c.paint(colour, safef(text, args...)))
	_ = w.err.Flush()
}

func (w *textWatcher) RunStarted(run model.Run, plan runner.Plan) {
	w.steps = len(plan.Steps)
	for _, s := range plan.Steps {
		if s.Together {
			w.together[s.Number] = s.Step.Name
		}
	}
	where := ""
	if run.Environment != "" {
		where = " · " + run.Environment
	}
	if run.Rehearsal != nil {
		where += " · REHEARSAL"
	}
	w.sayPainted(bold, "Run %d · %s%s", run.ID, run.Project, where)
}

func (w *textWatcher) Identified(step model.StepRun) {
	id := step.Identity
	if id.Account == model.NoAccount {
		w.sayPainted(dim, "  %s acts without an AWS account%s", step.Step, inRegion(step.Region))
		return
	}
	text := fmt.Sprintf("  %s acts in %s%s as %s", step.Step, id.AWSID, inRegion(step.Region), id.ARN)
	if !id.Expires.IsZero() {
		left := time.Until(id.Expires).Round(time.Second)
		text += fmt.Sprintf(", expires %s (in %s)", id.Expires.Local().Format("15:04:05"), left)
	}
	switch {
	case id.Sandbox:
		text += "  SANDBOX"
	case id.Endpoint != "":
		text += "  ENDPOINT " + id.Endpoint
	}
	w.sayPainted(cyan, "%s", text)
}

func inRegion(region string) string {
	if region == "" {
		return ""
	}
	return " in " + region
}

func (w *textWatcher) StepStarted(step model.StepRun) {
	w.sayPainted(bold, "▸ %d %s%s", step.Number, step.Step, ofAttempts(step))
}

func (w *textWatcher) Lines(step model.StepRun, _ int64, batch model.LogBatch) {
	w.mu.Lock()
	defer w.mu.Unlock()
	offset := 0
	for i := 0; i < len(batch.Lines); {
		// Consecutive lines of a stream are written in one go, since there may be very many.
		j, from, end := i, offset, offset
		alike := func(l model.LineMeta) bool {
			return together(batch.Lines[i], l) && !w.timestamps && w.together[step.Number] == ""
		}
		for ; j < len(batch.Lines) && (j == i || alike(batch.Lines[j])); j++ {
			end += int(batch.Lines[j].Len)
		}
		w.write(step.Number, batch.Lines[i], batch.Bytes[from:end], batch.Lines[j-1])
		i, offset = j, end
	}
	w.flushOut()
	_ = w.err.Flush()
}

// together reports whether two lines are printed in the same way. Stepdeck's own depend on their level.
func together(a, b model.LineMeta) bool {
	return a.Stream == b.Stream && (a.Stream != model.StreamStepdeck || a.Level == b.Level)
}

// flushOut writes buffered script output, and reports the first failure other than a closed pipe. The run goes on in any
// case.
func (w *textWatcher) flushOut() {
	if err := w.out.Flush(); err != nil && !w.writeFailed && !isBrokenPipe(err) {
		w.writeFailed = true
		fmt.Fprintln(w.err, w.c.paint(red, "stepdeck: standard output can't be written, so the script's output is missing there. "+
			"It is in the run's log. ("+err.Error()+")"))
	}
}

// write prints lines of one stream. The lines of steps that run at the same time have the step's name before them.
func (w *textWatcher) write(step int, first model.LineMeta, text []byte, last model.LineMeta) {
	to := w.err
	if first.Stream == model.StreamStdout {
		to = w.out
	}
	name, origin := w.prefix(step), fmt.Sprintf("%d", step)
	if before := w.cut[first.Stream]; before != "" && before != origin {
		fmt.Fprintln(to)
		w.cut[first.Stream] = ""
	}
	if first.Stream == model.StreamStepdeck {
		if first.Level == model.LevelVerbose {
			return
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimRight(line, "\r\n")
			w.said(step)[line] = true
			fmt.Fprintf(to, "%s\n", w.c.paint(levelColour(first.Level), "stepdeck: "+name+line))
		}
		return
	}
	if w.cut[first.Stream] == "" {
		if w.timestamps {
			fmt.Fprintf(to, "%s %s ", time.UnixMicro(first.Time).Local().Format("15:04:05.000"), first.Stream)
		}
		_, _ = to.WriteString(name)
	}
	_, _ = to.Write(text)
	w.cut[first.Stream] = ""
	if last.Continued || !bytes.HasSuffix(text, []byte("\n")) {
		w.cut[first.Stream] = origin
	}
}

// prefix returns what stands before each line of a step that runs at the same time as others.
func (w *textWatcher) prefix(step int) string {
	if name := w.together[step]; name != "" {
		return safef("%s | ", name)
	}
	return ""
}

// said returns Stepdeck's own lines about a running step.
func (w *textWatcher) said(step int) map[string]bool {
	if w.messages[step] == nil {
		w.messages[step] = map[string]bool{}
	}
	return w.messages[step]
}

func levelColour(l model.Level) colour {
	switch l {
	case model.LevelError:
		return red
	case model.LevelWarning:
		return yellow
	}
	return dim
}

func (w *textWatcher) Progress(step model.StepRun) {
	if step.Progress.Percent < 0 {
		return
	}
	w.sayPainted(dim, "  %s%d %% %s", w.prefix(step.Number), step.Progress.Percent, step.Progress.Message)
}

func (w *textWatcher) Output(step model.StepRun, o model.Output) {
	value := o.Value
	if o.Sensitive {
		value = "(sensitive)"
	}
	w.sayPainted(dim, "  %soutput %s = %s", w.prefix(step.Number), o.Name, clipLine(value))
}

// Artifact implements runner.Watcher. The log says why a file is not kept.
func (w *textWatcher) Artifact(step model.StepRun, a model.Artifact) {
	if a.Kept() {
		w.sayPainted(dim, "  %sartifact %s, %s", w.prefix(step.Number), a.Name, model.FormatBytes(a.Size))
	}
}

// ResultMessage implements runner.Watcher. The end of the step has the last one.
func (w *textWatcher) ResultMessage(model.StepRun) {}

func clipLine(s string) string {
	first, _, more := strings.Cut(s, "\n")
	if r := []rune(first); len(r) > 100 {
		first, more = string(r[:100]), true
	}
	if more {
		return first + "…"
	}
	return first
}

func (w *textWatcher) Stopping(step model.StepRun, ev model.StopEvent) {
	switch {
	case ev.Leftover:
		return // reported at the end of the step
	case ev.Stage == model.StopAsked:
		w.sayPainted(yellow, "%sStopping; processes will be killed in %s. Press Ctrl-C again to kill them now.", w.prefix(step.Number),
			model.TimeWords(ev.ForceIn))
	case ev.Stage == model.StopForced:
		w.sayPainted(yellow, "%sKilling %s.", w.prefix(step.Number), model.Count(ev.Processes, "process", "processes"))
	}
}

func (w *textWatcher) StepFinished(step model.StepRun) {
	w.mu.Lock()
	_ = w.out.Flush()
	if w.cut[model.StreamStderr] != "" {
		fmt.Fprintln(w.err)
	}
	w.endLines(step.Number)
	printed := w.said(step.Number)
	delete(w.messages, step.Number)
	_ = w.err.Flush()
	w.mu.Unlock()
	text := fmt.Sprintf("  %s: %s", step.Step, step.Status)
	if step.ExitCode != nil {
		text += fmt.Sprintf(", exit code %d", *step.ExitCode)
	}
	text += ", " + elapsed(step.Started, step.Finished)
	if step.Masked > 0 {
		text += ", " + model.Count(step.Masked, "secret", "secrets") + " hidden"
	}
	if step.Warnings > 0 {
		text += ", " + model.Count(step.Warnings, "warning", "warnings")
	}
	if step.Message != "" && step.Status != model.Succeeded && !printed[step.Message] {
		text += ". " + step.Message
	}
	if step.ResultMessage != "" && step.ResultMessage != step.Message {
		text += ". " + clipLine(step.ResultMessage)
	}
	w.sayPainted(statusColour(step.Status), "%s", text)
}

// StepSkipped implements runner.Watcher.
func (w *textWatcher) StepSkipped(step model.StepRun) {
	w.sayPainted(dim, "  %s%s: skipped. %s", step.Step, ofAttempts(step), step.Message)
}

// endLines forgets the incomplete lines of a step that has ended.
func (w *textWatcher) endLines(step int) {
	if w.together[step] != "" && w.cut[model.StreamStdout] != "" {
		_ = w.out.WriteByte('\n') // what follows is another step's
		_ = w.out.Flush()
	}
	clear(w.cut)
}

// Waiting implements runner.Watcher. The log of a step that runs says it.
func (w *textWatcher) Waiting(step model.StepRun, wait runner.Wait) {
	if step.Started.IsZero() {
		w.sayPainted(yellow, "  %s", wait.Message)
	}
	w.attendant.waiting(wait)
}

func (w *textWatcher) Waited(_ model.StepRun, wait runner.Wait, _ bool) { w.attendant.waited(wait) }

func (w *textWatcher) Unanswered(q runner.Question) {
	w.unanswered = append(w.unanswered, q)
}

func (w *textWatcher) RunFinished(run model.Run) {
	for line := range strings.SplitSeq(run.Message, "\n") {
		if line != "" {
			w.sayPainted(red, "  %s", line)
		}
	}
	for _, line := range hints(w.unanswered) {
		w.sayPainted(bold, "  %s", line)
	}
	for _, line := range recap(run) {
		w.sayPainted(cyan, "  %s", line)
	}
	refused := ""
	if run.ExitCode == runner.ExitRefused && run.Status == model.Failed && run.Message != "" {
		refused = ", refused before anything ran"
	}
	what := "Run"
	if run.Rehearsal != nil {
		what = "Rehearsal"
	}
	w.sayPainted(statusColour(run.Status), "%s %d %s%s after %s", what, run.ID, howItEnded(run.Status), refused,
		elapsed(run.Started, run.Finished))
}

// howItEnded returns a status as the verb of a sentence about a run.
func howItEnded(s model.Status) string {
	switch s {
	case model.Warning:
		return "succeeded with warnings"
	case model.TimedOut:
		return "was ended by a time limit"
	case model.Stopped, model.Interrupted:
		return "was " + string(s)
	}
	return string(s)
}
