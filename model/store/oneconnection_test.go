package store

import (
	"context"
	"errors"
	"sync"
	"testing"
)

// With one connection, whatever reads and writes at once takes turns, and nothing opens another one.
func TestOneConnection(t *testing.T) {
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), OneConnection: true})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	var turns sync.WaitGroup
	for range 4 {
		turns.Go(func() {
			for range 20 {
				if err := s.SaveSettings(t.Context(), map[string]string{"a": "1", "b": "1"}); err != nil {
					t.Error(err)
				}
				values, err := s.Settings(t.Context())
				if err != nil || values["a"] != values["b"] {
					t.Errorf("half a change is seen: %v, %v", values, err)
				}
			}
		})
	}
	turns.Wait()
	if s.readers != nil {
		t.Error("there is another connection")
	}
}

// What fails or is cancelled in between gives the connection back, and no transaction goes on in it.
func TestOneConnectionIsGivenBack(t *testing.T) {
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), OneConnection: true})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	broken := errors.New("broken")
	if err := s.read(t.Context(), "read", func(querier) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = s.read(ctx, "read", func(q querier) error {
		cancel()
		return q.QueryRowContext(ctx, `SELECT 1`).Scan(new(int))
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	must(t, s.SaveSettings(t.Context(), map[string]string{"a": "1"}))
	if values, err := s.Settings(t.Context()); err != nil || values["a"] != "1" {
		t.Errorf("%v, %v", values, err)
	}
}
