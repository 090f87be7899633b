package awake

import (
	"context"
	"runtime"
	"testing"
)

func TestTheThreadNeedsTheSystemUntilTheRelease(t *testing.T) {
	runtime.LockOSThread() // hold locks the thread that it runs on, which is this one
	defer runtime.UnlockOSThread()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := hold(ctx, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ set, before uintptr }{
		{continuous | systemRequired, continuous}, // what hold left
		{continuous, continuous | systemRequired},
	} {
		before, err := need(step.set)
		if err != nil || before&(continuous|systemRequired) != step.before {
			t.Errorf("before %#x was set the thread needed %#x, %v; want %#x", step.set, before, err, step.before)
		}
	}
}
