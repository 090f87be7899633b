//go:build unix

package process_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/process"
)

const path = "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"

func bash(t testing.TB) string {
	t.Helper()
	p, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here")
	}
	return p
}

// script is the Spec of a Bash script, with everything that it prints in out and errs.
func script(t testing.TB, text string) (s process.Spec, out, errs *stream) {
	out, errs = &stream{}, &stream{}
	return process.Spec{
		Path: bash(t), Args: []string{"--noprofile", "--norc", "-c", text},
		Env: []string{path}, Dir: t.TempDir(),
		Stdout: out.take, Stderr: errs.take,
	}, out, errs
}

func mustRun(t *testing.T, s process.Spec) process.Result {
	t.Helper()
	res, err := process.Run(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestExitCodes(t *testing.T) {
	s, _, _ := script(t, "")
	for code := range 256 {
		s.Args[3] = "exit " + strconv.Itoa(code)
		res := mustRun(t, s)
		if res.ExitCode != code || res.Signal != "" || res.Stopped || res.Killed || res.PID == 0 || len(res.Leftover) > 0 || res.Ended > 0 {
			t.Fatalf("exit %d gave %+v", code, res)
		}
		if res.Started.IsZero() || res.Exited.Before(res.Started) {
			t.Fatalf("exit %d: started %v, exited %v", code, res.Started, res.Exited)
		}
		if testing.Short() && code == 3 {
			break
		}
	}
}

func TestSignalDeaths(t *testing.T) {
	for _, name := range []string{"SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGSEGV", "SIGPIPE", "SIGUSR1"} {
		t.Run(name, func(t *testing.T) {
			s, _, _ := script(t, "kill -"+strings.TrimPrefix(name, "SIG")+" $$; sleep 60")
			res := mustRun(t, s)
			if res.ExitCode != -1 || res.Signal != name || res.Stopped {
				t.Errorf("got %+v", res)
			}
		})
	}
}

func TestCannotStart(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return p
	}
	plain := write("plain", "text", 0o644)
	for _, row := range []struct{ name, path, dir, code, names string }{
		{"missing program", filepath.Join(dir, "nobody"), dir, "process.program.missing", "nobody"},
		{"program is a folder", dir, dir, "process.program.folder", filepath.Base(dir)},
		{"not executable", plain, dir, "process.program.permission", "plain"},
		{"no format", write("noformat", "\x00\x01\x02\x03", 0o755), dir, "process.program.format", "noformat"},
		{"missing interpreter", write("nointerp", "#!/nobody/here\n", 0o755), dir, "process.program.interpreter", "nointerp"},
		{"missing folder", bash(t), filepath.Join(dir, "deleted"), "process.folder.missing", "deleted"},
		{"folder is a file", bash(t), plain, "process.folder.file", "plain"},
	} {
		t.Run(row.name, func(t *testing.T) {
			res, err := process.Run(t.Context(), process.Spec{Path: row.path, Dir: row.dir, Env: []string{path}}, nil)
			wantCode(t, err, row.code)
			if !strings.Contains(err.Error(), row.names) {
				t.Errorf("%q does not name %s", err, row.names)
			}
			if res.ExitCode != -1 || res.PID != 0 || res.Stopped {
				t.Errorf("result %+v", res)
			}
		})
	}
}

func TestFolderDeletedWhileRunning(t *testing.T) {
	s, out, _ := script(t, "rm -rf \"$PWD\"; echo still here; exit 3")
	s.Dir = filepath.Join(s.Dir, "work")
	if err := os.Mkdir(s.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if res := mustRun(t, s); res.ExitCode != 3 || out.text() != "still here\n" {
		t.Errorf("%+v, %q", res, out.text())
	}
}

func TestRefusedBeforeTheStart(t *testing.T) {
	const secret = "hunter2"
	for _, row := range []struct {
		name, code string
		change     func(*process.Spec)
	}{
		{"NUL in a variable", "process.variable.nul", func(s *process.Spec) { s.Env = []string{"BAD=" + secret + "\x00"} }},
		{"NUL in an argument", "process.argument.nul", func(s *process.Spec) { s.Args = []string{secret + "\x00"} }},
		{"variable too long", "process.variable.long", func(s *process.Spec) {
			s.Env = []string{"BAD=" + strings.Repeat(secret, 2<<20)}
		}},
		{"argument too long", "process.argument.long", func(s *process.Spec) { s.Args = []string{strings.Repeat(secret, 2<<20)} }},
		{"too much together", "process.environment.large", func(s *process.Spec) {
			for i := range 100 {
				s.Env = append(s.Env, fmt.Sprintf("V%d=%s", i, strings.Repeat("x", 100_000)))
			}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, _, _ := script(t, "exit 0")
			row.change(&s)
			_, err := process.Run(t.Context(), s, nil)
			wantCode(t, err, row.code)
			if strings.Contains(err.Error(), secret) {
				t.Error("the error holds the value")
			}
			if strings.Contains(row.name, "variable") && !strings.Contains(err.Error(), "BAD") {
				t.Errorf("%q does not name the variable", err)
			}
		})
	}
	for _, row := range []struct {
		name string
		spec process.Spec
	}{
		{"relative program", process.Spec{Path: "bash", Dir: "/"}},
		{"relative folder", process.Spec{Path: "/bin/sh", Dir: "."}},
		{"variable without a name", process.Spec{Path: "/bin/sh", Dir: "/", Env: []string{"=x"}}},
		{"no variable", process.Spec{Path: "/bin/sh", Dir: "/", Env: []string{secret}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := process.Run(t.Context(), row.spec, nil)
			if err == nil || strings.Contains(err.Error(), secret) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// The longest variable that is let through must really reach the script.
func TestLongestVariable(t *testing.T) {
	s, out, _ := script(t, "printf %s \"${#BIG}\"")
	n := 32*4096 - 1 - len("BIG=")
	s.Env = append(s.Env, "BIG="+strings.Repeat("x", n))
	if res := mustRun(t, s); res.ExitCode != 0 || out.text() != strconv.Itoa(n) {
		t.Errorf("%+v, length %s, want %d", res, out.text(), n)
	}
}

func TestTooLargeForTheSystem(t *testing.T) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_STACK, &limit); err != nil || limit.Cur > 16<<20 {
		t.Skip("no usual stack limit here")
	}
	s, _, _ := script(t, "exit 0")
	for i := range 55 {
		s.Env = append(s.Env, fmt.Sprintf("V%d=%s", i, strings.Repeat("x", 100_000)))
	}
	_, err := process.Run(t.Context(), s, nil)
	wantCode(t, err, "process.environment.large")
}

func TestEnvironmentIsExact(t *testing.T) {
	t.Setenv("STEPDECK_LEAK", "leak")
	env, err := exec.LookPath("env")
	if err != nil {
		t.Skip("no env here")
	}
	for _, want := range [][]string{
		nil,
		{"A=1", "EMPTY=", "LINES=one\ntwo", "QUOTES='\"`$(x)", "BYTES=\xff\xfe", "EMOJI=🎈", "EQUALS=a=b=c"},
	} {
		out := &stream{}
		mustRun(t, process.Spec{Path: env, Args: []string{"-0"}, Env: want, Dir: "/", Stdout: out.take})
		got := strings.Split(strings.TrimSuffix(out.text(), "\x00"), "\x00")
		if len(want) == 0 {
			want = []string{""}
		}
		if !slices.Equal(got, want) {
			t.Errorf("environment %q, want %q", got, want)
		}
	}
}

func TestArgumentsAreExact(t *testing.T) {
	s, out, _ := script(t, `printf '%s\0' "$@"`)
	want := []string{"", "a b", "'", `"`, `\`, "*", "$HOME", "\xff", "-n", "line\nbreak"}
	s.Args = append(append(s.Args, "name"), want...)
	mustRun(t, s)
	if got := strings.Split(strings.TrimSuffix(out.text(), "\x00"), "\x00"); !slices.Equal(got, want) {
		t.Errorf("arguments %q, want %q", got, want)
	}
}

func TestStandardInputIsEmpty(t *testing.T) {
	s, out, _ := script(t, `read -r x; echo "rc=$? x=$x"`)
	if mustRun(t, s); out.text() != "rc=1 x=\n" {
		t.Errorf("read gave %q", out.text())
	}
}

func TestNoTerminal(t *testing.T) {
	s, out, _ := script(t, `(exec 3<>/dev/tty) 2>/dev/null && echo a terminal; echo done`)
	if mustRun(t, s); out.text() != "done\n" {
		t.Errorf("got %q", out.text())
	}
}

func TestStreamsStayApart(t *testing.T) {
	s, out, errs := script(t, "echo to out; echo to err >&2; printf 'no end'")
	mustRun(t, s)
	if out.text() != "to out\nno end" || errs.text() != "to err\n" || out.back || errs.back {
		t.Errorf("stdout %q, stderr %q", out.text(), errs.text())
	}
}

func TestScriptClosesItsStreams(t *testing.T) {
	s, out, errs := script(t, "echo before; exec >&- 2>&-; sleep 0.3; exit 5")
	res := mustRun(t, s)
	if res.ExitCode != 5 || out.text() != "before\n" || errs.text() != "" {
		t.Errorf("%+v %q %q", res, out.text(), errs.text())
	}
	if d := res.Exited.Sub(res.Started); d < 250*time.Millisecond {
		t.Errorf("ended with the streams instead of the shell: after %v", d)
	}
}

// digest takes a stream of any length.
type digest struct {
	hash.Hash
	n int64
}

func (d *digest) take(p []byte, _ time.Time) { n, _ := d.Write(p); d.n += int64(n) }

func TestEveryByteOfBothStreams(t *testing.T) {
	size := int64(100 << 20)
	if testing.Short() {
		size = 10 << 20
	}
	file := filepath.Join(t.TempDir(), "big")
	want := &digest{Hash: sha256.New()}
	writeBig(t, file, size, want)

	s, _, _ := script(t, `cat "$F" & cat "$F" >&2; wait`)
	s.Env = append(s.Env, "F="+file)
	out, errs := &digest{Hash: sha256.New()}, &digest{Hash: sha256.New()}
	s.Stdout, s.Stderr = out.take, errs.take
	mustRun(t, s)
	for name, got := range map[string]*digest{"stdout": out, "stderr": errs} {
		if got.n != size || !bytes.Equal(got.Sum(nil), want.Sum(nil)) {
			t.Errorf("%s: %d of %d bytes, equal %v", name, got.n, size, bytes.Equal(got.Sum(nil), want.Sum(nil)))
		}
	}
}

func writeBig(t testing.TB, file string, size int64, also *digest) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}()
	block := make([]byte, 1<<20)
	state := uint64(88172645463325252)
	for n := int64(0); n < size; n += int64(len(block)) {
		for i := range block {
			state ^= state << 13
			state ^= state >> 7
			state ^= state << 17
			block[i] = byte(state)
		}
		if _, err := f.Write(block); err != nil {
			t.Fatal(err)
		}
		if also != nil {
			also.take(block, time.Time{})
		}
	}
}

// A slow reader makes the script wait and loses nothing, even what is still in the pipe when the script has ended.
func TestSlowReaderLosesNothing(t *testing.T) {
	s, _, _ := script(t, "head -c 900000 /dev/zero")
	n := 0
	s.Stdout = func(p []byte, _ time.Time) { n += len(p); time.Sleep(50 * time.Millisecond) }
	if mustRun(t, s); n != 900000 {
		t.Errorf("%d bytes of 900000", n)
	}
}

func TestBackgroundProcessEndsByItself(t *testing.T) {
	s, out, _ := script(t, "(sleep 0.4; echo late) & echo done; exit 7")
	res := mustRun(t, s)
	if res.ExitCode != 7 || out.text() != "done\nlate\n" || len(res.Leftover) > 0 || res.Ended > 0 {
		t.Errorf("%+v, %q", res, out.text())
	}
}

func TestLeftoverIsStoppedAndNamed(t *testing.T) {
	s, out, _ := script(t, "sleep 300 & (trap '' TERM; sleep 301; sleep 302) & (sleep 0.2; echo late) & echo done; exit 7")
	s.DrainFor = 700 * time.Millisecond
	s.Grace.Terminate = 300 * time.Millisecond
	ev := newEvents()
	s.OnStop = ev.take
	begin := time.Now()
	res := mustRun(t, s)
	took := time.Since(begin)
	if res.ExitCode != 7 || res.Stopped || out.text() != "done\nlate\n" {
		t.Errorf("%+v, %q", res, out.text())
	}
	var names []string
	for _, p := range res.Leftover {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	if want := []string{"bash", "sleep", "sleep"}; !slices.Equal(names, want) {
		t.Errorf("left over %v, want %v", names, want)
	}
	wantStages(t, ev, model.StopTold, model.StopForced)
	if !ev.list[0].Leftover || ev.list[0].Processes != 3 || ev.list[0].ForceIn != s.Grace.Terminate {
		t.Errorf("event %+v", ev.list[0])
	}
	if res.Ended < 3 || !res.Killed || len(res.Survivors) > 0 {
		t.Errorf("result %+v", res)
	}
	if took < time.Second || took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestStopWhileDrainingCutsItShort(t *testing.T) {
	for _, row := range []struct {
		name   string
		kill   bool
		stages []model.StopStage
	}{
		{"stop", false, []model.StopStage{model.StopTold}},
		{"kill", true, []model.StopStage{model.StopForced}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, _, _ := script(t, "sleep 300 & exit 7")
			s.DrainFor = time.Hour
			ev := newEvents()
			s.OnStop = ev.take
			shell := make(chan int, 1)
			s.OnStart = func(pid int) { shell <- pid }
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			kill := make(chan struct{})
			go func() {
				pid := <-shell
				until(t, "the shell to end", func() bool { return syscall.Kill(pid, 0) != nil })
				if row.kill {
					close(kill)
				} else {
					cancel()
				}
			}()
			res, err := process.Run(ctx, s, kill)
			if err != nil || res.ExitCode != 7 || res.Stopped || res.Ended != 1 || len(res.Leftover) != 1 {
				t.Errorf("%+v, %v", res, err)
			}
			wantStages(t, ev, row.stages...)
		})
	}
}

func TestLeaveBackground(t *testing.T) {
	s, out, _ := script(t, "sleep 300 >/dev/null 2>&1 & echo $!; exit 0")
	s.DrainFor, s.LeaveBackground = -1, true
	res := mustRun(t, s)
	pid, err := strconv.Atoi(strings.TrimSpace(out.text()))
	if err != nil {
		t.Fatal(err)
	}
	if syscall.Kill(pid, 0) != nil {
		t.Error("it was ended all the same")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
	if len(res.Left) != 1 || res.Left[0].PID != pid || len(res.Leftover) > 0 || res.Ended != 0 {
		t.Errorf("%+v", res)
	}
}

func TestPoliteStopLetsTheScriptTidyUp(t *testing.T) {
	s, out, _ := script(t, "trap 'echo tidy; exit 9' INT; echo up; while :; do sleep 0.05; done")
	ev := newEvents()
	s.OnStop = ev.take
	res, err := stopWhen(t, s, out, "up\n")
	if err != nil || res.ExitCode != 9 || !res.Stopped || res.Killed || !strings.HasSuffix(out.text(), "tidy\n") {
		t.Errorf("%+v, %v, %q", res, err, out.text())
	}
	wantStages(t, ev, model.StopAsked)
	if e := ev.list[0]; e.ForceIn != 5*time.Second || e.Processes < 1 || e.Leftover {
		t.Errorf("event %+v", e)
	}
}

// stopWhen cancels the run once it has printed what.
func stopWhen(t *testing.T, s process.Spec, out *stream, what string) (process.Result, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		until(t, what, func() bool { return strings.Contains(out.text(), what) })
		cancel()
	}()
	res, err := process.Run(ctx, s, nil)
	<-done
	return res, err
}

func TestStagesOfAStop(t *testing.T) {
	const short, long = 300 * time.Millisecond, 20 * time.Second
	for _, row := range []struct {
		name, trap string
		grace      process.Grace
		stages     []model.StopStage
		signal     string
	}{
		{"ends when asked", ":", process.Grace{Polite: long, Terminate: long}, []model.StopStage{model.StopAsked}, "SIGINT"},
		{"ends when told", "trap '' INT", process.Grace{Polite: short, Terminate: long}, []model.StopStage{model.StopAsked, model.StopTold},
			"SIGTERM"},
		{"ends by force", "trap '' INT TERM HUP", process.Grace{Polite: short, Terminate: short},
			[]model.StopStage{model.StopAsked, model.StopTold, model.StopForced}, "SIGKILL"},
		{"no grace", "trap '' INT TERM HUP", process.Grace{Polite: -1, Terminate: -1},
			[]model.StopStage{model.StopAsked, model.StopTold, model.StopForced}, "SIGKILL"},
		{"stopped by itself", "trap '' INT; (sleep 0.1; echo up) & kill -STOP $$", process.Grace{Polite: short, Terminate: long},
			[]model.StopStage{model.StopAsked, model.StopTold}, "SIGTERM"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s, out, _ := script(t, row.trap+"; echo up; while :; do sleep 0.05; done")
			s.Grace = row.grace
			ev := newEvents()
			s.OnStop = ev.take
			res, err := stopWhen(t, s, out, "up\n")
			if err != nil || res.Signal != row.signal || !res.Stopped || res.Ended < 1 || len(res.Survivors) > 0 {
				t.Errorf("%+v, %v", res, err)
			}
			wantStages(t, ev, row.stages...)
		})
	}
}

func TestTimeLimit(t *testing.T) {
	s, _, _ := script(t, "sleep 300")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	res, err := process.Run(ctx, s, nil)
	if err != nil || !res.Stopped || ctx.Err() == nil {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestErrorsAreModelErrors(t *testing.T) {
	_, err := process.Run(t.Context(), process.Spec{Path: "/nobody/here", Dir: "/"}, nil)
	if model.ErrorCode(err) == "" {
		t.Errorf("%T %v", err, err)
	}
	_, err = process.Run(t.Context(), process.Spec{Supervisor: process.Supervisor{Program: "/nobody/here"}, Path: bash(t), Dir: "/"}, nil)
	wantCode(t, err, "process.supervisor.program")
}

// A program that takes the hidden argument for something else must not hang the run.
func TestThisProcessIsNotASupervisor(t *testing.T) {
	s, _, _ := script(t, "exit 0")
	s.Supervisor.Program = "/bin/true"
	if _, err := os.Stat(s.Supervisor.Program); err != nil {
		s.Supervisor.Program = "/usr/bin/true"
	}
	_, err := process.Run(t.Context(), s, nil)
	wantCode(t, err, "process.supervisor.lost")
}
