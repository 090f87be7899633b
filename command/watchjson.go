package command

import (
	"bufio"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

// jsonWatcher prints a run as one JSON object a line. With texts off it is the window's event stream: the window reads
// the lines from the store.
type jsonWatcher struct {
	texts bool
	mu    sync.Mutex
	out   *bufio.Writer
	enc   *json.Encoder
	c     *cli
	told  bool // that standard output can't be written
}

func newJSONWatcher(c *cli, texts bool) *jsonWatcher {
	w := &jsonWatcher{c: c, texts: texts, out: bufio.NewWriterSize(c.Out, 64<<10)}
	w.enc = json.NewEncoder(w.out)
	w.enc.SetEscapeHTML(false)
	return w
}

type object map[string]any

// print writes objects. Errors are left alone: the reader may be gone, and the run goes on.
func (w *jsonWatcher) print(objects ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range objects {
		_ = w.enc.Encode(o)
	}
	w.flush()
}

// flush writes what there is. When that can't be written, the run goes on and says so once.
func (w *jsonWatcher) flush() {
	if err := w.out.Flush(); err != nil && !w.told && !isBrokenPipe(err) {
		w.told = true
		w.c.say("stepdeck: standard output can't be written. (%v)", err)
	}
}

// jsonTime is RFC 3339 with microseconds in UTC, or nothing.
func jsonTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

func jsonIdentity(s model.StepRun) any {
	id := s.Identity
	if id == (model.Identity{}) {
		return nil
	}
	return object{
		"awsAccount": id.AWSID, "arn": id.ARN, "userId": id.UserID, "account": id.Account, "kind": id.Kind, "accessKeyId": id.AccessKeyID,
		"role": id.Role, "region": s.Region, "endpoint": id.Endpoint, "sandbox": id.Sandbox, "expires": jsonTime(id.Expires),
	}
}

func (w *jsonWatcher) RunStarted(run model.Run, plan runner.Plan) {
	w.print(object{
		"type": "run", "id": run.ID, "project": run.Project, "environment": run.Environment, "who": run.Who, "started": jsonTime(run.Started), "plan": jsonPlan(plan),
	})
}

func (w *jsonWatcher) Identified(step model.StepRun) {
	w.print(object{"type": "identity", "step": step.Number, "name": step.Step, "identity": jsonIdentity(step)})
}

func (w *jsonWatcher) StepStarted(step model.StepRun) {
	w.print(object{"type": "step", "step": step.Number, "name": step.Step, "attempt": step.Attempt, "started": jsonTime(step.Started), "identity": jsonIdentity(step)})
}

// jsonLine has fixed fields, since there are many of them.
type jsonLine struct {
	Type      string `json:"type"`
	Step      int    `json:"step"`
	N         int64  `json:"n"`
	Time      string `json:"time"`
	Stream    string `json:"stream"`
	Level     string `json:"level"`
	Text      string `json:"text"`
	Continued bool   `json:"continued,omitempty"`
}

func (w *jsonWatcher) Lines(step model.StepRun, first int64, batch model.LogBatch) {
	if !w.texts {
		w.print(object{"type": "lines", "step": step.Number, "upTo": first + int64(len(batch.Lines)) - 1})
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	at := 0
	for i, meta := range batch.Lines {
		end := at + int(meta.Len)
		_ = w.enc.Encode(jsonLine{
			Type: "line", Step: step.Number, N: first + int64(i), Time: time.UnixMicro(meta.Time).UTC().Format("2006-01-02T15:04:05.000000Z"),
			Stream: meta.Stream.String(), Level: meta.Level.String(), Text: strings.TrimRight(string(batch.Bytes[at:end]), "\r\n"), Continued: meta.Continued,
		})
		at = end
	}
	w.flush()
}

func (w *jsonWatcher) Progress(step model.StepRun) {
	w.print(object{"type": "progress", "step": step.Number, "percent": step.Progress.Percent, "message": step.Progress.Message})
}

func (w *jsonWatcher) Output(step model.StepRun, o model.Output) {
	out := object{"type": "output", "step": step.Number, "name": o.Name, "sensitive": o.Sensitive}
	if !o.Sensitive {
		out["value"] = o.Value
	}
	w.print(out)
}

func (w *jsonWatcher) Stopping(step model.StepRun, ev model.StopEvent) {
	w.print(object{"type": "stopping", "step": step.Number, "stage": ev.Stage, "processes": ev.Processes, "forceInMs": ev.ForceIn.Milliseconds(), "leftover": ev.Leftover})
}

func (w *jsonWatcher) StepFinished(step model.StepRun) {
	w.print(object{
		"type": "stepresult", "step": step.Number, "name": step.Step, "attempt": step.Attempt, "status": step.Status, "exitCode": step.ExitCode, "signal": step.Signal,
		"message": step.Message, "resultMessage": step.ResultMessage, "lines": step.Lines, "warnings": step.Warnings, "masked": step.Masked,
		"started": jsonTime(step.Started), "finished": jsonTime(step.Finished),
	})
}

func (w *jsonWatcher) RunFinished(run model.Run) {
	var results []any
	for _, s := range run.Steps {
		if s.Status == model.Skipped || s.Started.IsZero() {
			results = append(results, object{"type": "stepresult", "step": s.Number, "name": s.Step, "attempt": s.Attempt, "status": s.Status, "exitCode": nil, "message": s.Message})
		}
	}
	w.print(append(results, object{
		"type": "result", "id": run.ID, "status": run.Status, "exitCode": run.ExitCode, "message": run.Message,
		"started": jsonTime(run.Started), "finished": jsonTime(run.Finished),
	})...)
}

// maxCommand is the longest line of a command, in bytes.
const maxCommand = 64 << 10

// obey takes commands on standard input, one JSON object a line. Its end changes nothing.
func (c *cli) obey(end *ender, w *jsonWatcher) {
	in := bufio.NewReaderSize(c.In, maxCommand)
	for {
		line, tooLong, err := in.ReadLine()
		if err != nil {
			return
		}
		for tooLong && err == nil { // the rest of a line that is no command
			line = nil
			_, tooLong, err = in.ReadLine()
		}
		var command struct {
			Type    string `json:"type"`
			Command string `json:"command"`
		}
		err = json.Unmarshal(line, &command)
		word := command.Type
		if word == "" {
			word = command.Command
		}
		switch {
		case err != nil:
			w.print(object{"type": "error", "message": "A command must be a JSON object on one line, such as {\"type\":\"stop\"}."})
		case word == "stop":
			end.ask(false)
		case word == "kill":
			end.ask(true)
		default:
			w.print(object{"type": "error", "message": "There is no command " + word + ". There are: stop, kill."})
		}
	}
}
