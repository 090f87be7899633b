package script

import (
	"context"
	"errors"
)

// LoginPath is for systems with login shells.
func LoginPath(context.Context, string, []string) (string, error) { return "", errors.ErrUnsupported }
