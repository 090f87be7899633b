package command_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Three runs that wait for a code of one device need one code: AWS takes each only once, and the session that it gives serves all.
func TestOneCodeServesRunsThatStartTogether(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.addKey(c, "Key")
	d.runsAs("Key")
	d.environ = append(slices.Clone(d.environ), "CODE="+c.MFA.Code(time.Now()))
	results := make([]result, 3)
	var runs sync.WaitGroup
	for i := range results {
		runs.Go(func() { results[i] = d.run("run", "P", "--mfa-code-env", "CODE") })
	}
	runs.Wait()
	for _, r := range results {
		r.wants(0).prints("Key\n")
	}
	d.ok("run", "P").prints("Key\n") // the session is kept
}

// So do three terminals in which a person types what the device shows.
func TestOneCodeServesTerminalsThatAskTogether(t *testing.T) {
	d, c := newDesk(t), newCloud(t)
	d.addKey(c, "Key")
	d.runsAs("Key")
	results := make([]result, 3)
	var asked atomic.Int32
	var runs sync.WaitGroup
	for i := range results {
		runs.Go(func() {
			results[i] = d.answering(c, func() (string, error) {
				asked.Add(1)
				return c.MFA.Code(time.Now()), nil
			}, "run", "P")
		})
	}
	runs.Wait()
	for _, r := range results {
		r.wants(0).prints("Key\n").silentOn("doesn't accept the code")
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("%d terminals asked for a code, want one", n)
	}
}
