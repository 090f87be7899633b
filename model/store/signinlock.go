package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// signInPatience is how long a renewal waits for that of another process: less than a renewal may take in all.
const signInPatience = time.Minute

// askingPatience is longer than anybody is asked.
const askingPatience = 24 * time.Hour

// LockSignIn keeps other processes from renewing the tokens of the sign-in with that key until unlock is called or the process
// dies: a token that changes with each renewal serves only one of them.
func (s *Store) LockSignIn(ctx context.Context, key string) (unlock func() error, err error) {
	return s.lockFor(ctx, "signin-", key, signInPatience)
}

// LockQuestion keeps other processes from asking the question with that key until unlock is called or the process dies, and
// waits for that of another process.
func (s *Store) LockQuestion(ctx context.Context, key string) (unlock func() error, err error) {
	return s.lockFor(ctx, "question-", key, askingPatience)
}

func (s *Store) lockFor(ctx context.Context, what, key string, patience time.Duration) (unlock func() error, err error) {
	sum := sha256.Sum256([]byte(key))
	lock, err := openLock(filepath.Join(s.dir, lockFolder, what+hex.EncodeToString(sum[:8])+".lock"))
	if err != nil {
		return nil, failed("lock the sign-in", err)
	}
	got, err := poll(ctx, patience, lock.tryExclusive)
	if err == nil && !got {
		err = model.NewError("signin.busy", "Another Stepdeck is renewing this sign-in and doesn't finish. Close it and try again.")
	}
	if err != nil {
		return nil, errors.Join(failed("lock the sign-in", err), lock.unlock())
	}
	return lock.unlock, nil
}
