package credentialprocess

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// chainVariable holds the command lines that are being run, outermost first, as hashes: a process may itself ask
// Stepdeck for credentials, and what that runs must not be what it came from.
const chainVariable = "STEPDECK_CREDENTIAL_PROCESSES"

// Processes that wait for one another; more than one is rare.
const deepest = 4

// checkChain returns an error if this process was started, through others, by a process with the same command line.
func (r Request) checkChain() error {
	running := r.chain()
	switch {
	case slices.Contains(running, hash(r.Command)):
		return r.error("process.loop", "needs its own credentials: it runs a program that asks for them again. "+
			"Let it get them from another profile or account")
	case len(running) >= deepest:
		return r.error("process.deep", "is the fifth that waits for the next. Let it get its credentials from another place")
	}
	return nil
}

func (r Request) chain() []string {
	var running []string
	for _, entry := range r.Environ {
		if value, found := strings.CutPrefix(entry, chainVariable+"="); found && value != "" {
			running = strings.Split(value, ",")
		}
	}
	return running
}

func hash(command string) string {
	sum := sha256.Sum256([]byte(command))
	return hex.EncodeToString(sum[:8])
}

// Prefixes of the variables that a process doesn't get, which gets all others as it does from aws: Stepdeck's own, of which one is a
// passphrase, and those by which a program packed with PyInstaller, such as aws, would take itself for a part of the one that
// started Stepdeck.
var droppedPrefixes = []string{"STEPDECK_", "FYNE_", "_MEIPASS", "_PYI_", "PYINSTALLER_"}

// Variables of Stepdeck that a process gets nevertheless, so that one which is stepdeck itself finds the same data and how to open it.
var passedOn = []string{"STEPDECK_HOME", "STEPDECK_PASSPHRASE_FILE"}

// environ is the environment of the process. Whether it needs AWS_ variables only the process knows.
func (r Request) environ() []string {
	kept := make([]string, 0, len(r.Environ)+1)
	for _, entry := range r.Environ {
		name, _, _ := strings.Cut(entry, "=")
		upper := strings.ToUpper(name)
		dropped := slices.ContainsFunc(droppedPrefixes, func(p string) bool { return strings.HasPrefix(upper, p) })
		if slices.Contains(passedOn, upper) || !dropped {
			kept = append(kept, entry)
		}
	}
	return append(kept, chainVariable+"="+strings.Join(append(r.chain(), hash(r.Command)), ","))
}
