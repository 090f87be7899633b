package store

import (
	"context"
	"errors"
	"strings"

	"github.com/mattn/go-sqlite3"

	"github.com/stepdeck/stepdeck/model"
)

// failed describes an unexpected failure: the disk is full, the file is damaged. what completes the sentence "Stepdeck
// could not …". Errors that already are a [model.Error] and those of a cancelled context are returned unchanged.
func failed(what string, err error) error {
	var described *model.Error
	if err == nil || errors.As(err, &described) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	code, advice := model.CodeStoreFailed, "The cause is in brackets."
	var lite sqlite3.Error
	if errors.As(err, &lite) {
		switch lite.Code { //nolint:exhaustive // the rest has no advice of its own
		case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrProtocol:
			code, advice = "store.busy", "Another program locked the database for a minute. Close it or try again."
		case sqlite3.ErrFull:
			code, advice = "store.full", "The disk is full. Free some space. Nothing that was saved before is lost."
		case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
			code, advice = "store.damaged",
				"The database is damaged. Don't delete it or the files beside it. Restore a backup: the folder backups contains copies from "+
					"before updates."
		case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
			code, advice = "store.readonly",
				"The data folder is not writable. Give yourself write permission, or choose another folder with STEPDECK_HOME."
		}
	}
	return model.NewError(code, "Stepdeck could not %s. %s", what, advice).Because(err)
}

func isBusy(err error) bool {
	var lite sqlite3.Error
	return errors.As(err, &lite) && (lite.Code == sqlite3.ErrBusy || lite.Code == sqlite3.ErrLocked || lite.Code == sqlite3.ErrProtocol)
}

func isNotADatabase(err error) bool {
	var lite sqlite3.Error
	return errors.As(err, &lite) && lite.Code == sqlite3.ErrNotADB
}

// notFound returns an error that a thing of that kind doesn't exist. It suggests the most similar name or lists the
// known ones.
func notFound(code, kind, name string, known []string) error {
	if near := model.Nearest(name, known); near != "" {
		return model.NewError(code, "There is no %s %q. Did you mean %q?", kind, name, near)
	}
	if len(known) == 0 {
		return model.NewError(code, "There is no %s %q. No %s exists yet.", kind, name, kind)
	}
	return model.NewError(code, "There is no %s %q. Existing ones: %s.", kind, name, quoted(known, 8))
}

// nameTaken returns an error that another thing of that kind has the name.
func nameTaken(code, kind, name string) error {
	return model.NewError(code, "There is another %s called %q. Choose another name.", kind, name)
}

// inUse returns an error that names what keeps a thing from being deleted.
func inUse(code, kind, name string, users []string, advice string) error {
	return model.NewError(code, "The %s %q is used by %s. %s", kind, name, strings.Join(atMost(users, 5), ", "), advice)
}

func quoted(names []string, most int) string {
	quotes := make([]string, len(names))
	for i, n := range names {
		quotes[i] = `"` + n + `"`
	}
	return strings.Join(atMost(quotes, most), ", ")
}

// atMost cuts a list after the given number of entries and adds an ellipsis.
func atMost(list []string, most int) []string {
	if len(list) <= most {
		return list
	}
	return append(append([]string{}, list[:most]...), "…")
}
