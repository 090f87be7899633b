//go:build unix

package command_test

import (
	"os"
	"strings"
	"testing"
	"time"
)

// flooding is a program that makes a message of every line, with a name of its own in base64 where the format has %s.
func flooding(format string) string {
	format = strings.ReplaceAll(format, "'", `\047`)
	return `awk 'BEGIN { split("MGFh MWFh MmFh M2Fh NGFh NWFh NmFh N2Fh OGFh OWFh", of) }
{ s = ""; for (i = 1; i <= length(NR); i++) s = s of[substr(NR, i, 1) + 1]; printf "` + format + `\n", s, s }'`
}

// A script's messages are carried out as fast as they come, up to a limit that is said once.
func TestOutputsInFloods(t *testing.T) {
	d := newDesk(t)
	d.project(plain + "steps:\n" + bash("S", "yes | head -10500 | "+flooding("##octopus[setVariable name='%s' value='%s']")+"\necho end"))
	r := d.run("run", "P").wants(0).says("S: warning", "more than 10,000 output variables", "1 warning")
	r.prints("end\n")
	if n := strings.Count(r.err, "stepdeck: The script set more than"); n != 1 {
		t.Errorf("the limit is said %d times", n)
	}
	outputs, _ := d.show("1")["steps"].([]any)[0].(map[string]any)["outputs"].([]any)
	if len(outputs) != 10_000 {
		t.Errorf("%d outputs are kept", len(outputs))
	}
}

// Whatever a script floods Stepdeck with, it can be stopped and ended.
func TestFloodsCanBeStopped(t *testing.T) {
	stubborn := "trap '' INT TERM\n"
	masks := stubborn + "yes | " + flooding("##octopus[mask value='%s']%s")
	for name, body := range map[string]string{
		"outputs":  stubborn + "yes | " + flooding("##octopus[setVariable name='%s' value='%s']"),
		"masks":    masks,
		"progress": stubborn + "yes | " + flooding("##octopus[progress percentage='MTA=' message='%s']%s"),
		"endless":  stubborn + "printf \"##octopus[x a='\"\nyes QUFB | tr -d '\\n'\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.project(plain + "steps:\n" + bash("S", "echo begun\n"+body))
			cmd := d.start("run", "P")
			var out, errs syncBuffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			until(t, "the script starts", func() bool { return strings.Contains(out.String(), "begun") })
			_ = cmd.Process.Signal(os.Interrupt)
			until(t, "the stop is reported", func() bool { return strings.Contains(errs.String(), "Stopping; processes will be killed") })
			_ = cmd.Process.Signal(os.Interrupt)
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			select {
			case <-ended:
			case <-time.After(90 * time.Second):
				t.Fatal("waited in vain: the run ends")
			}
			if code := cmd.ProcessState.ExitCode(); code != 130 {
				t.Errorf("exit code %d, want 130", code)
			}
		})
	}
	t.Run("the time limit of the step", func(t *testing.T) {
		d := newDesk(t)
		d.project(plain + "steps:\n" + bash("S", masks, "options: {timeout: 1s}"))
		d.run("run", "P").wants(124).says("1s")
	})
}
