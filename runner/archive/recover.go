package archive

import (
	"fmt"
)

// recoverTo turns a panic of a library into an error: a crafted package must not end the program.
func recoverTo(err *error, pkg string) {
	if cause := recover(); cause != nil { //nolint:revive // this is the deferred function
		*err = damaged(pkg, fmt.Errorf("the reader failed on it: %v", cause))
	}
}
