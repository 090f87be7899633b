package script_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// BenchmarkStartBash reports the CPU time of an empty script, and what the bootstrap adds to it.
func BenchmarkStartBash(b *testing.B) { benchmarkStart(b, bash, "--noprofile", "--norc") }

// BenchmarkStartPowerShell is the same for PowerShell.
func BenchmarkStartPowerShell(b *testing.B) {
	benchmarkStart(b, powerShell, plainOptions[powerShell.name]...)
}

// BenchmarkStartPython is the same for Python.
func BenchmarkStartPython(b *testing.B) { benchmarkStart(b, python) }

func benchmarkStart(b *testing.B, l language, options ...string) {
	var few, many []model.InputValue
	for i := range 200 {
		v := model.InputValue{Name: fmt.Sprintf("Octopus.Variable.Number%d", i), Value: "some value of the usual length"}
		many = append(many, v)
		if i < 20 {
			few = append(few, v)
		}
	}
	bare, err := script.WriteInline(b.TempDir(), l.name, "")
	if err != nil {
		b.Fatal(err)
	}
	tool := l.tool(b)
	for name, prepared := range map[string]func() script.Command{
		"bare": func() script.Command {
			return script.Command{Path: tool.Path, Args: append(slices.Clone(options), bare)}
		},
		"no variables":  func() script.Command { c, _ := prepare(b, l, step{}); return c },
		"20 variables":  func() script.Command { c, _ := prepare(b, l, step{variables: few}); return c },
		"200 variables": func() script.Command { c, _ := prepare(b, l, step{variables: many}); return c },
	} {
		b.Run(name, func(b *testing.B) {
			var used time.Duration
			for b.Loop() {
				b.StopTimer()
				command := prepared()
				process := exec.CommandContext(context.Background(), command.Path, command.Args...)
				process.Env = append(os.Environ(), command.Env...)
				b.StartTimer()
				if out, err := process.CombinedOutput(); err != nil {
					b.Fatalf("%v: %s", err, out)
				}
				used += process.ProcessState.UserTime() + process.ProcessState.SystemTime()
			}
			b.ReportMetric(float64(used.Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}
