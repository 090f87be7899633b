package process_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// zoo is a tree of nine processes that are hard to catch: a group kill leaves two, killing the shell leaves eight.
const zoo = `
sleep 300 &                                      # plain
(sleep 301; true) &                              # a subshell and its child
nohup sleep 302 >/dev/null 2>&1 &                # ignores SIGHUP
setsid sleep 303 &                               # a session of its own
setsid sh -c 'setsid sleep 304 & sleep 0.1' &    # a daemon: twice forked, its parent is gone
sh -c 'trap "" INT TERM; sleep 305; sleep 306' & # ignores what is polite
echo up
sleep 307
`

const zooSize = 9

// marked returns the short command lines of the processes that have the mark in their environment, which all of them keep.
func marked(mark string) map[int]string {
	found := map[int]string{}
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		env, err := os.ReadFile(dir + "/environ")
		if err != nil || !bytes.Contains(append([]byte{0}, env...), []byte("\x00"+mark+"\x00")) {
			continue
		}
		line, _ := os.ReadFile(dir + "/cmdline")
		pid, _ := strconv.Atoi(filepath.Base(dir))
		if pid != os.Getpid() {
			found[pid] = strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}

// grown says that every animal is there, and the daemon has lost its parent.
func grown(mark string) bool {
	all := marked(mark)
	text := fmt.Sprint(all)
	for n := 300; n <= 307; n++ {
		if n != 306 && !strings.Contains(text, fmt.Sprintf(":sleep %d", n)) {
			return false
		}
	}
	return len(all) == zooSize
}

func newMark(t *testing.T) string {
	t.Helper()
	mark := fmt.Sprintf("ZOO=%s-%d-%d", t.Name(), os.Getpid(), time.Now().UnixNano())
	t.Cleanup(func() {
		for pid, line := range marked(mark) {
			t.Errorf("still there: %d %s", pid, line)
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	return mark
}

// supervisors returns the supervisors below the process.
func supervisors(t *testing.T, parent int) (pids []int) {
	t.Helper()
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range dirs {
		line, _ := os.ReadFile(dir + "/cmdline")
		stat, _ := os.ReadFile(dir + "/stat")
		if !bytes.HasSuffix(line, []byte("\x00"+supervisor.Arg+"\x00")) {
			continue
		}
		f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if f[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(dir))
			pids = append(pids, pid)
		}
	}
	return pids
}

func zooSpec(t *testing.T) (process.Spec, string, *events) {
	t.Helper()
	for _, tool := range []string{"setsid", "nohup"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("no " + tool + " here")
		}
	}
	s, _, _ := script(t, zoo)
	mark := newMark(t)
	s.Env = append(s.Env, mark)
	ev := newEvents()
	s.OnStop = ev.take
	return s, mark, ev
}

func TestZooStop(t *testing.T) {
	t.Parallel()
	s, mark, ev := zooSpec(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var asked time.Time
	go func() {
		until(t, "the zoo", func() bool { return grown(mark) })
		asked = time.Now()
		cancel()
	}()
	res, err := process.Run(ctx, s, nil)
	took := time.Since(asked)
	if left := marked(mark); len(left) > 0 {
		t.Errorf("%d left: %v", len(left), left)
	}
	if err != nil || !res.Stopped || !res.Killed || res.Ended < zooSize || len(res.Survivors) > 0 || len(res.Leftover) > 0 {
		t.Errorf("%+v, %v", res, err)
	}
	wantStages(t, ev, model.StopAsked, model.StopTold, model.StopForced)
	if ev.list[0].Processes != zooSize {
		t.Errorf("asked %d processes", ev.list[0].Processes)
	}
	if took > 6*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestZooSecondPress(t *testing.T) {
	t.Parallel()
	s, mark, ev := zooSpec(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	kill := make(chan struct{})
	var pressed time.Time
	go func() {
		until(t, "the zoo", func() bool { return grown(mark) })
		cancel()
		<-ev.seen
		pressed = time.Now()
		close(kill)
	}()
	res, err := process.Run(ctx, s, kill)
	if took := time.Since(pressed); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	if left := marked(mark); err != nil || len(left) > 0 || !res.Stopped || res.Ended < zooSize {
		t.Errorf("%+v, %v, left %v", res, err, left)
	}
	wantStages(t, ev, model.StopAsked, model.StopForced)
}

func TestZooKill(t *testing.T) {
	t.Parallel()
	s, mark, ev := zooSpec(t)
	kill := make(chan struct{})
	go func() {
		until(t, "the zoo", func() bool { return grown(mark) })
		close(kill)
	}()
	res, err := process.Run(t.Context(), s, kill)
	if left := marked(mark); err != nil || len(left) > 0 || res.Ended != zooSize || res.Signal != "SIGKILL" {
		t.Errorf("%+v, %v, left %v", res, err, left)
	}
	wantStages(t, ev, model.StopForced)
}

func TestZooSupervisorKilled(t *testing.T) {
	s, mark, _ := zooSpec(t)
	// A second run beside it must not be touched.
	other, otherOut, _ := script(t, "setsid sleep 0.5; echo fine")
	otherMark := newMark(t)
	other.Env = append(other.Env, otherMark)

	go func() {
		until(t, "the zoo", func() bool { return grown(mark) })
		pids := supervisors(t, os.Getpid())
		if len(pids) != 1 {
			t.Errorf("%d supervisors", len(pids))
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			if res, err := process.Run(context.Background(), other, nil); err != nil || res.ExitCode != 0 || otherOut.text() != "fine\n" {
				t.Errorf("the other run: %+v, %v, %q", res, err, otherOut.text())
			}
		}()
		until(t, "the other run", func() bool { return strings.Contains(fmt.Sprint(marked(otherMark)), "sleep 0.5") })
		for _, pid := range pids {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		}
		<-done
	}()
	res, err := process.Run(t.Context(), s, nil)
	wantCode(t, err, "process.supervisor.lost")
	if left := marked(mark); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	// The shell itself dies with its supervisor, before anybody can count it.
	if res.PID == 0 || res.ExitCode != -1 || res.Ended < zooSize-1 || len(res.Survivors) > 0 {
		t.Errorf("%+v", res)
	}
	until(t, "the other run to end", func() bool { return len(marked(otherMark)) == 0 && len(supervisors(t, os.Getpid())) == 0 })
	until(t, "no zombie", func() bool { return len(zombies()) == 0 })
}

// A process that an earlier step was allowed to leave is a child of the engine, like what a killed supervisor leaves.
func TestSupervisorKilledSparesWhatWasLeft(t *testing.T) {
	first, _, _ := script(t, "setsid sh -c 'sleep 310; true' >/dev/null 2>&1 & exit 0")
	leftMark := newMark(t)
	first.Env = append(first.Env, leftMark)
	first.DrainFor, first.LeaveBackground = -1, true
	var left []int
	for _, p := range mustRun(t, first).Left {
		left = append(left, p.PID)
	}
	until(t, "the left processes", func() bool { return strings.Contains(fmt.Sprint(marked(leftMark)), ":sleep 310") })

	s, mark, _ := zooSpec(t)
	s.Spared = func() []int { return left }
	go func() {
		until(t, "the zoo", func() bool { return grown(mark) })
		for _, pid := range supervisors(t, os.Getpid()) {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Error(err)
			}
		}
	}()
	_, err := process.Run(t.Context(), s, nil)
	wantCode(t, err, "process.supervisor.lost")
	if still := marked(mark); len(still) > 0 {
		t.Errorf("left %v", still)
	}
	if spared := marked(leftMark); len(spared) != 2 {
		t.Errorf("of what was left on purpose there is %v", spared)
	}
	for pid := range marked(leftMark) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
	}
	until(t, "the left processes to end", func() bool { return len(marked(leftMark)) == 0 })
	for _, pid := range left {
		_, _ = syscall.Wait4(pid, nil, 0, nil)
	}
}

// zombies returns this process's children that were not reaped.
func zombies() (list []string) {
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:])); f[0] == "Z" && f[1] == strconv.Itoa(os.Getpid()) {
			list = append(list, string(b[:bytes.LastIndexByte(b, ')')+1]))
		}
	}
	return list
}

// startEngine starts an engine in a process of its own, with a zoo.
func startEngine(t *testing.T, sig *syscall.SysProcAttr) (*exec.Cmd, string) {
	t.Helper()
	s, mark, _ := zooSpec(t)
	spec, err := json.Marshal(engineSpec{Path: s.Path, Args: s.Args, Env: s.Env, Dir: s.Dir})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/proc/self/exe", engineArg)
	cmd.Env = append(os.Environ(), engineVariable+"="+string(spec))
	cmd.SysProcAttr = sig
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until(t, "the zoo", func() bool { return grown(mark) })
	return cmd, mark
}

func TestZooEngineKilled(t *testing.T) {
	t.Parallel()
	cmd, mark := startEngine(t, nil)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	killed := time.Now()
	until(t, "the tree to end", func() bool { return len(marked(mark)) == 0 })
	if took := time.Since(killed); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

// A terminal's Ctrl-C, a hang-up or "kill -TERM -GROUP" must not take the supervisor away before the tree.
func TestZooSignalsToSupervisorAndGroup(t *testing.T) {
	t.Parallel()
	cmd, mark := startEngine(t, &syscall.SysProcAttr{Setpgid: true})
	pids := supervisors(t, cmd.Process.Pid)
	if len(pids) != 1 {
		t.Fatalf("supervisors %v", pids)
	}
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGPIPE, syscall.SIGUSR1} {
		if err := syscall.Kill(-pids[0], sig); err != nil { // its group is its own
			t.Fatal(err)
		}
	}
	if !grown(mark) {
		t.Error("the tree was signalled")
	}
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM); err != nil { // ends the engine
		t.Fatal(err)
	}
	_ = cmd.Wait()
	until(t, "the tree to end", func() bool { return len(marked(mark)) == 0 })
}

// A stopped supervisor follows no orders; the engine kills it after a while.
func TestZooSupervisorStopped(t *testing.T) {
	s, mark, _ := zooSpec(t)
	kill := make(chan struct{})
	go func() {
		defer close(kill)
		until(t, "the zoo", func() bool { return grown(mark) })
		for _, pid := range supervisors(t, os.Getpid()) {
			if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
				t.Error(err)
			}
		}
	}()
	_, err := process.Run(t.Context(), s, kill)
	wantCode(t, err, "process.supervisor.lost")
	if left := marked(mark); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestDaemonHoldsThePipe(t *testing.T) {
	t.Parallel()
	s, out, _ := script(t, "setsid sh -c 'setsid sh -c \"while :; do echo tick; sleep 0.1; done\" &' ; echo done; exit 4")
	mark := newMark(t)
	s.Env = append(s.Env, mark)
	begin := time.Now()
	res := mustRun(t, s)
	took := time.Since(begin)
	if res.ExitCode != 4 || len(res.Leftover) == 0 || res.Stopped || len(marked(mark)) > 0 {
		t.Errorf("%+v", res)
	}
	if took < 2*time.Second || took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if n := strings.Count(out.text(), "tick"); n < 10 {
		t.Errorf("read %d ticks of 2 s", n)
	}
}

// A process outside the tree that got hold of the pipe keeps it open and full for ever.
func TestAnotherProcessHoldsThePipe(t *testing.T) {
	t.Parallel()
	s, out, _ := script(t, "echo $$; read -r x < \"$FIFO\"; head -c 50000 /dev/zero; exit 6")
	fifo := filepath.Join(s.Dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	s.Env = append(s.Env, "FIFO="+fifo)
	holder := make(chan *os.File, 1)
	go func() {
		until(t, "the script", func() bool { return strings.HasSuffix(out.text(), "\n") })
		f, err := os.OpenFile("/proc/"+strings.TrimSpace(out.text())+"/fd/1", os.O_WRONLY, 0)
		if err != nil {
			t.Error(err)
		}
		holder <- f
		if err := os.WriteFile(fifo, []byte("go\n"), 0o600); err != nil {
			t.Error(err)
		}
	}()
	res := mustRun(t, s)
	f := <-holder
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	_, zeros, _ := strings.Cut(out.text(), "\n")
	if res.ExitCode != 6 || len(zeros) != 50000 {
		t.Errorf("%+v, %d bytes of 50000", res, len(zeros))
	}
}

func TestOnlyThreeDescriptors(t *testing.T) {
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	leak, err := syscall.Dup(int(f.Fd())) // not closed on exec, as a careless parent would leave it to us
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(leak)
	ls, err := exec.LookPath("ls")
	if err != nil {
		t.Skip("no ls here")
	}
	out := &stream{}
	mustRun(t, process.Spec{Path: ls, Args: []string{"-1", "/proc/self/fd"}, Dir: "/", Stdout: out.take})
	// 3 is the folder that ls reads.
	if got := strings.Fields(out.text()); !slices.Equal(got, []string{"0", "1", "2", "3"}) {
		t.Errorf("descriptors %q", got)
	}

	s, out, _ := script(t, `for n in 0 1 2; do grep flags /proc/$$/fdinfo/$n; done; readlink /proc/$$/fd/0`)
	mustRun(t, s)
	if !strings.HasSuffix(out.text(), "/dev/null\n") || strings.Count(out.text(), "flags:") != 3 {
		t.Errorf("got %q", out.text())
	}
	for _, flags := range strings.Fields(strings.ReplaceAll(out.text(), "flags:", "")) {
		n, err := strconv.ParseInt(flags, 8, 64)
		if err == nil && n&syscall.O_NONBLOCK != 0 {
			t.Errorf("a stream does not block, which programs do not expect: %s", flags)
		}
	}
}

func TestSignalsAndLimitsOfTheScript(t *testing.T) {
	s, out, _ := script(t, `grep -E 'SigIgn|SigBlk' /proc/self/status | tr -d '\n\t'; echo; ulimit -c`)
	spec, err := json.Marshal(engineSpec{Path: s.Path, Args: s.Args, Env: s.Env, Dir: s.Dir})
	if err != nil {
		t.Fatal(err)
	}
	_ = out
	// Started by a parent that ignores SIGINT and SIGHUP, as nohup and background jobs of a shell are.
	cmd := exec.Command(bash(t), "-c", `trap "" INT HUP; exec "$0" "$1"`, "/proc/"+strconv.Itoa(os.Getpid())+"/exe", engineArg)
	cmd.Env = append(os.Environ(), engineVariable+"="+string(spec))
	got, err := cmd.CombinedOutput()
	var blocked, ignored uint64
	var core string
	if _, scanErr := fmt.Sscanf(string(got), "SigBlk:%16xSigIgn:%16x\n%s", &blocked, &ignored, &core); scanErr != nil {
		t.Fatalf("%q, %v: %v", got, err, scanErr)
	}
	// Signals 32 and 33 belong to the C library; under su and nice they are ignored from the start, which a program can't detect.
	const ofTheLibrary = 1<<31 | 1<<32
	if err != nil || blocked != 0 || ignored&^ofTheLibrary != 0 || core != "0" {
		t.Errorf("%q, %v", got, err)
	}
}

// The script's values must not be seen in the command line or the environment of anybody but the script.
func TestSupervisorShowsNoSecret(t *testing.T) {
	const secret = "hunter2hunter2"
	s, out, _ := script(t, "echo up; read -r x < \"$FIFO\"")
	fifo := filepath.Join(s.Dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	s.Env = append(s.Env, "FIFO="+fifo, "SECRET="+secret)
	s.Args = append(s.Args, "name")
	shell := make(chan int, 1)
	s.OnStart = func(pid int) { shell <- pid }
	go func() {
		until(t, "the script", func() bool { return out.text() != "" })
		for _, pid := range supervisors(t, os.Getpid()) {
			for _, file := range []string{"cmdline", "environ"} {
				b, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
				if err == nil && bytes.Contains(b, []byte(secret)) {
					t.Errorf("%s of the supervisor holds the secret", file)
				}
				if file == "environ" && len(b) > 200 {
					t.Errorf("the supervisor's environment is %q", b)
				}
			}
			limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", pid))
			if err != nil || !strings.Contains(string(limits), "Max core file size        0                    0") {
				t.Errorf("core files are not off: %v %s", err, limits)
			}
			// The files of a process that is not dumpable belong to root.
			st, err := os.Stat(fmt.Sprintf("/proc/%d/environ", pid))
			if err != nil {
				t.Error(err)
			} else if owner, ok := st.Sys().(*syscall.Stat_t); !ok || owner.Uid != 0 {
				t.Errorf("the supervisor's memory can be read by its user: %+v", owner)
			}
		}
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", <-shell))
		if err != nil || !bytes.Contains(b, []byte(secret)) {
			t.Errorf("the search does not find what is there: %v", err)
		}
		if err := os.WriteFile(fifo, []byte("go\n"), 0o600); err != nil {
			t.Error(err)
		}
	}()
	mustRun(t, s)
}

// A tree that breeds while it is killed.
func TestBreedingTree(t *testing.T) {
	t.Parallel()
	s, _, _ := script(t, `trap '' INT TERM
f() { trap '' INT TERM; while :; do sleep 0.01; ( sleep 0.3 & ) ; done; }
for i in 1 2 3 4 5; do f & done; wait`)
	mark := newMark(t)
	s.Env = append(s.Env, mark)
	kill := make(chan struct{})
	go func() {
		until(t, "some", func() bool { return len(marked(mark)) > 20 })
		close(kill)
	}()
	res, err := process.Run(t.Context(), s, kill)
	if err != nil || len(res.Survivors) > 0 || len(marked(mark)) > 0 {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestManyRunsAtOnce(t *testing.T) {
	t.Parallel()
	done := make(chan error, 20)
	for i := range cap(done) {
		go func() {
			s, out, _ := script(t, "echo $N; exit $N")
			s.Env = append(s.Env, "N="+strconv.Itoa(i))
			res, err := process.Run(t.Context(), s, nil)
			if err == nil && (res.ExitCode != i || out.text() != strconv.Itoa(i)+"\n") {
				err = errors.New(fmt.Sprint("run ", i, ": ", res, out.text()))
			}
			done <- err
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
