//go:build unix

package awslist

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// fake writes a program in the place of aws, which does what AWS documents, or what it should not.
func fake(t *testing.T, script string) Request {
	t.Helper()
	path := filepath.Join(t.TempDir(), "aws")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return Request{Program: path, Choices: model.Choices{Of: model.ChooseInstance}, Dir: t.TempDir(), Environ: []string{"PATH=/usr/bin:/bin"}}
}

func TestAsk(t *testing.T) {
	for name, tt := range map[string]struct {
		script string
		want   string // the list, or the code of the error
		says   string // in the error
	}{
		"pairs":     {`echo '[["i-2","web"],["i-1",null]]'`, "i-1, i-2 web", ""},
		"arguments": {`[ "$1 $2 $#" = "ec2 describe-instances 7" ] && [ -z "$(cat)" ] && echo '["ok"]'`, "ok", ""},
		"nothing":   {"echo '[]'", "", ""},
		"silence":   {"true", "", ""},
		"refused": {`echo 'An error occurred (UnauthorizedOperation) when calling DescribeInstances: no' >&2; exit 254`,
			"choices.refused", "UnauthorizedOperation"},
		"a wrong command":       {"echo 'usage: aws' >&2; exit 252", "choices.failed", "usage: aws"},
		"colour in an error":    {`printf '\033[31mred\n' >&2; exit 1`, "choices.failed", "(\uFFFD[31mred)"},
		"a secret in an error":  {"echo 'no hush here' >&2; exit 1", "choices.failed", "(no *** here)"},
		"more than fits":        {"yes '\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",'", "choices.output", "larger than 8 MB"},
		"other than a list":     {"echo '{}'", "choices.form", "list of values"},
		"an endless error":      {"yes no | head -c 1000000 >&2; exit 9", "choices.failed", "exit code 9"},
		"what is left behind":   {"sleep 60 & echo '[\"a\"]'", "a", ""},
		"no more of the output": {`printf '["a",'`, "choices.form", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := fake(t, tt.script)
			r.Mask = func(s string) string { return strings.ReplaceAll(s, "hush", "***") }
			list, err := Ask(t.Context(), r)
			got := shown(list)
			if err != nil {
				got = model.ErrorCode(err)
			}
			if got != tt.want || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestThereIsNoProgram(t *testing.T) {
	_, err := Ask(t.Context(), Request{Program: filepath.Join(t.TempDir(), "aws"), Choices: model.Choices{Of: model.ChooseBucket}})
	if model.ErrorCode(err) != "choices.start" {
		t.Error(err)
	}
}

// TestAskEndsWhatItStarted ends aws and its children: after the time limit, and when nobody waits any more.
func TestAskEndsWhatItStarted(t *testing.T) {
	for name, tt := range map[string]struct {
		limit time.Duration
		code  string
	}{
		"the limit":    {300 * time.Millisecond, "choices.timeout"},
		"nobody waits": {time.Minute, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := fake(t, "sleep 60 & echo $! > child; sleep 60")
			r.Limit = tt.limit
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ended := make(chan error, 1)
			go func() {
				_, err := Ask(ctx, r)
				ended <- err
			}()
			var child int
			for child == 0 {
				text, _ := os.ReadFile(filepath.Join(r.Dir, "child"))
				_, _ = fmt.Sscan(string(text), &child)
				time.Sleep(time.Millisecond)
			}
			if tt.code == "" {
				cancel()
			}
			if err := <-ended; err == nil || model.ErrorCode(err) != tt.code {
				t.Errorf("got %v", err)
			}
			for alive(child) {
				time.Sleep(time.Millisecond) // until go test's own limit
			}
		})
	}
}

// alive reports whether a process runs, other than as one that nobody has waited for.
func alive(pid int) bool {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && strings.Contains(string(stat), ") Z ") {
		return false
	}
	return syscall.Kill(pid, 0) == nil
}
