package credentialprocess_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/credentialprocess"
)

// A path and an argument with spaces, in the double quotes that AWS documents.
func TestQuoting(t *testing.T) {
	file := filepath.Join(t.TempDir(), "my tool.cmd")
	script := "@echo off\r\nif not \"%~1\"==\"an argument\" exit /b 3\r\n" +
		"echo {\"Version\":1,\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"x\",\"Expiration\":\"2099-01-02T03:04:05Z\"}\r\n"
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := credentialprocess.Run(context.Background(), credentialprocess.Request{Command: `"` + file + `" "an argument"`, For: "Ours",
		Environ: os.Environ()})
	if err != nil || got.AccessKeyID != "ASIA" || got.Expires.IsZero() {
		t.Errorf("%q, %v, %v", got.AccessKeyID, got.Expires, err)
	}
}

func TestFailuresOfCmd(t *testing.T) {
	for line, code := range map[string]string{
		"exit 3": "process.failed", "no-such-program-here": "process.missing", "ping -n 600 127.0.0.1 >nul": "process.timeout",
	} {
		_, err := credentialprocess.Run(context.Background(), credentialprocess.Request{Command: line, For: "Ours", Environ: os.Environ(),
			Timeout: 2 * time.Second})
		if model.ErrorCode(err) != code || !strings.Contains(err.Error(), `"Ours"`) {
			t.Errorf("%s: %v, want %s", line, err, code)
		}
	}
}

// What a process has started ends with it, also what a child of it has started.
func TestEverythingEndsAtTheTimeout(t *testing.T) {
	before := pings(t)
	_, err := credentialprocess.Run(context.Background(), credentialprocess.Request{
		Command: `cmd /c "ping -n 600 127.0.0.1 >nul & echo x"`, For: "Ours", Environ: os.Environ(), Timeout: time.Second,
	})
	if model.ErrorCode(err) != "process.timeout" {
		t.Error(err)
	}
	if after := pings(t); after != before {
		t.Errorf("%d programs are left", after-before)
	}
}

// pings counts the processes of ping.
func pings(t *testing.T) (n int) {
	t.Helper()
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer windows.CloseHandle(snapshot) //nolint:errcheck // only read
	entry := windows.ProcessEntry32{Size: uint32(unsafe.Sizeof(windows.ProcessEntry32{}))}
	for err = windows.Process32First(snapshot, &entry); err == nil; err = windows.Process32Next(snapshot, &entry) {
		if strings.EqualFold(windows.UTF16ToString(entry.ExeFile[:]), "ping.exe") {
			n++
		}
	}
	return n
}
