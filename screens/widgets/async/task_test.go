package async

import (
	"context"
	"testing"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

func TestATaskHearsOnlyTheLastAnswer(t *testing.T) {
	a := uitest.New(t)
	var l Task
	var got []int
	first := make(chan struct{})
	Load(&l, func(ctx context.Context) (int, error) { <-ctx.Done(); close(first); return 1, nil }, func(n int, _ error) { got = append(got, n) })
	Load(&l, func(context.Context) (int, error) { <-first; return 2, nil }, func(n int, _ error) { got = append(got, n) })
	a.Until("the answer", func() bool { return len(got) > 0 })
	a.Pump()
	if len(got) != 1 || got[0] != 2 || l.Busy() {
		t.Errorf("heard %v, busy %v", got, l.Busy())
	}
}
