//go:build unix

package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// A script runs for three hours with keys that live 15 minutes, and works in three regions.
func TestThreeHoursWithKeysOfAQuarterOfAnHour(t *testing.T) {
	c := newComputer(t, sandbox.Options{Console: &sandbox.Console{}})
	s := c.process()
	a := c.console(s)
	c.signIn(s, a)
	const every, times = 12 * time.Minute, 15
	script := fmt.Sprintf(`
for tick in $(seq %d); do
  echo "tick $tick"
  until [ -e %s/tick-$tick ]; do sleep 0.02; done
  pids=
  for region in eu-west-1 us-east-1 ap-southeast-2; do
    AWS_ENDPOINT_URL=${AWS_ENDPOINT_URL/eu-west-1/$region} \
      aws sts get-caller-identity --region $region --query "'$region'" --output text &
    pids="$pids $!"
  done
  for pid in $pids; do wait $pid || echo failed; done
done`, times, c.dir)
	w := newWaiter()
	tick := 0
	w.lines = func(text string) {
		if strings.Contains(text, "tick ") {
			tick++
			c.clock.pass(every)
			c.touch(fmt.Sprint("tick-", tick))
		}
	}
	r := c.startWith(w, s, a, 0, model.DefaultOptions(), script)
	run := r.endsWithin(5*time.Minute, model.Succeeded)
	text := r.log()
	if took := run.Finished.Sub(run.Started); took < 3*time.Hour {
		t.Errorf("the run took %v", took)
	}
	for _, region := range []string{"eu-west-1", "us-east-1", "ap-southeast-2"} {
		if n := strings.Count(text, region+"\n"); n != times {
			t.Errorf("%d good calls in %s, want %d", n, region, times)
		}
	}
	if n := strings.Count(text, "The credentials were renewed."); n < times-1 || strings.Contains(text, "failed") {
		t.Errorf("%d renewals:\n%s", n, text)
	}
}

// The sign-in ends while a script runs, and so do its keys. Its aws waits until another process has signed in, and then succeeds.
func TestAScriptWaitsForASignIn(t *testing.T) {
	c := newComputer(t, sandbox.Options{Console: &sandbox.Console{Session: 20 * time.Minute}})
	here, elsewhere := c.process(), c.process()
	a := c.console(here)
	c.signIn(here, a)
	r := c.start(here, a, time.Hour, model.DefaultOptions(), "echo begun; until [ -e "+c.dir+"/later ]; do sleep 0.05; done; "+whoAmI)
	r.begun(t)
	c.clock.pass(30 * time.Minute)
	c.touch("later")
	w := r.asks()
	time.Sleep(3 * time.Second) // longer than aws waits without a byte
	c.signIn(elsewhere, a)
	r.ends(model.Succeeded, w.Message, "could not be renewed", "The step goes on.", "The credentials were renewed.", "user/ann")
	if len(r.waits) > 0 || len(r.answers) != 1 || !r.answers[0] {
		t.Errorf("answers %v, %d more questions", r.answers, len(r.waits))
	}
}

// While the keys work, the script goes on with them, and why they can't be renewed is logged once.
func TestAScriptGoesOnWithItsKeys(t *testing.T) {
	c := newComputer(t, sandbox.Options{Console: &sandbox.Console{}})
	s := c.process()
	a := c.console(s)
	c.signIn(s, a)
	script := "echo begun; until [ -e " + c.dir + "/later ]; do sleep 0.05; done; " + whoAmI + "; " + whoAmI
	r := c.start(s, a, 0, model.DefaultOptions(), script)
	r.begun(t)
	c.aws.ChangePassword()
	c.clock.pass(12 * time.Minute)
	c.touch("later")
	r.ends(model.Succeeded, "user/ann", "the password was changed")
	if n := strings.Count(r.log(), "could not be renewed"); n != 1 {
		t.Errorf("the failed renewal is told %d times:\n%s", n, r.log())
	}
}

// Once the time to sign in is over, a program that asks for keys is told why it gets none.
func TestAScriptIsToldWhyItGetsNoKeys(t *testing.T) {
	c := newComputer(t, sandbox.Options{Console: &sandbox.Console{Session: 20 * time.Minute}})
	s := c.process()
	a := c.console(s)
	c.signIn(s, a)
	script := "echo begun; until [ -e " + c.dir + "/later ]; do sleep 0.05; done; " + whoAmI
	r := c.start(s, a, time.Minute, model.DefaultOptions(), script)
	r.begun(t)
	c.clock.pass(30 * time.Minute)
	c.touch("later")
	r.asks()
	c.clock.pass(time.Minute)
	r.ends(model.Failed, `Nobody signed in for account "Ann" within 1 minute.`, "Error when retrieving credentials", "has ended")
}

// A stop ends a script that waits for its keys, and the run with it.
func TestAStopEndsAScriptThatWaits(t *testing.T) {
	c := newComputer(t, sandbox.Options{Console: &sandbox.Console{Session: 20 * time.Minute}})
	s := c.process()
	a := c.console(s)
	c.signIn(s, a)
	r := c.start(s, a, runner.DefaultSignInWait, model.DefaultOptions(),
		"echo begun; until [ -e "+c.dir+"/later ]; do sleep 0.05; done; "+whoAmI)
	r.begun(t)
	c.clock.pass(30 * time.Minute)
	c.touch("later")
	r.asks()
	r.stopper.Kill()
	r.ends(model.Stopped)
}
