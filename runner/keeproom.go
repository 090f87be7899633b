package runner

import (
	"sync"

	"github.com/stepdeck/stepdeck/model"
)

// room is what there is for the files of a run, whose steps may run at the same time.
type room struct {
	limits model.ArtifactLimits
	mu     sync.Mutex
	bytes  int64
	files  int
}

// addFile counts one more file, if there may be one.
func (r *room) addFile() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.files >= r.limits.Files {
		return false
	}
	r.files++
	return true
}

// hold reserves room for a file of some size in the place of one that has held some, and returns how large the file may be.
func (r *room) hold(size, held int64) (most int64, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	left := r.limits.RunBytes - (r.bytes - held)
	switch {
	case size > r.limits.FileBytes:
		return 0, model.NewError("artifact.size", "It has %s. The setting artifact.fileBytes allows %s.",
			model.FormatBytes(size), model.FormatBytes(r.limits.FileBytes))
	case size > left:
		return 0, model.NewError("artifact.room", "It has %s, and %s are left of the %s that the setting artifact.runBytes allows for a run.",
			model.FormatBytes(size), model.FormatBytes(max(0, left)), model.FormatBytes(r.limits.RunBytes))
	}
	r.bytes += size - held
	return max(0, min(r.limits.FileBytes, left)), nil
}

// settle replaces what hold reserved by what the file holds now.
func (r *room) settle(size, held int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bytes += held - size
}
