package store

import (
	"context"
	"errors"
	"strings"

	"github.com/mattn/go-sqlite3"

	"github.com/stepdeck/stepdeck/model"
)

// failed tells of something that a person can't have meant: the disk is full, the file is damaged. What is told already,
// and the end of the context, pass as they are.
func failed(what string, err error) error {
	var told *model.Error
	if err == nil || errors.As(err, &told) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	code, advice := "store.failed", "The cause follows; `stepdeck doctor` looks at the data folder."
	var lite sqlite3.Error
	if errors.As(err, &lite) {
		switch lite.Code { //nolint:exhaustive // the rest has no advice of its own
		case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrProtocol:
			code, advice = "store.busy", "Another program held the database for a minute. Close it or try again."
		case sqlite3.ErrFull:
			code, advice = "store.full", "The disk is full. Make room; nothing that was saved before is lost."
		case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
			code, advice = "store.damaged", "The database is damaged. Don't delete it or the files beside it: restore a backup, the folder backups holds copies from before updates."
		case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
			code, advice = "store.readonly", "The data folder can't be written. Give yourself the right to, or choose another with STEPDECK_HOME."
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

// notFound says that there is no such thing, and which one may have been meant.
func notFound(kind, name string, known []string) error {
	code := strings.ReplaceAll(kind, " ", "") + ".unknown"
	if near := model.Nearest(name, known); near != "" {
		return model.NewError(code, "There is no %s %q. Did you mean %q?", kind, name, near)
	}
	if len(known) == 0 {
		return model.NewError(code, "There is no %s %q: there is none at all yet.", kind, name)
	}
	return model.NewError(code, "There is no %s %q. There are: %s.", kind, name, quoted(known, 8))
}

// taken says that another thing of that kind has the name.
func taken(kind, name string) error {
	return model.NewError(strings.ReplaceAll(kind, " ", "")+".taken", "There is another %s called %q. Choose another name.", kind, name)
}

// inUse says what keeps a thing from being deleted.
func inUse(kind, name string, places []string, advice string) error {
	return model.NewError(strings.ReplaceAll(kind, " ", "")+".used", "The %s %q is used by %s. %s", kind, name, strings.Join(atMost(places, 5), ", "), advice)
}

func quoted(names []string, most int) string {
	marked := make([]string, len(names))
	for i, n := range names {
		marked[i] = `"` + n + `"`
	}
	return strings.Join(atMost(marked, most), ", ")
}

// atMost cuts a list that would be too long to read.
func atMost(list []string, most int) []string {
	if len(list) <= most {
		return list
	}
	return append(append([]string{}, list[:most]...), "…")
}
