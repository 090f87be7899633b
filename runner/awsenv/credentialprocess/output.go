package credentialprocess

import (
	"errors"
	"regexp"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model"
)

var errLong = errors.New("the output is too long")

// limited counts output, and refuses more than most bytes. The SDK keeps the output itself.
type limited struct {
	most, got int
	long      bool
}

func (l *limited) Write(b []byte) (int, error) {
	if l.got += len(b); l.got > l.most {
		l.long = true
		return 0, errLong
	}
	return len(b), nil
}

// tail keeps the end of what is written.
type tail struct {
	most int

	mu   sync.Mutex
	kept []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b...)
	if over := len(t.kept) - t.most; over > 0 {
		t.kept = append([]byte(nil), t.kept[over:]...)
	}
	return len(b), nil
}

// said returns the end of standard error as one line that can be shown.
func (t *tail) said() string {
	const most = 300
	t.mu.Lock()
	defer t.mu.Unlock()
	text := strings.TrimSpace(model.SafeLine(withoutSecrets(string(t.kept))))
	if len(text) > most {
		text = "…" + strings.ToValidUTF8(text[len(text)-most:], "")
	}
	return text
}

// withoutSecrets replaces what could be a key or token, a long run of the characters that those consist of: a process that
// fails may print what it has.
func withoutSecrets(text string) string {
	return regexp.MustCompile(`[A-Za-z0-9+/=_-]{32,}`).ReplaceAllString(text, "***")
}
