package vault

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

// Keychain is the operating system's store of passwords. Its calls may block for as long as a person looks at a prompt.
type Keychain interface {
	Set(service, item, secret string) error
	Get(service, item string) (string, error) // ErrNoItem if there is none
	Delete(service, item string) error
}

// ErrNoItem means that the keychain works but has no such item.
var ErrNoItem = errors.New("the keychain has no such item")

// systemKeychain is Windows' Credential Manager, macOS' Keychain or the Secret Service of a Linux desktop.
type systemKeychain struct{}

func (systemKeychain) Set(service, item, secret string) error {
	return keyring.Set(service, item, secret)
}

func (systemKeychain) Get(service, item string) (string, error) {
	secret, err := keyring.Get(service, item)
	if errors.Is(err, keyring.ErrNotFound) {
		return "", ErrNoItem
	}
	return secret, err
}

func (systemKeychain) Delete(service, item string) error { return keyring.Delete(service, item) }

const (
	// maxItem is below the limits of Windows (2560 bytes) and macOS (about 3000), so that all systems behave the same.
	maxItem = 2 << 10
	// waitingAfter is the time after which a keychain is assumed to be asking the person something.
	waitingAfter = 2 * time.Second
)

// guard protects against a keychain that hangs forever, panics, or reports success without storing anything.
type guard struct {
	keychain Keychain
	busy     chan struct{} // allows one call at a time: a second one would prompt a second time
	waiting  func()
}

func newGuard(k Keychain, waiting func()) guard {
	if waiting == nil {
		waiting = func() {}
	}
	return guard{k, make(chan struct{}, 1), waiting}
}

// keep stores a secret and reads it back, because some keychains report success without storing it.
func (g guard) keep(ctx context.Context, item, secret string) error {
	if len(secret) > maxItem {
		return fmt.Errorf("%d bytes are too many for a keychain", len(secret))
	}
	if _, err := g.call(ctx, func() (string, error) { return "", g.keychain.Set(service, item, secret) }); err != nil {
		return err
	}
	back, err := g.get(ctx, item)
	if err != nil {
		return fmt.Errorf("it reported that it stored the key, but doesn't return it: %w", err)
	}
	if back != secret {
		return errors.New("it reported that it stored the key, but returns another one")
	}
	return nil
}

func (g guard) get(ctx context.Context, item string) (string, error) {
	return g.call(ctx, func() (string, error) { return g.keychain.Get(service, item) })
}

// forget removes an item that nothing needs any more. It ignores errors.
func (g guard) forget(ctx context.Context, item string) {
	ctx, cancel := context.WithTimeout(ctx, waitingAfter)
	defer cancel()
	_, _ = g.call(ctx, func() (string, error) { return "", g.keychain.Delete(service, item) })
}

// call makes a call on another goroutine and stops waiting for it when ctx ends. The call itself can't be cancelled: until it
// returns, no other is made.
func (g guard) call(ctx context.Context, do func() (string, error)) (string, error) {
	select {
	case g.busy <- struct{}{}:
	case <-ctx.Done():
		return "", fmt.Errorf("it is still busy with an earlier request: %w", ctx.Err())
	}
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		defer func() { <-g.busy }()
		defer func() {
			if r := recover(); r != nil {
				answers <- answer{err: fmt.Errorf("it failed: %v", r)}
			}
		}()
		text, err := do()
		answers <- answer{text, err}
	}()
	slow := time.NewTimer(waitingAfter)
	defer slow.Stop()
	for {
		select {
		case a := <-answers:
			return a.text, a.err
		case <-slow.C:
			g.waiting()
		case <-ctx.Done():
			return "", fmt.Errorf("it did not answer: %w", ctx.Err())
		}
	}
}
