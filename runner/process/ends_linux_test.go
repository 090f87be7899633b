package process_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/process"
)

// forest is a program that starts kinds of processes that are hard to end, each of which says so in the file UP.
const forest = `
if [ "$1" = deep ]; then # a chain of processes, each the parent of the next
    if [ "$2" -gt 0 ]; then sh "$0" deep "$(($2 - 1))" & wait; exit; fi
    echo deep >>"$UP"
    sleep 401
    exit
fi
sh -c 'echo plain >>"$UP"; sleep 400; true' &
sh "$0" deep 12 &
setsid sh -c 'setsid sh -c "echo daemon >>\"\$UP\"; sleep 402; true" & exit 0' & # twice forked, in a session of its own, without its parent
nohup sh -c 'echo nohup >>"$UP"; sleep 403; true' >/dev/null 2>&1 &
sh -c 'trap "" HUP INT TERM; echo deaf >>"$UP"; sleep 404; sleep 404' &          # ignores what is polite, as do its children
sh -c 'echo stopped >>"$UP"; kill -STOP $$; sleep 405' &                          # handles no signal while it is stopped
setsid sh -c 'trap "setsid sleep 406 & setsid sleep 406 &" INT TERM; echo hydra >>"$UP"
    while :; do sleep 0.05; done' &                                               # starts others when it is asked to end
exec sh -c 'echo silent >>"$UP"; exec sleep 407 </dev/null >/dev/null 2>&1'       # holds none of the streams
`

// planted are the kinds of the forest.
var planted = []string{"plain", "deep", "daemon", "nohup", "deaf", "stopped", "hydra", "silent"}

// planters start the forest in each language in its own ways, with kinds of the language's own, and go on until the file GO exists.
var planters = []struct {
	name, program, file string
	args                []string
	text                string
	kinds               []string // of the language's own
}{
	{"bash", "bash", "plant.sh", nil, `
sh "$FOREST" &
coproc { echo coprocess >>"$UP"; sleep 410; }
disown -a
( trap '' INT TERM; echo subshell >>"$UP"; while :; do sleep 0.1; done ) &
while [ ! -e "$GO" ]; do sleep 0.02; done
exit 5
`, []string{"coprocess", "subshell"}},
	{"python", "python3", "plant.py", nil, `
import os, signal, subprocess, sys, time
def up(kind):
    with open(os.environ['UP'], 'a') as f:
        f.write(kind + '\n')
subprocess.Popen(['sh', os.environ['FOREST']], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        up('forked')
        while True:
            time.sleep(420)
    os._exit(0)
while not os.path.exists(os.environ['GO']):
    time.sleep(0.02)
sys.exit(5)
`, []string{"forked"}},
	{"powershell", "pwsh", "plant.ps1", []string{"-NoLogo", "-NoProfile", "-NonInteractive", "-File"}, `
Start-Process sh -ArgumentList $env:FOREST
$start = [Diagnostics.ProcessStartInfo]::new('sh')
'-c', 'trap "" INT; echo dotnet >>"$UP"; sleep 430; true' | ForEach-Object { $start.ArgumentList.Add($_) }
$null = [Diagnostics.Process]::Start($start)
while (-not (Test-Path $env:GO)) { Start-Sleep -Milliseconds 20 }
exit 5
`, []string{"dotnet"}},
}

// plantation is a script that plants a forest.
type plantation struct {
	spec  process.Spec
	mark  string
	up    string // file with a line for each kind that is there
	goOn  string // the script ends when this file exists
	kinds []string
}

func newPlantation(t *testing.T, language int) *plantation {
	t.Helper()
	row := planters[language]
	program, err := exec.LookPath(row.program)
	if err != nil {
		if os.Getenv("STEPDECK_REQUIRE_TOOLS") != "" {
			t.Fatal(err)
		}
		t.Skipf("NOT TESTED: no %s here", row.program)
	}
	dir := t.TempDir()
	file := func(name, text string) string {
		at := filepath.Join(dir, name)
		if text != "" {
			if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return at
	}
	p := &plantation{mark: newMark(t), up: file("up", ""), goOn: file("go", ""), kinds: append(append([]string{}, planted...), row.kinds...)}
	p.spec = process.Spec{
		Path: program, Args: append(append([]string{}, row.args...), file(row.file, row.text)), Dir: dir,
		Env: []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "FOREST=" + file("forest.sh", forest), "UP=" + p.up, "GO=" + p.goOn, p.mark},
		// Long enough for whoever ends when asked, and hydras to grow.
		Grace: process.Grace{Polite: 300 * time.Millisecond, Terminate: 300 * time.Millisecond}, DrainFor: 200 * time.Millisecond,
	}
	return p
}

// grown reports whether every kind is there.
func (p *plantation) grown() bool {
	text, _ := os.ReadFile(p.up)
	for _, kind := range p.kinds {
		if !strings.Contains("\n"+string(text), "\n"+kind+"\n") {
			return false
		}
	}
	return true
}

// ends are the ways in which a step can end, once its forest is there.
var ends = []struct {
	name string
	end  func(t *testing.T, p *plantation) (process.Result, error)
	want func(process.Result, error) bool
}{
	{"normal end", func(t *testing.T, p *plantation) (process.Result, error) {
		go func() {
			until(t, "the forest", p.grown)
			_ = os.WriteFile(p.goOn, nil, 0o600)
		}()
		return process.Run(t.Context(), p.spec, nil)
	}, func(res process.Result, err error) bool {
		return err == nil && res.ExitCode == 5 && !res.Stopped && len(res.Leftover) >= len(planted)
	}},
	{"stop", func(t *testing.T, p *plantation) (process.Result, error) {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { until(t, "the forest", p.grown); cancel() }()
		return process.Run(ctx, p.spec, nil)
	}, func(res process.Result, err error) bool { return err == nil && res.Stopped && res.Killed }},
	{"time limit", func(t *testing.T, p *plantation) (process.Result, error) {
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() { until(t, "the forest", p.grown); cancel(errors.New("timed out")) }()
		return process.Run(ctx, p.spec, nil)
	}, func(res process.Result, err error) bool { return err == nil && res.Stopped && res.Killed }},
	{"kill", func(t *testing.T, p *plantation) (process.Result, error) {
		kill := make(chan struct{})
		go func() { until(t, "the forest", p.grown); close(kill) }()
		return process.Run(t.Context(), p.spec, kill)
	}, func(res process.Result, err error) bool { return err == nil && res.Stopped && res.Signal == "SIGKILL" }},
	{"kill -9 of the engine", func(t *testing.T, p *plantation) (process.Result, error) {
		return process.Result{}, p.endEngine(t, func(engine int) int { return engine })
	}, func(_ process.Result, said error) bool { return said.Error() == "" }},
	{"kill -9 of the supervisor", func(t *testing.T, p *plantation) (process.Result, error) {
		return process.Result{}, p.endEngine(t, func(engine int) int {
			if pids := supervisors(t, engine); len(pids) == 1 {
				return pids[0]
			}
			t.Fatal("no supervisor")
			return 0
		})
	}, func(_ process.Result, said error) bool {
		return strings.Contains(said.Error(), "none of its processes is left")
	}},
}

// endEngine runs the script in an engine of its own, kills the process that of names for the engine's, and returns what the engine
// said.
func (p *plantation) endEngine(t *testing.T, of func(engine int) int) error {
	t.Helper()
	spec, err := json.Marshal(engineSpec{Path: p.spec.Path, Args: p.spec.Args, Env: p.spec.Env, Dir: p.spec.Dir})
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cmd := exec.Command("/proc/self/exe", engineArg)
	cmd.Env = append(os.Environ(), engineVariable+"="+string(spec))
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the forest", p.grown)
	if err := syscall.Kill(of(cmd.Process.Pid), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	until(t, "the tree to end", func() bool { return len(marked(p.mark)) == 0 })
	return errors.New(said.String())
}

// Whatever a script has started, in whatever language, nothing is left of it however the step ends.
func TestNothingSurvivesTheEnd(t *testing.T) {
	for language, planter := range planters {
		for _, row := range ends {
			t.Run(fmt.Sprintf("%s/%s", planter.name, row.name), func(t *testing.T) {
				t.Parallel()
				p := newPlantation(t, language)
				res, err := row.end(t, p)
				if left := marked(p.mark); len(left) > 0 {
					t.Errorf("%d left: %v", len(left), left)
				}
				if !row.want(res, err) || len(res.Survivors) > 0 {
					t.Errorf("%+v, %s %v", res, model.ErrorCode(err), err)
				}
			})
		}
	}
}
