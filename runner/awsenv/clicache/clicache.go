// Package clicache reads and writes the files in which the aws command keeps its sign-ins: one JSON object each. What
// Stepdeck doesn't know in them is kept, and a file is replaced as a whole.
package clicache

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/stepdeck/stepdeck/model/atomicfile"
)

// Files of a sign-in have a few kilobytes.
const largest = 1 << 20

var errLarge = errors.New("the file is too large to be one of the aws command")

// Read reads the file at path into value.
func Read(path string, value any) error {
	data, err := read(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, value)
}

func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > largest {
		return nil, errLarge
	}
	return os.ReadFile(path)
}

// Write writes the fields of value, which becomes a JSON object, into the file at path. Other fields of the file stay,
// and so do those of objects within it. The file is for its owner alone; it is created with its folder if missing.
func Write(path string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	old, err := read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	merged, err := json.Marshal(merge(old, data))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(path, merged, 0o600)
}

// merge returns the new value, with the fields of the old one that it lacks if both are objects.
func merge(old, changed json.RawMessage) json.RawMessage {
	var before, after map[string]json.RawMessage
	if json.Unmarshal(old, &before) != nil || json.Unmarshal(changed, &after) != nil || after == nil {
		return changed
	}
	for name, value := range after {
		after[name] = merge(before[name], value)
	}
	for name, value := range before {
		if _, known := after[name]; !known {
			after[name] = value
		}
	}
	merged, err := json.Marshal(after)
	if err != nil {
		return changed
	}
	return merged
}

// Lock keeps other processes of Stepdeck from renewing the sign-in in the file at path until unlock is called. The aws
// command itself takes no lock. The lock is a file beside it that stays: removing it could let in two. While there is no file there
// is nothing to renew, and no lock is made.
func Lock(ctx context.Context, path string) (unlock func() error, err error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return func() error { return nil }, nil
	}
	lock := flock.New(strings.TrimSuffix(path, ".json")+".lock", flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return nil, err
	}
	return lock.Unlock, nil
}
