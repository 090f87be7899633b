package command_test

import (
	"slices"
	"sync"
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
	var asked, runs sync.WaitGroup
	asked.Add(len(results))
	for i := range results {
		runs.Go(func() {
			var once sync.Once
			results[i] = d.answering(c, func() (string, error) {
				once.Do(asked.Done)
				asked.Wait() // the person types it once all of them ask
				return c.MFA.Code(time.Now()), nil
			}, "run", "P")
		})
	}
	runs.Wait()
	for _, r := range results {
		r.wants(0).prints("Key\n").silentOn("doesn't accept the code")
	}
}
