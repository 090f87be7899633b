package accounts

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

func (p *Place) formOpen() bool {
	return p.editing != nil && p.editing.dialog != nil && p.editing.dialog.Visible()
}

// DroppedOver fills the open form from a dropped accessKeys.csv. It reports whether it accepts the files: only while the form is open.
func (p *Place) DroppedOver(paths []string) bool { return p.formOpen() && p.Dropped(paths) }

// Dropped fills the form from an accessKeys.csv and opens it if needed. It reports whether it accepts the files.
func (p *Place) Dropped(paths []string) bool {
	if len(paths) != 1 || !strings.HasSuffix(strings.ToLower(paths[0]), ".csv") {
		return false
	}
	if !p.formOpen() {
		p.Add()
	}
	form := p.editing
	async.Load(&p.ask, func(context.Context) (string, error) { return ReadKeyFile(paths[0]) }, func(text string, err error) {
		if err == nil && !form.Fill(text) {
			err = model.NewError("account.csv",
				"The file %s has no access key. Use the accessKeys.csv that you download from the IAM console.", paths[0])
		}
		if err != nil {
			form.result.Show(err.Error(), display.Bad)
		}
	})
	return true
}

// ReadKeyFile reads a dropped file, up to the largest size of a key file.
func ReadKeyFile(path string) (text string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", model.NewError("account.csv.read", "The file %s can't be read. Check its permissions.", path).Because(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err := io.ReadAll(io.LimitReader(f, MaxPaste+1))
	if err != nil || len(data) > MaxPaste {
		return string(data), err // too long: ParsePasted refuses it
	}
	return model.DecodeSecret(data, "The file "+path)
}
