package awslist

import (
	"errors"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

var errLong = errors.New("the output is too long")

// whole keeps output, and ends the program if there is more than most bytes.
type whole struct {
	most int
	over func()
	kept []byte
	long bool
}

func (w *whole) Write(b []byte) (int, error) {
	if len(w.kept)+len(b) > w.most {
		w.long = true
		w.over()
		return 0, errLong
	}
	w.kept = append(w.kept, b...)
	return len(b), nil
}

// tail keeps the end of what is written.
type tail struct {
	most int
	kept []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.kept = append(t.kept, b...)
	if over := len(t.kept) - t.most; over > 0 {
		t.kept = append([]byte(nil), t.kept[over:]...)
	}
	return len(b), nil
}

// said returns the end of standard error as one line that can be shown.
func (t *tail) said(mask func(string) string) string {
	const most = 500
	text := string(t.kept)
	if mask != nil {
		text = mask(text)
	}
	text = strings.Join(strings.Fields(model.SafeLine(text)), " ")
	if len(text) > most {
		text = "…" + strings.ToValidUTF8(text[len(text)-most:], "")
	}
	return text
}
