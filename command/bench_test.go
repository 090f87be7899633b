//go:build !windows

package command_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model/store"
)

// bench is a built command with a data folder. The built program is what people run: the test program would start slower.
type bench struct {
	b       *testing.B
	program string
	environ []string
	dir     string
}

func newBench(b *testing.B, project string) *bench {
	b.Helper()
	dir := b.TempDir()
	m := &bench{b: b, program: os.Getenv("STEPDECK_COMMAND"), dir: dir}
	if m.program == "" {
		m.program = filepath.Join(dir, "stepdeck")
		m.build()
	}
	m.environ = append(clean(os.Environ()), "STEPDECK_HOME="+filepath.Join(dir, "data"), "STEPDECK_PASSPHRASE="+passphrase, "HOME="+dir)
	file := filepath.Join(dir, "p.stepdeck")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(project, "DIR", dir)), 0o600); err != nil {
		b.Fatal(err)
	}
	m.run("import", "--yes", file)
	return m
}

// build builds the command, and its supervisor beside it, as `go build` does. make bench measures those that ship:
// STEPDECK_COMMAND names the command.
func (m *bench) build() {
	m.b.Helper()
	build := exec.Command("go", "build", "-ldflags", "-X main.version=0.0.0-bench", "-o", m.dir+"/", "../cmd/stepdeck",
		"../cmd/stepdeck-supervisor")
	if out, err := build.CombinedOutput(); err != nil {
		m.b.Fatalf("%v\n%s", err, out)
	}
}

// run runs the command and returns the CPU time of it and its descendants.
func (m *bench) run(args ...string) time.Duration {
	m.b.Helper()
	return m.measure(exec.Command(m.program, args...))
}

func (m *bench) measure(cmd *exec.Cmd) time.Duration {
	m.b.Helper()
	cmd.Env = m.environ
	var out bytes.Buffer
	cmd.Stderr = &out
	if err := cmd.Run(); err != nil {
		m.b.Fatalf("%v\n%s", err, out.String())
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// started runs a program that may end with any exit code, and returns its CPU time.
func (m *bench) started(program string, args ...string) time.Duration {
	m.b.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = m.environ
	var ended *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &ended) {
		m.b.Fatal(err)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// median of times in milliseconds: one run in ten is disturbed by whatever else the machine does.
func median(times []time.Duration) float64 {
	slices.Sort(times)
	return ms(times[len(times)/2], 1)
}

func ms(d time.Duration, n int) float64 { return float64(d.Microseconds()) / 1000 / float64(n) }

// forgetSecret lets the sandbox make a key for each run instead of one that the vault seals: to open a vault by passphrase
// takes argon2id, 64 MiB and three passes, and that is not what is measured here.
func (m *bench) forgetSecret(account string) {
	m.b.Helper()
	st, err := store.Open(m.b.Context(), store.Options{Dir: filepath.Join(m.dir, "data")})
	if err != nil {
		m.b.Fatal(err)
	}
	a, err := st.Account(m.b.Context(), account)
	a.SecretSet = false
	if err := errors.Join(err, st.SaveAccount(m.b.Context(), &a), st.Close()); err != nil {
		m.b.Fatal(err)
	}
}

// The cost of a run over that of the bare script: CPU of the command and everything below it, in turns with the floor.
func BenchmarkEmptyBashScript(b *testing.B) {
	m := newBench(b, plain+"steps:\n"+bash("S", ":"))
	script := filepath.Join(m.dir, "empty.sh")
	if err := os.WriteFile(script, []byte(":\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	m.run("run", "P") // asks bash and aws for their versions, once
	var ours, bare []time.Duration
	for b.Loop() {
		ours = append(ours, m.run("run", "P"))
		bare = append(bare, m.measure(exec.Command("bash", script)))
	}
	b.ReportMetric(median(ours), "run-CPU-ms")
	b.ReportMetric(median(bare), "bare-CPU-ms")
	b.ReportMetric(median(ours)-median(bare), "over-CPU-ms")
	b.ReportMetric(median(ours)/median(bare), "x-bare")
}

// What starts alone cost: of the command, once a run, and of the supervisor, once a step, beside a program in C that does
// nothing. Without its pipes the supervisor ends at once.
func BenchmarkStart(b *testing.B) {
	m := newBench(b, plain+"steps:\n"+bash("S", ":"))
	supervisor := filepath.Join(filepath.Dir(m.program), "stepdeck-supervisor")
	var command, beside, hidden, floor []time.Duration
	for b.Loop() {
		command = append(command, m.started(m.program, "version"))
		beside = append(beside, m.started(supervisor, "__supervise"))
		hidden = append(hidden, m.started(m.program, "__supervise"))
		floor = append(floor, m.started("true"))
	}
	b.ReportMetric(median(command), "command-CPU-ms")
	b.ReportMetric(median(beside), "supervisor-CPU-ms")
	b.ReportMetric(median(hidden), "hidden-mode-CPU-ms")
	b.ReportMetric(median(floor), "true-CPU-ms")
}

// AssumeRole against the sandbox in the same run, over a run of the same script without an account.
func BenchmarkAssumeRole(b *testing.B) {
	m := newBench(b, sandboxed+"steps:\n"+bash("Nobody", ":")+
		strings.Replace(bash("Role", ":"), "account: none",
			`account: aws.account, region: eu-west-1, assumeRole: {arn: "arn:aws:iam::000000000000:role/deployer"}`, 1))
	m.forgetSecret("Sandbox")
	m.run("run", "P")
	var role, none time.Duration
	for b.Loop() {
		role += m.run("run", "P", "Role")
		none += m.run("run", "P", "Nobody")
	}
	b.ReportMetric(ms(role, b.N), "role-CPU-ms")
	b.ReportMetric(ms(none, b.N), "none-CPU-ms")
	b.ReportMetric(ms(role-none, b.N), "over-CPU-ms")
}

// A million lines from `cat` of a file to the store, beside `cat` through a pipe to a file.
func BenchmarkMillionLines(b *testing.B) {
	const lines = 1_000_000
	var text bytes.Buffer
	for i := range lines {
		fmt.Fprintf(&text, "%08d %s\n", i, strings.Repeat("x", 85))
	}
	m := newBench(b, plain+"steps:\n"+bash("S", "cat DIR/lines"))
	if err := os.WriteFile(filepath.Join(m.dir, "lines"), text.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	var ours, floor, cpu time.Duration
	var memory int64
	runs := 0
	for b.Loop() {
		cmd := exec.Command(m.program, "run", "P", "--events")
		cmd.Stdout, cmd.Env = null, m.environ
		start := time.Now()
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		peak := watchMemory(cmd.Process.Pid)
		if err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
		ours += time.Since(start)
		cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		memory = max(memory, peak())
		runs++
		start = time.Now()
		m.measure(exec.Command("bash", "-c", "cat "+m.dir+"/lines | cat > "+m.dir+"/copy"))
		floor += time.Since(start)
	}
	// Nothing lost, nothing changed.
	export := exec.Command(m.program, "runs", "export", fmt.Sprint(runs), "--raw")
	export.Env = m.environ
	stored, err := export.Output()
	if err != nil || !bytes.Equal(stored, text.Bytes()) {
		b.Fatalf("stored %d bytes of %d: %v", len(stored), text.Len(), err)
	}
	b.ReportMetric(lines*float64(runs)/ours.Seconds(), "lines/s")
	b.ReportMetric(lines*float64(runs)/floor.Seconds(), "floor-lines/s")
	b.ReportMetric(ms(cpu, runs), "CPU-ms")
	if memory > 0 {
		b.ReportMetric(float64(memory)/1024, "peak-RSS-MiB")
	}
}

// watchMemory returns the peak memory of the command's own process, in KiB, or 0 if the system has no /proc. The
// resource usage of a child would include the test program's own peak before the child started.
func watchMemory(pid int) (peak func() int64) {
	done, result := make(chan struct{}), make(chan int64)
	go func() {
		var most int64
		for {
			select {
			case <-done:
				result <- most
				return
			case <-time.After(20 * time.Millisecond):
			}
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			if err != nil || !bytes.HasPrefix(status, []byte("Name:\tstepdeck\n")) {
				continue
			}
			if _, rest, ok := bytes.Cut(status, []byte("VmHWM:")); ok {
				var kib int64
				if _, err := fmt.Sscan(string(rest), &kib); err == nil {
					most = max(most, kib)
				}
			}
		}
	}()
	return func() int64 { close(done); return <-result }
}
