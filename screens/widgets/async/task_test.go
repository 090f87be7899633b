package async

import (
	"context"
	"testing"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

func TestATaskDeliversOnlyTheLastResult(t *testing.T) {
	a := uitest.New(t)
	var task Task
	var got []int
	first := make(chan struct{})
	add := func(n int, _ error) { got = append(got, n) }
	Load(&task, func(ctx context.Context) (int, error) { <-ctx.Done(); close(first); return 1, nil }, add)
	Load(&task, func(context.Context) (int, error) { <-first; return 2, nil }, add)
	a.Until("the result", func() bool { return len(got) > 0 })
	a.Pump()
	if len(got) != 1 || got[0] != 2 || task.Busy() {
		t.Errorf("got %v, busy %v", got, task.Busy())
	}
}
