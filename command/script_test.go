package command_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestDocumentation runs testdata/script: what docs/command.md promises, as sessions that one can read. Besides
// testscript's own commands they have stepdeck, exits CODE ARGS… for an exact exit code, and cloud for a sandbox to sign in to,
// which sets the variables ENDPOINT, REGION, START_URL, KEY_ID, SECRET_KEY, MFA_DEVICE and MFA_CODE.
func TestDocumentation(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: false,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, ".data")
			env.Setenv("STEPDECK_HOME", home)
			env.Setenv("STEPDECK_PASSPHRASE", passphrase)
			env.Setenv("USER", "ana")
			return addUsedData(home)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits,
			"cloud": func(ts *testscript.TestScript, _ bool, _ []string) { setCloud(ts, newCloud(t)) },
		},
	})
}

// setCloud sets the variables of a script that has the sandbox as AWS.
func setCloud(ts *testscript.TestScript, c cloud) {
	for name, value := range map[string]string{
		"ENDPOINT": c.Endpoint(), "REGION": c.Region, "START_URL": c.StartURL(), "KEY_ID": c.Key.AccessKeyID, "SECRET_KEY": c.Key.SecretKey,
		"MFA_DEVICE": c.MFA.Serial, "MFA_CODE": c.MFA.Code(time.Now()),
	} {
		ts.Setenv(name, value)
	}
}

// exits runs stepdeck and wants one exit code; what it printed can be looked at as after stepdeck itself.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: exits CODE ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec("stepdeck", args[1:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("stepdeck: %v", err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}
