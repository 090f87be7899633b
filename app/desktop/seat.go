package desktop

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// seat is the right to be the one window of a data folder. Two that start at the same instant both find nobody to hand over to;
// the lock on a file says which of them stays.
type seat struct{ file *os.File }

const seatFile = "window.lock"

// seatPatience is how long a start waits for the window that has the seat to answer: it may be opening its data.
const seatPatience = 20 * time.Second

// lockState is what came of trying to lock a file.
type lockState int

const (
	lockGot     lockState = iota
	lockTaken             // another process has it
	lockUnknown           // the folder knows no locks
)

// takeSeat gives the seat, or hands over to the window that has it; then the seat is nil.
func takeSeat(ctx context.Context, dir string, m message, patience time.Duration) (*seat, error) {
	file, err := os.OpenFile(filepath.Join(dir, seatFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, model.NewError("window.folder", "The data folder %s can't be written to. Check its rights.", dir).Because(err)
	}
	for start := time.Now(); ; {
		state := tryLock(file)
		if state == lockGot {
			return &seat{file}, nil
		}
		if handOver(ctx, dir, m) {
			return nil, file.Close()
		}
		if state == lockUnknown { // there are as many windows as starts then, which does no harm
			return &seat{file}, nil
		}
		if time.Since(start) > patience {
			_ = file.Close()
			return nil, model.NewError("window.busy", "Stepdeck is open already, but does not answer. End it and start it again.")
		}
		select {
		case <-ctx.Done():
			_ = file.Close()
			return nil, context.Cause(ctx)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// leave lets the next window in. The file stays: removing it would let two windows lock two files of one name.
func (s *seat) leave() { _ = s.file.Close() }
