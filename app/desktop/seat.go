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

// takeSeat gives the seat, or hands over to the window that has it; then the seat is nil.
func takeSeat(ctx context.Context, dir string, m message, patience time.Duration) (*seat, error) {
	file, err := os.OpenFile(filepath.Join(dir, seatFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, model.NewError("window.folder", "The data folder %s can't be written to. Check its rights.", dir).Because(err)
	}
	for start := time.Now(); ; {
		got, unknown := tryLock(file)
		if got {
			return &seat{file}, nil
		}
		if handOver(ctx, dir, m) {
			return nil, file.Close()
		}
		if unknown != nil { // a folder that knows no locks: there are as many windows as starts, which does no harm
			break
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
	return &seat{file}, nil
}

// leave lets the next window in. The file stays: removing it would let two windows lock two files of one name.
func (s *seat) leave() { _ = s.file.Close() }
