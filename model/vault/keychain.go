package vault

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zalando/go-keyring"
)

// Keychain is the operating system's place for passwords. Its calls may hang for as long as a person looks at a prompt.
type Keychain interface {
	Set(service, item, secret string) error
	Get(service, item string) (string, error) // ErrNoItem where there is none
	Delete(service, item string) error
}

// ErrNoItem says that the keychain works and has no such item.
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
	// Windows takes 2560 bytes and macOS about 3000: less is taken on every system, so that all behave the same.
	largestItem = 2 << 10
	// A keychain that has not answered by then probably asks the person something.
	waitingAfter = 2 * time.Second
)

// guard stands between us and a keychain that may hang for ever, panic, or say that it kept what it did not.
type guard struct {
	keychain Keychain
	turn     chan struct{} // one call at a time: a second one would prompt a second time
	waiting  func()
}

func newGuard(k Keychain, waiting func()) guard {
	if waiting == nil {
		waiting = func() {}
	}
	return guard{k, make(chan struct{}, 1), waiting}
}

// keep stores a secret and reads it back: some keychains report success for what they did not store.
func (g guard) keep(ctx context.Context, item, secret string) error {
	if len(secret) > largestItem {
		return fmt.Errorf("%d bytes are too much for a keychain", len(secret))
	}
	if _, err := g.call(ctx, func() (string, error) { return "", g.keychain.Set(service, item, secret) }); err != nil {
		return err
	}
	back, err := g.get(ctx, item)
	if err != nil {
		return fmt.Errorf("it said that it kept the key, but does not give it back: %w", err)
	}
	if back != secret {
		return errors.New("it said that it kept the key, but gives another one back")
	}
	return nil
}

func (g guard) get(ctx context.Context, item string) (string, error) {
	return g.call(ctx, func() (string, error) { return g.keychain.Get(service, item) })
}

// forget removes an item that nothing needs. Whether that works changes nothing for anyone.
func (g guard) forget(ctx context.Context, item string) {
	ctx, cancel := context.WithTimeout(ctx, waitingAfter)
	defer cancel()
	_, _ = g.call(ctx, func() (string, error) { return "", g.keychain.Delete(service, item) })
}

// call makes one call on a goroutine of its own and stops waiting for it when ctx ends. The call itself can't be stopped:
// until it comes back, no other is made.
func (g guard) call(ctx context.Context, do func() (string, error)) (string, error) {
	select {
	case g.turn <- struct{}{}:
	case <-ctx.Done():
		return "", fmt.Errorf("it is still busy with an earlier question: %w", ctx.Err())
	}
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		defer func() { <-g.turn }()
		defer func() {
			if r := recover(); r != nil {
				answers <- answer{err: fmt.Errorf("it failed: %v", r)}
			}
		}()
		text, err := do()
		answers <- answer{text, err}
	}()
	long := time.NewTimer(waitingAfter)
	defer long.Stop()
	for {
		select {
		case a := <-answers:
			return a.text, a.err
		case <-long.C:
			g.waiting()
		case <-ctx.Done():
			return "", fmt.Errorf("it did not answer: %w", ctx.Err())
		}
	}
}
