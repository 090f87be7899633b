package archive

import (
	"fmt"
)

// recoverTo turns a panic in a library into an error: a crafted package must not crash the program.
func recoverTo(err *error, pkg string) {
	if cause := recover(); cause != nil { //nolint:revive // this is the deferred function
		*err = damaged(pkg, fmt.Errorf("the reader failed on it: %v", cause))
	}
}
