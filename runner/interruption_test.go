package runner

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/script"
)

// The tests of interruptions know no phase by name: a first run records every call that a run makes to the world around
// it, and then each of them is the moment of an interruption once. A call that can wait does so until the interruption
// has come, as a keychain does that waits for a person.

// moment is one call of a run: the nth of that name, counted from 1 after the first call named since (empty: from the beginning).
// Its place among all calls would not do: a slow answer is asked for again, which moves whatever comes later.
type moment struct {
	name, since string
	nth         int
}

// momentsOf names each call of a run that came after since.
func momentsOf(names []string, since string) []moment {
	counted := map[string]int{}
	var list []moment
	for _, name := range names[slices.Index(names, since)+1:] {
		counted[name]++
		list = append(list, moment{name, since, counted[name]})
	}
	return list
}

// moments records the calls of one run, and interrupts at one of them.
type moments struct {
	mu        sync.Mutex
	names     []string
	at        moment // without a name: none
	interrupt func()
	passed    func(name string) // what the world does after a call that was no such moment
}

// come records a call, and reports whether it is the moment.
func (m *moments) come(name string) bool {
	m.mu.Lock()
	m.names = append(m.names, name)
	begun := m.at.since == "" || slices.Contains(m.names[:len(m.names)-1], m.at.since)
	if begun && name == m.at.name {
		m.at.nth--
	}
	now := begun && name == m.at.name && m.at.nth == 0
	m.mu.Unlock()
	if now {
		m.interrupt()
	} else if m.passed != nil {
		m.passed(name)
	}
	return now
}

// wait is come for a call with a context.
func (m *moments) wait(ctx context.Context, name string) error {
	if m.come(name) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer: %w", name, ctx.Err())
		case <-time.After(time.Minute):
			panic(name + " never hears of the interruption")
		}
	}
	return ctx.Err()
}

// world is all that a run needs, and it notes each call.
type world struct {
	*moments
	dir      string
	pkg      string
	aws      string // the address of STS and of the metadata service
	open     string // the file that the waiting script waits for
	runs     []model.Run
	rows     map[int]model.StepRun
	reported *model.Run // by the watcher
	ahead    atomic.Int64
	added    int64 // number of step runs after the beginning
	steps    map[int]model.StepRun
	logs     map[int64]string // by the step run's id

	artifacts map[int64]map[int]model.Artifact // by the step run's id and their number
	// expires is when the keys of the instance role end. Another time would be another identity to report.
	expires time.Time
}

func (w *world) Get(ctx context.Context, _ model.SecretRef) (string, error) {
	return "hunter2-hunter2", w.wait(ctx, "the vault")
}

func (w *world) FindPackage(ctx context.Context, id, _ string) (model.Package, error) {
	return model.Package{Name: id, Version: "1.0", Format: "zip"}, w.wait(ctx, "finding the package")
}

func (w *world) PackagePath(model.Package) string {
	w.come("unpacking")
	return w.pkg
}

func (w *world) List(ctx context.Context, _ model.Package) (archive.Listing, error) {
	if err := w.wait(ctx, "listing the package"); err != nil {
		return archive.Listing{}, err
	}
	return archive.List(ctx, w.pkg, archive.Limits{})
}

func (w *world) ReadFile(ctx context.Context, _ model.Package, name string, most int64) ([]byte, error) {
	if err := w.wait(ctx, "reading the script"); err != nil {
		return nil, err
	}
	return archive.ReadFile(ctx, w.pkg, name, most, archive.Limits{})
}

func (w *world) Interpreter(ctx context.Context, _ model.Language, _ model.Edition) (script.Tool, error) {
	return script.Tool{Kind: script.Bash, Path: "/bin/bash"}, w.wait(ctx, "finding the interpreter")
}

func (w *world) AWS(ctx context.Context) (script.Tool, error) {
	return script.Tool{}, w.wait(ctx, "finding aws")
}

func (w *world) Accounts(ctx context.Context) ([]model.Account, error) {
	return []model.Account{
		{ID: "web", Name: "Web", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretSet: true, Region: "eu-west-1",
			Endpoint: w.aws},
		{ID: "instance", Name: model.InstanceRole, Kind: model.KindInstanceRole},
	}, w.wait(ctx, "the accounts")
}

func (w *world) Environments(context.Context) ([]model.Environment, error) {
	w.come("the environments")
	return nil, nil
}

func (w *world) AWSAccount(ctx context.Context, id string) (model.AWSAccount, error) {
	return model.AWSAccount{ID: id}, w.wait(ctx, "the AWS account")
}

func (w *world) CreateRun(_ context.Context, run *model.Run) error {
	w.come("recording the run")
	run.ID = 1
	for i := range run.Steps {
		run.Steps[i].ID, run.Steps[i].RunID = int64(i+1), 1
	}
	return nil
}

func (w *world) AddStepRun(_ context.Context, run int64, step *model.StepRun) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.added++
	step.ID, step.RunID = 100+w.added, run
	return nil
}

func (w *world) UpdateStepRun(_ context.Context, step model.StepRun) error {
	w.mu.Lock()
	w.rows[step.Number] = step
	w.mu.Unlock()
	return nil // rows are also written by the clock, so that they are no moments
}

func (w *world) SaveInputs(context.Context, int64, model.Inputs) error {
	w.come("recording what runs")
	return nil
}

func (w *world) FinishRun(_ context.Context, run model.Run) error {
	w.runs = append(w.runs, run)
	return nil
}

func (w *world) AppendLog(_ context.Context, stepRun int64, batches []model.LogBatch) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, b := range batches {
		w.logs[stepRun] += string(b.Bytes)
	}
	return nil
}

// logged returns the log of a step run.
func (w *world) logged(stepRun int64) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.logs[stepRun]
}

func (w *world) SaveArtifact(_ context.Context, stepRun int64, a model.Artifact) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.artifacts == nil {
		w.artifacts = map[int64]map[int]model.Artifact{}
	}
	if w.artifacts[stepRun] == nil {
		w.artifacts[stepRun] = map[int]model.Artifact{}
	}
	w.artifacts[stepRun][a.Number] = a
	return nil
}

func (w *world) ArtifactPath(_, stepRun int64, a model.Artifact) string {
	return filepath.Join(w.dir, "artifacts", fmt.Sprintf("%d-%d", stepRun, a.Number), a.Name)
}

func (w *world) TakeCommands(context.Context, int64) ([]model.RunCommand, error) { return nil, nil }

func (w *world) WorkFolder(run int64, number int) string {
	if run != 0 {
		w.come("the work folder")
	}
	return filepath.Join(w.dir, "w", fmt.Sprintf("%05d%03d", run, number))
}

func (w *world) RunStarted(model.Run, Plan) { w.come("telling of the run") }
func (w *world) Identified(step model.StepRun) {
	w.come(fmt.Sprintf("telling of the identity of step %d", step.Number))
}

func (w *world) StepStarted(step model.StepRun) {
	w.come(fmt.Sprintf("telling of step %d", step.Number))
}

func (w *world) Lines(_ model.StepRun, _ int64, b model.LogBatch) {
	if strings.Contains(string(b.Bytes), "waiting") {
		w.come("a script")
	}
}
func (w *world) Progress(model.StepRun)                  {}
func (w *world) Output(model.StepRun, model.Output)      {}
func (w *world) Artifact(model.StepRun, model.Artifact)  {}
func (w *world) ResultMessage(model.StepRun)             {}
func (w *world) Stopping(model.StepRun, model.StopEvent) {}
func (w *world) Waiting(model.StepRun, Wait)             {}
func (w *world) Waited(model.StepRun, Wait, bool)        {}
func (w *world) Unanswered(Question)                     {}
func (w *world) StepFinished(step model.StepRun) {
	w.steps[step.Number] = step
	w.come(fmt.Sprintf("after step %d", step.Number))
}
func (w *world) StepSkipped(step model.StepRun) {
	w.steps[step.Number] = step
}
func (w *world) RunFinished(run model.Run) { w.reported = &run }

// ServeHTTP is STS and the metadata service.
func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // only then does a server notice that the client is gone
	switch {
	case r.URL.Path == "/":
		_ = w.wait(r.Context(), "STS")
		fmt.Fprint(out, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
			<Arn>arn:aws:iam::123456789012:user/ana</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
			</GetCallerIdentityResult></GetCallerIdentityResponse>`)
	case strings.HasSuffix(r.URL.Path, "/token"):
		_ = w.wait(r.Context(), "the metadata service's token")
		out.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "600")
		fmt.Fprint(out, "token")
	case strings.HasSuffix(r.URL.Path, "security-credentials/"):
		_ = w.wait(r.Context(), "the metadata service")
		fmt.Fprint(out, "role")
	default:
		_ = w.wait(r.Context(), "the metadata service's keys")
		_ = json.NewEncoder(out).Encode(map[string]any{
			"Code": "Success", "AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": "secret-secret", "Token": "token-token",
			"LastUpdated": time.Now().UTC().Format(time.RFC3339), "Expiration": w.expires.Format(time.RFC3339),
		})
	}
}

// newWorld makes a world with a package and a project of three steps: one from a package with an access key, one with
// the role of the instance, one without an account that waits.
func newWorld(t *testing.T) (*world, *Runner, model.Project) {
	t.Helper()
	w := &world{moments: &moments{}, expires: time.Now().UTC().Add(time.Hour), dir: t.TempDir(), rows: map[int]model.StepRun{},
		steps: map[int]model.StepRun{}, logs: map[int64]string{}}
	w.pkg, w.open = filepath.Join(w.dir, "P.1.0.zip"), filepath.Join(w.dir, "go")
	f, err := os.Create(w.pkg)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	entry, err := z.Create("run.sh")
	if err == nil {
		_, err = entry.Write([]byte("echo packaged\n"))
	}
	if err != nil || z.Close() != nil || f.Close() != nil {
		t.Fatal("the package can't be written", err)
	}
	w.passed = func(name string) {
		if name == "a script" {
			_ = os.WriteFile(w.open, nil, 0o600)
		}
	}
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	w.aws = server.URL
	aws := func(account string) model.StepAWS { return model.StepAWS{Account: account, Region: "eu-west-1"} }
	inline := func(body string) model.Script {
		return model.Script{Source: model.SourceInline, Language: model.Bash, Body: body}
	}
	project := model.Project{ID: "p", Name: "P", Variables: []model.Variable{
		{Name: "web", Type: model.TypeAWSAccount, Value: "Web"},
		{Name: "instance", Type: model.TypeAWSAccount, Value: model.InstanceRole},
		{ID: "v", Name: "Password", Type: model.TypeSensitive, ValueSet: true},
	}, Steps: []model.Step{
		{Name: "Packaged", Enabled: true, AWS: aws("web"), Script: model.Script{Source: model.SourcePackage, Package: "P", File: "run.sh"}},
		{Name: "Instance", Enabled: true, AWS: aws("instance"), Script: inline("echo instance\n")},
		{Name: "Waits", Enabled: true, AWS: model.StepAWS{Account: model.NoAccount},
			Script: inline("echo waiting\nwhile [ ! -e '" + w.open + "' ]; do sleep 0.02; done\n")},
	}}
	for i := range project.Steps {
		project.Steps[i].Options = model.DefaultOptions()
	}
	runner := New(Deps{
		Secrets: w, Packages: w, Tools: w, Recorder: w, Configuration: w, History: past{}, Home: w.dir,
		Environ: []string{
			"PATH=" + os.Getenv("PATH"), "AWS_ENDPOINT_URL=" + server.URL, "AWS_EC2_METADATA_SERVICE_ENDPOINT=" + server.URL,
		},
		Bootstraps: testBootstraps(t),
		Now:        func() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) },
	})
	return w, runner, project
}

func testBootstraps(t *testing.T) script.Bootstraps {
	t.Helper()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("..", "assets", "bootstrap", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	return script.Bootstraps{Bash: read("bootstrap.sh"), BashHelpers: read("helpers.sh"), BashBeside: read("beside.sh"),
		BashSource: read("source.sh"), BashStart: read("start.sh")}
}

// interruptions are the ways to end a run, with what becomes of it and of the step that it ends.
var interruptions = map[string]struct {
	status model.Status
	exit   int
	arm    func(w *world, r *Runner, req *Request, cancel func(), stopper *Stopper)
}{
	"the end of the context": {model.Stopped, ExitStopped, func(w *world, _ *Runner, _ *Request, cancel func(), _ *Stopper) {
		w.interrupt = cancel
	}},
	"a stop": {model.Stopped, ExitStopped, func(w *world, _ *Runner, _ *Request, _ func(), stopper *Stopper) {
		w.interrupt = stopper.Stop
	}},
	"a kill": {model.Stopped, ExitStopped, func(w *world, _ *Runner, _ *Request, _ func(), stopper *Stopper) {
		w.interrupt = stopper.Kill
	}},
	"the run's time limit": {model.TimedOut, ExitTimedOut, func(w *world, r *Runner, req *Request, _ func(), _ *Stopper) {
		req.Timeout = time.Hour
		r.after = func(_ time.Duration, pass func()) *time.Timer {
			w.interrupt = pass
			return time.NewTimer(time.Hour)
		}
	}},
}

// trial is one run with one interruption.
func trial(t *testing.T, how string, at moment) (w *world, run model.Run, err error) {
	t.Helper()
	w, r, project := newWorld(t)
	w.at = at
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	req := Request{Project: project}
	stopper := NewStopper()
	if how != "" {
		interruptions[how].arm(w, r, &req, stop, stopper)
	}
	run, err = r.Run(ctx, req, w, stopper)
	return w, run, err
}

func TestInterruptionsAtEachMoment(t *testing.T) {
	if testing.Short() {
		t.Skip("some hundred runs")
	}
	dry, run, err := trial(t, "", moment{})
	if err != nil || run.Status != model.Succeeded {
		t.Fatalf("without an interruption: %+v, %v", run, err)
	}
	for _, phase := range []string{
		"the vault", "finding the package", "listing the package", "reading the script", "finding the interpreter", "the accounts", "STS",
		"the metadata service's token", "the metadata service's keys", "the AWS account", "unpacking", "the work folder",
		"telling of step 3", "a script", "after step 1",
	} {
		if !slices.Contains(dry.names, phase) {
			t.Errorf("no run comes through %q: %q", phase, dry.names)
		}
	}
	last := slices.Index(dry.names, "after step 3")
	for how, want := range interruptions {
		for i, at := range momentsOf(dry.names, "") {
			t.Run(fmt.Sprintf("%s/%d %s", how, i, at.name), func(t *testing.T) {
				t.Parallel()
				w, run, err := trial(t, how, at)
				if i < last {
					w.wantInterrupted(t, run, err, want.status, want.exit)
				} else if run.Status != model.Succeeded || run.ExitCode != 0 {
					t.Errorf("all had ended, and yet %s %d", run.Status, run.ExitCode)
				}
			})
		}
	}
}

// wantInterrupted compares what was returned, recorded and reported.
func (w *world) wantInterrupted(t *testing.T, run model.Run, err error, status model.Status, exit int) {
	t.Helper()
	if err != nil || len(w.runs) != 1 || w.reported == nil {
		t.Fatalf("%v, recorded %d", err, len(w.runs))
	}
	for from, r := range map[string]model.Run{"returned": run, "recorded": w.runs[0], "reported": *w.reported} {
		if r.Status != status || r.ExitCode != exit {
			t.Errorf("%s: %s %d (%s), want %s %d", from, r.Status, r.ExitCode, r.Message, status, exit)
		}
		interrupted := 0
		for _, s := range r.Steps {
			switch s.Status {
			case model.Succeeded, model.Skipped:
			case status:
				interrupted++
			default:
				t.Errorf("%s: step %q is %s (%s)", from, s.Step, s.Status, s.Message)
			}
			if reported, known := w.steps[s.Number]; known && reported.Status != s.Status {
				t.Errorf("step %q is %s and was reported as %s", s.Step, s.Status, reported.Status)
			}
		}
		if interrupted > 1 || interrupted == 0 && r.Message == "" && !slices.ContainsFunc(r.Steps,
			func(s model.StepRun) bool { return s.Status == model.Succeeded }) {
			t.Errorf("%s: %d steps interrupted, message %q", from, interrupted, r.Message)
		}
		if strings.Contains(r.Message, "context canceled") {
			t.Errorf("%s says %q", from, r.Message)
		}
	}
	if left, _ := os.ReadDir(filepath.Join(w.dir, "w")); len(left) > 0 {
		t.Errorf("%d work folders are left", len(left))
	}
}

// TestStepTimeLimitAtEachMoment: a step's limit holds for all that the step does. The steps start so late that each needs
// a new session.
func TestStepTimeLimitAtEachMoment(t *testing.T) {
	limited := func(t *testing.T, number int, at moment) (*world, model.Run, error) {
		w, r, project := newWorld(t)
		w.at = at
		passed := w.passed
		w.passed = func(name string) {
			if strings.HasPrefix(name, "telling of step ") {
				w.ahead.Add(int64(sessionReuse))
			}
			passed(name)
		}
		project.Steps[number-1].Options.Timeout = time.Hour
		r.after = func(_ time.Duration, pass func()) *time.Timer {
			w.interrupt = pass
			return time.NewTimer(time.Hour)
		}
		run, err := r.Run(t.Context(), Request{Project: project}, w, nil)
		return w, run, err
	}
	dry, _, _ := limited(t, 1, moment{})
	for number, least := range map[int]int{1: 5, 2: 5, 3: 2} {
		list := momentsOf(dry.names, fmt.Sprintf("telling of step %d", number))
		list = list[:slices.IndexFunc(list, func(m moment) bool { return m.name == fmt.Sprintf("after step %d", number) })]
		for _, at := range list {
			t.Run(fmt.Sprintf("%d %s %d", number, at.name, at.nth), func(t *testing.T) {
				t.Parallel()
				w, run, err := limited(t, number, at)
				w.wantInterrupted(t, run, err, model.TimedOut, ExitTimedOut)
				if s := run.Steps[number-1]; s.Status != model.TimedOut || s.Message == "" || !strings.Contains(s.Message, "step: 1h") {
					t.Errorf("step %d is %s: %q", number, s.Status, s.Message)
				}
			})
		}
		if len(list) < least {
			t.Errorf("step %d has %d moments: %q", number, len(list), dry.names)
		}
	}
}
