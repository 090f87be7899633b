package runner

import (
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// newMasker returns a masker for the passwords of the proxies in the scripts' environment.
func (r *Runner) newMasker() *joblog.Masker {
	m := joblog.NewMasker()
	for _, variable := range r.deps.Environ {
		switch name, value, _ := strings.Cut(variable, "="); {
		case isProxy(name):
			m.AddParts(proxyURL(value))
		case name == model.PassphraseVariable: // it is not passed on, but a script of the same user can read the environment of this process
			m.Add(value)
		}
	}
	return m
}

// isProxy reports whether an environment variable holds the URL of a proxy.
func isProxy(name string) bool { return strings.HasSuffix(strings.ToUpper(name), "_PROXY") }

// proxyURL returns the URL in the value of such a variable.
func proxyURL(value string) string {
	if !strings.Contains(value, "://") {
		return "http://" + value // which is what programs assume
	}
	return value
}

// newMasking also masks the sensitive values that were given for the run.
func (r *Runner) newMasking(project model.Project, given []model.Given) *masking {
	m := r.newMasker()
	for _, g := range given {
		if isSecret(project, g) {
			m.Add(g.Value.Reveal())
		}
	}
	return newMasking(m)
}

// masking hides secrets in what leaves the runner through the recorder and the watcher. The log is masked already.
type masking struct {
	masker *joblog.Masker

	mu      sync.Mutex
	version int64             // of the masker
	cache   map[string]string // the same few texts are reported again and again
}

const maxMaskedTexts = 8192 // each line that a step prints reports its artifacts too, which may be a thousand

func newMasking(m *joblog.Masker) *masking { return &masking{masker: m, cache: map[string]string{}} }

// part masks a text that an expression took out of a sensitive value, if it is a secret itself.
func (m *masking) part(key, text string) {
	if joblog.PartIsSecret(key, text) {
		m.masker.Add(text)
	}
}

func (m *masking) text(text string) string {
	if text == "" {
		return ""
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if v := m.masker.Version(); v != m.version || len(m.cache) >= maxMaskedTexts {
		m.version = v
		clear(m.cache)
	}
	masked, known := m.cache[text]
	if !known {
		masked = m.masker.String(text)
		m.cache[text] = masked
	}
	return masked
}

func (m *masking) texts(fields ...*string) {
	for _, f := range fields {
		*f = m.text(*f)
	}
}

func (m *masking) run(run model.Run) model.Run {
	m.texts(&run.Message)
	run.Steps = slices.Clone(run.Steps)
	for i := range run.Steps {
		run.Steps[i] = m.step(run.Steps[i])
	}
	return run
}

func (m *masking) step(s model.StepRun) model.StepRun {
	s.Identity = m.identity(s.Identity)
	m.texts(&s.Region, &s.Message, &s.ResultMessage, &s.Progress.Message)
	s.Outputs = slices.Clone(s.Outputs)
	for i, o := range s.Outputs {
		s.Outputs[i] = m.output(o)
	}
	s.Artifacts = slices.Clone(s.Artifacts)
	for i, a := range s.Artifacts {
		s.Artifacts[i] = m.artifact(a)
	}
	s.Highlights = slices.Clone(s.Highlights)
	for i := range s.Highlights {
		m.texts(&s.Highlights[i].Text)
	}
	s.Inputs = m.inputs(s.Inputs)
	s.RefusedCalls = slices.Clone(s.RefusedCalls)
	for i := range s.RefusedCalls {
		c := &s.RefusedCalls[i]
		m.texts(&c.Operation, &c.Action, &c.Resource, &c.Because)
	}
	return s
}

func (m *masking) identity(id model.Identity) model.Identity {
	m.texts(&id.ARN, &id.UserID, &id.Role, &id.Endpoint)
	return id
}

// output removes a value that contains something that has become a secret since it was set.
func (m *masking) output(o model.Output) model.Output {
	if o.Value != "" && m.masker.Holds(o.Value) {
		o.Value, o.Sensitive = "", true
	}
	return o
}

// artifact hides what has become a secret since the file was kept.
func (m *masking) artifact(a model.Artifact) model.Artifact {
	m.texts(&a.Name, &a.Missing)
	return a
}

// inputs leaves the script and its parameters as they are: the person wrote them, and they contain no values yet.
func (m *masking) inputs(in model.Inputs) model.Inputs {
	m.texts(&in.Package, &in.PackageVersion, &in.Folder, &in.File)
	in.Packages = slices.Clone(in.Packages)
	for i := range in.Packages {
		p := &in.Packages[i]
		m.texts(&p.Name, &p.Package, &p.Version, &p.SHA256)
	}
	in.RoleARNs = slices.Clone(in.RoleARNs)
	for i := range in.RoleARNs {
		m.texts(&in.RoleARNs[i])
	}
	in.Values = slices.Clone(in.Values)
	for i, v := range in.Values {
		if v.Value != "" && m.text(v.Value) != v.Value {
			in.Values[i].Value, in.Values[i].Sensitive = "", true // a partly masked value can't be used to run again
		}
	}
	return in
}

// err hides the secrets in an error and keeps its code.
func (m *masking) err(err error) error {
	if err == nil {
		return nil
	}
	text := m.text(err.Error())
	if text == err.Error() {
		return err
	}
	masked := errors.New(text)
	if code := model.ErrorCode(err); code != "" {
		masked = model.NewError(code, "%s", strings.TrimPrefix(text, code+": "))
	}
	if q := QuestionOf(err); q != nil { // contains no values
		return unanswered{masked, q}
	}
	return masked
}

// maskedWatcher passes everything on with secrets hidden, one call at a time.
type maskedWatcher struct {
	watcher Watcher
	masking *masking
	mu      *sync.Mutex
}

// tell makes one call.
func (w maskedWatcher) tell(call func(Watcher)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	call(w.watcher)
}

// RunStarted implements Watcher. The plan's values are hidden already.
func (w maskedWatcher) RunStarted(run model.Run, plan Plan) {
	w.tell(func(to Watcher) { to.RunStarted(w.masking.run(run), plan) })
}

// Identified implements Watcher.
func (w maskedWatcher) Identified(step model.StepRun) {
	w.tell(func(to Watcher) { to.Identified(w.masking.step(step)) })
}

// StepStarted implements Watcher.
func (w maskedWatcher) StepStarted(step model.StepRun) {
	w.tell(func(to Watcher) { to.StepStarted(w.masking.step(step)) })
}

// Lines implements Watcher.
func (w maskedWatcher) Lines(step model.StepRun, first int64, batch model.LogBatch) {
	w.tell(func(to Watcher) { to.Lines(w.masking.step(step), first, batch) })
}

// Progress implements Watcher.
func (w maskedWatcher) Progress(step model.StepRun) {
	w.tell(func(to Watcher) { to.Progress(w.masking.step(step)) })
}

// Output implements Watcher.
func (w maskedWatcher) Output(step model.StepRun, o model.Output) {
	w.tell(func(to Watcher) { to.Output(w.masking.step(step), w.masking.output(o)) })
}

// Artifact implements Watcher.
func (w maskedWatcher) Artifact(step model.StepRun, a model.Artifact) {
	w.tell(func(to Watcher) { to.Artifact(w.masking.step(step), w.masking.artifact(a)) })
}

// ResultMessage implements Watcher.
func (w maskedWatcher) ResultMessage(step model.StepRun) {
	w.tell(func(to Watcher) { to.ResultMessage(w.masking.step(step)) })
}

// Stopping implements Watcher.
func (w maskedWatcher) Stopping(step model.StepRun, ev model.StopEvent) {
	w.tell(func(to Watcher) { to.Stopping(w.masking.step(step), ev) })
}

// StepFinished implements Watcher.
func (w maskedWatcher) StepFinished(step model.StepRun) {
	w.tell(func(to Watcher) { to.StepFinished(w.masking.step(step)) })
}

// StepSkipped implements Watcher.
func (w maskedWatcher) StepSkipped(step model.StepRun) {
	w.tell(func(to Watcher) { to.StepSkipped(w.masking.step(step)) })
}

// Waiting implements Watcher. What is waited for is masked already.
func (w maskedWatcher) Waiting(step model.StepRun, wait Wait) {
	w.tell(func(to Watcher) { to.Waiting(w.masking.step(step), wait) })
}

// Waited implements Watcher.
func (w maskedWatcher) Waited(step model.StepRun, wait Wait, answered bool) {
	w.tell(func(to Watcher) { to.Waited(w.masking.step(step), wait, answered) })
}

// Unanswered implements Watcher. A question contains no values.
func (w maskedWatcher) Unanswered(q Question) { w.tell(func(to Watcher) { to.Unanswered(q) }) }

// RunFinished implements Watcher.
func (w maskedWatcher) RunFinished(run model.Run) {
	w.tell(func(to Watcher) { to.RunFinished(w.masking.run(run)) })
}
