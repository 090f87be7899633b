package process_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/process"
)

// command is the Spec of a line of cmd.exe.
func command(t *testing.T, line string) (s process.Spec, out, errs *stream) {
	t.Helper()
	root := os.Getenv("SYSTEMROOT")
	cmd := filepath.Join(root, "System32", "cmd.exe")
	out, errs = &stream{}, &stream{}
	return process.Spec{
		Path: cmd, CommandLine: `"` + cmd + `" /d /s /c "` + line + `"`,
		Env: []string{"SYSTEMROOT=" + root, "PATH=" + filepath.Join(root, "System32"), "COMSPEC=" + cmd},
		Dir: root, Stdout: out.take, Stderr: errs.take,
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
	for _, code := range []int{0, 1, 2, 255, 256, 3010, -1, -1073741510} {
		s, _, _ := command(t, "exit "+strconv.Itoa(code))
		if res := mustRun(t, s); res.ExitCode != code || res.Signal != "" || res.Stopped || res.Killed {
			t.Errorf("exit %d gave %+v", code, res)
		}
	}
}

func TestStreamsStayApart(t *testing.T) {
	s, out, errs := command(t, "echo to out& echo to err 1>&2")
	mustRun(t, s)
	if strings.TrimSpace(out.text()) != "to out" || strings.TrimSpace(errs.text()) != "to err" {
		t.Errorf("stdout %q, stderr %q", out.text(), errs.text())
	}
}

func TestEnvironmentReachesTheScript(t *testing.T) {
	t.Setenv("STEPDECK_LEAK", "leak")
	s, out, _ := command(t, "echo [%VALUE%][%STEPDECK_LEAK%]")
	s.Env = append(s.Env, "VALUE=a b")
	mustRun(t, s)
	if got := strings.TrimSpace(out.text()); got != "[a b][%STEPDECK_LEAK%]" {
		t.Errorf("got %q", got)
	}
}

func TestArgumentsAreQuoted(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The test program complains of an argument that it does not know, by its name.
	out := &stream{}
	s := process.Spec{
		Path: self, Args: []string{`-a "b" c\`}, Dir: filepath.Dir(self), Env: []string{"SYSTEMROOT=" + os.Getenv("SYSTEMROOT")},
		Stdout: out.take, Stderr: out.take,
	}
	res := mustRun(t, s)
	if res.ExitCode == 0 || !strings.Contains(out.text(), `-a "b" c\`) {
		t.Errorf("%+v, %q", res, out.text())
	}
}

func TestCannotStart(t *testing.T) {
	dir := t.TempDir()
	noProgram := filepath.Join(dir, "none.exe")
	if err := os.WriteFile(noProgram, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	good, _, _ := command(t, "exit")
	for _, row := range []struct{ name, path, dir, code string }{
		{"missing program", filepath.Join(dir, "nobody.exe"), dir, "process.program.missing"},
		{"program is a folder", dir, dir, "process.program.folder"},
		{"no format", noProgram, dir, "process.program.format"},
		{"missing folder", good.Path, filepath.Join(dir, "deleted"), "process.folder.missing"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := process.Run(t.Context(), process.Spec{Path: row.path, Dir: row.dir, Env: good.Env}, nil)
			wantCode(t, err, row.code)
		})
	}
}

func TestLongVariable(t *testing.T) {
	s, _, _ := command(t, "exit")
	s.Env = append(s.Env, "BIG="+strings.Repeat("x", 40_000))
	_, err := process.Run(t.Context(), s, nil)
	wantCode(t, err, "process.variable.long")
	if !strings.Contains(err.Error(), "BIG") {
		t.Errorf("%q does not name it", err)
	}
}

// zoo is a tree of cmd.exe, two ping behind start, and a third as the script's own command.
const zoo = `start /b ping -n 300 127.0.0.1 >nul & start /b cmd /c "ping -n 301 127.0.0.1 >nul" & echo up& ping -n 302 127.0.0.1 >nul`

// pings counts the ping.exe of the tree, which have a parent in it.
func pings(t *testing.T) (pids []uint32) {
	t.Helper()
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		t.Error(err)
		return nil
	}
	defer windows.CloseHandle(snapshot) //nolint:errcheck // only read
	entry := windows.ProcessEntry32{Size: uint32(unsafe.Sizeof(windows.ProcessEntry32{}))}
	for err = windows.Process32First(snapshot, &entry); err == nil; err = windows.Process32Next(snapshot, &entry) {
		if strings.EqualFold(windows.UTF16ToString(entry.ExeFile[:]), "ping.exe") {
			pids = append(pids, entry.ProcessID)
		}
	}
	return pids
}

func TestZooStop(t *testing.T) {
	s, out, _ := command(t, zoo)
	s.Grace.Polite = time.Second
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var asked time.Time
	go func() {
		until(t, "the zoo", func() bool { return strings.Contains(out.text(), "up") && len(pings(t)) == 3 })
		asked = time.Now()
		cancel()
	}()
	res, err := process.Run(ctx, s, nil)
	if took := time.Since(asked); took > 6*time.Second {
		t.Errorf("took %v", took)
	}
	if err != nil || !res.Stopped || res.Ended < 4 || len(res.Survivors) > 0 {
		t.Errorf("%+v, %v", res, err)
	}
	until(t, "the tree to end", func() bool { return len(pings(t)) == 0 })
}

func TestZooKill(t *testing.T) {
	s, out, _ := command(t, zoo)
	kill := make(chan struct{})
	ev := newEvents()
	s.OnStop = ev.take
	go func() {
		until(t, "the zoo", func() bool { return strings.Contains(out.text(), "up") && len(pings(t)) == 3 })
		close(kill)
	}()
	res, err := process.Run(t.Context(), s, kill)
	if err != nil || !res.Killed || res.Ended < 4 || len(res.Survivors) > 0 {
		t.Errorf("%+v, %v", res, err)
	}
	wantStages(t, ev, model.StopForced)
	until(t, "the tree to end", func() bool { return len(pings(t)) == 0 })
}

func TestLeftoverIsStoppedAndNamed(t *testing.T) {
	s, out, _ := command(t, "start /b ping -n 300 127.0.0.1 >nul & echo done& exit 7")
	s.DrainFor, s.Grace.Polite = 500*time.Millisecond, 200*time.Millisecond
	res := mustRun(t, s)
	if res.ExitCode != 7 || res.Stopped || !strings.Contains(out.text(), "done") {
		t.Errorf("%+v, %q", res, out.text())
	}
	named := false
	for _, p := range res.Leftover {
		named = named || strings.EqualFold(p.Name, "ping.exe")
	}
	if !named {
		t.Errorf("left over %v", res.Leftover)
	}
	until(t, "the tree to end", func() bool { return len(pings(t)) == 0 })
}

// The system ends a job with its last handle, which the supervisor holds.
func TestSupervisorKilled(t *testing.T) {
	s, out, _ := command(t, zoo)
	go func() {
		until(t, "the zoo", func() bool { return strings.Contains(out.text(), "up") && len(pings(t)) == 3 })
		kill(t, findSupervisor(t))
	}()
	_, err := process.Run(t.Context(), s, nil)
	wantCode(t, err, "process.supervisor.lost")
	until(t, "the tree to end", func() bool { return len(pings(t)) == 0 })
}

// findSupervisor returns the only child that is this program itself.
func findSupervisor(t *testing.T) uint32 {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Error(err)
	}
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer windows.CloseHandle(snapshot) //nolint:errcheck // only read
	entry := windows.ProcessEntry32{Size: uint32(unsafe.Sizeof(windows.ProcessEntry32{}))}
	for err = windows.Process32First(snapshot, &entry); err == nil; err = windows.Process32Next(snapshot, &entry) {
		name := windows.UTF16ToString(entry.ExeFile[:])
		if int(entry.ParentProcessID) == os.Getpid() && strings.EqualFold(name, filepath.Base(self)) {
			return entry.ProcessID
		}
	}
	t.Error("no supervisor")
	return 0
}

func kill(t *testing.T, pid uint32) {
	t.Helper()
	h, err := windows.OpenProcess(windows.PROCESS_TERMINATE, false, pid)
	if err != nil {
		t.Error(err)
		return
	}
	defer windows.CloseHandle(h) //nolint:errcheck // only used to end it
	if err := windows.TerminateProcess(h, 9); err != nil {
		t.Error(err)
	}
}

func TestStandardInputIsEmpty(t *testing.T) {
	s, out, _ := command(t, `set X=none& set /p X=& echo [%ERRORLEVEL%]`)
	if mustRun(t, s); !strings.Contains(out.text(), "[") {
		t.Errorf("got %q", out.text())
	}
}

// "set /p" with the null device writes nothing at all, which a reader of a pipe sees as a read of no bytes.
func TestEmptyWriteIsNotTheEnd(t *testing.T) {
	s, out, _ := command(t, `echo one& <nul set /p=& echo two`)
	mustRun(t, s)
	if !strings.Contains(out.text(), "one") || !strings.Contains(out.text(), "two") {
		t.Errorf("got %q", out.text())
	}
}
