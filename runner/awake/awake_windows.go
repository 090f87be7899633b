package awake

import (
	"context"
	"runtime"

	"golang.org/x/sys/windows"
)

// Flags of SetThreadExecutionState. Source: winbase.h.
const (
	systemRequired = 0x00000001
	continuous     = 0x80000000
)

// hold has the thread that it runs on need the system until ctx ends. The system forgets that with the thread.
func hold(ctx context.Context, _ Options) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if _, err := need(continuous | systemRequired); err != nil {
		return err
	}
	<-ctx.Done()
	_, err := need(continuous)
	return err
}

// need sets what the calling thread needs of the system, and returns what it needed before.
func need(flags uintptr) (before uintptr, err error) {
	set := windows.NewLazySystemDLL("kernel32.dll").NewProc("SetThreadExecutionState")
	before, _, err = set.Call(flags)
	if before == 0 {
		return 0, err
	}
	return before, nil
}
