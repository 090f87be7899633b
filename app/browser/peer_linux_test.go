package browser

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// Another user who lists the browser's arguments, and is faster, gets nothing and consumes nothing.
func TestASecretAddressIsForItsUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can act as another user")
	}
	const secret = "https://signin.aws.amazon.com/federation?SigninToken=top-secret"
	err := OpenOnce(t.Context(), secret, func(ctx context.Context, address string) error {
		host, path, _ := strings.Cut(strings.TrimPrefix(address, "http://"), "/")
		const ask = `exec 3<>"/dev/tcp/${1%:*}/${1#*:}" && printf 'GET /%s HTTP/1.1\r\nHost: %s\r\n\r\n' "$2" "$1" >&3 && cat <&3`
		thief := exec.CommandContext(ctx, "bash", "-c", ask, "thief", host, path)
		thief.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		thief.Dir = "/"
		out, err := thief.Output()
		if err != nil || !strings.HasPrefix(string(out), "HTTP/1.1 404 ") || strings.Contains(string(out), "top-secret") {
			t.Errorf("another user got %q, %v", out, err)
		}
		if status, to, _ := get(t, address, http.MethodGet); status != http.StatusSeeOther || to != secret {
			t.Errorf("the user got %d, %s", status, to)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
