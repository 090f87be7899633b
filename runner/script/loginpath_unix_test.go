//go:build !windows

package script

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shellOf writes a shell whose profile is noise.
func shellOf(t *testing.T, profile string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shell")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n[ \"$1 $2 $3\" = '-i -l -c' ] || exit 9\n"+profile+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoginPath(t *testing.T) {
	for name, c := range map[string]struct{ profile, want string }{
		"quiet":               {`PATH=/opt/mine:$PATH; export PATH; eval "$4"`, "/opt/mine:/usr/bin:/bin"},
		"noise before":        {`echo Welcome; printf 'no line end'; eval "$4"`, "/usr/bin:/bin"},
		"noise after":         {`eval "$4"; echo bye; exit 3`, "/usr/bin:/bin"},
		"says the question":   {`set -v; echo "$4"; eval "$4"`, "/usr/bin:/bin"},
		"errors":              {`echo __stepdeck_path_begins__; echo oops >&2; eval "$4"`, "/usr/bin:/bin"},
		"no answer":           {`echo hello`, ""},
		"fails":               {`exit 1`, ""},
		"blanks in a folder":  {`PATH="/Applications/My Tools:$PATH"; export PATH; eval "$4"`, "/Applications/My Tools:/usr/bin:/bin"},
		"leaves a background": {`sleep 60 & eval "$4"`, "/usr/bin:/bin"},
		"told no secret":      {`[ -z "$STEPDECK_PASSPHRASE" ] || exit 1; eval "$4"`, "/usr/bin:/bin"},
		"nothing to read":     {`read answer; eval "$4"`, "/usr/bin:/bin"},
		"windows line ends":   {`eval "$4" | sed 's/$/\r/'`, "/usr/bin:/bin"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := LoginPath(t.Context(), shellOf(t, c.profile), []string{"PATH=/usr/bin:/bin", "STEPDECK_PASSPHRASE=x"})
			if got != c.want || (err == nil) != (c.want != "") {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
	if _, err := LoginPath(t.Context(), "zsh", nil); err == nil {
		t.Error("a shell without its path is started")
	}
}

// A profile that never ends is given up, with what it started.
func TestALoginShellThatHangsIsEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	started := filepath.Join(t.TempDir(), "started")
	shell := shellOf(t, "sleep 600 & echo $! > "+started+"; wait")
	ended := make(chan error, 1)
	go func() {
		_, err := LoginPath(ctx, shell, []string{"PATH=/usr/bin:/bin"})
		ended <- err
	}()
	var pid string
	for pid == "" {
		data, _ := os.ReadFile(started)
		pid = strings.TrimSpace(string(data))
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	if err := <-ended; err == nil {
		t.Error("it has an answer")
	}
	for {
		state, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || strings.Contains(string(state), ") Z ") {
			return // ended
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestTheRealLoginShell(t *testing.T) {
	got, err := LoginPath(t.Context(), "/bin/bash", []string{"PATH=/usr/bin:/bin", "HOME=" + t.TempDir()})
	if err != nil || !strings.Contains(got, "/bin") {
		t.Errorf("%q, %v", got, err)
	}
}

func TestMergePaths(t *testing.T) {
	for _, c := range []struct{ first, more, want string }{
		{"/a:/b", "/c:/a::/d:/c", "/a:/b:/c:/d"}, {"", "/a", "/a"}, {"/a", "", "/a"},
	} {
		if got := MergePaths(c.first, c.more); got != c.want {
			t.Errorf("%q and %q: %q, want %q", c.first, c.more, got, c.want)
		}
	}
}
