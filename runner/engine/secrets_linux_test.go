package engine_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/vault"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// descendants lists the processes below one.
func descendants(t *testing.T, of int) (pids []int) {
	t.Helper()
	parents := map[int]int{}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile(filepath.Join("/proc", e.Name(), "stat"))
		if err != nil {
			continue // gone
		}
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if parents[pid], err = strconv.Atoi(fields[1]); err != nil {
			t.Fatal(err)
		}
	}
	for pid := range parents {
		for up := pid; up > 1; up = parents[up] {
			if parents[up] == of {
				pids = append(pids, pid)
				break
			}
		}
	}
	return pids
}

// spellings are the forms in which a secret could stand somewhere.
func spellings(secret []byte) [][]byte {
	return [][]byte{secret, []byte(base64.StdEncoding.EncodeToString(secret)), []byte(hex.EncodeToString(secret)), fmt.Append(nil, secret)}
}

// What a run is handed shows nowhere: not in a command line or an environment of the engine and all below it, not in what the
// engine says, not in a file.
func TestSecretsOfARunShowNowhere(t *testing.T) {
	dir := t.TempDir()
	w := newWorld(t, `p="$(get_octopusvariable Password)"; echo "length ${#p}"
touch '`+dir+`/up'; while [ ! -e '`+dir+`/go' ]; do sleep 0.1; done`)
	v := vault.Open(vault.Options{Dir: w.home, Passphrase: vault.FromEnvironment(func(name string) string {
		return map[string]string{"STEPDECK_PASSPHRASE": "correct horse battery staple"}[name]
	}, nil)})
	if err := v.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	key, err := v.MasterKey(t.Context())
	if err != nil || len(key) == 0 {
		t.Fatal("an open vault gives no key: ", err)
	}
	given := []byte("sw0rdf1sh-sw0rdf1sh")
	environ := slices.DeleteFunc(slices.Clone(w.environ), func(e string) bool { return strings.HasPrefix(e, "STEPDECK_PASSPHRASE") })
	var e ear
	r, err := engine.New(engine.Options{Path: os.Args[0], Build: ours(), Environ: environ}).Start(t.Context(), engine.Request{
		Project: "P", MasterKey: model.NewSecret(string(key)),
		RunOptions: model.RunOptions{Given: []model.Given{model.NewGiven("Password", string(given))}},
	}, e.hear)
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the script", func() bool { _, err := os.Stat(filepath.Join(dir, "up")); return err == nil })
	var secrets [][]byte
	for _, secret := range [][]byte{key, given} {
		secrets = append(secrets, spellings(secret)...)
	}
	pids := descendants(t, os.Getpid())
	if len(pids) < 3 { // engine, supervisor, shell
		t.Errorf("only the processes %v are found", pids)
	}
	lines, environs := 0, 0
	for _, pid := range pids {
		for _, name := range []string{"cmdline", "environ"} {
			text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), name))
			if errors.Is(err, fs.ErrPermission) && name == "environ" {
				environs++ // hardened: no other process can read it
				continue
			}
			for _, secret := range secrets {
				if bytes.Contains(text, secret) {
					t.Errorf("the %s of process %d holds %q", name, pid, secret)
				}
			}
			if bytes.Contains(text, []byte("--secrets-stdin")) {
				lines++
			}
			if bytes.Contains(text, []byte("STEPDECK_HOME="+w.home)) {
				environs++
			}
		}
	}
	if lines == 0 || environs == 0 {
		t.Errorf("%d command lines and %d environments of an engine were read: the search is blind", lines, environs)
	}
	if err := os.WriteFile(filepath.Join(dir, "go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ended(t, r)
	if err := r.Err(); err != nil {
		t.Error(err)
	}
	told := fmt.Appendf(nil, "%+v", e.events)
	err = filepath.WalkDir(w.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		told = append(told, text...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		if bytes.Contains(told, secret) {
			t.Errorf("events or files hold %q", secret)
		}
	}
}
