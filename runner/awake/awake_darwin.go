package awake

import (
	"context"
	"os"
	"os/exec"
	"strconv"
)

// hold runs the system's caffeinate until ctx ends: -i is against sleep for want of use, -w ends it with this process.
func hold(ctx context.Context, _ Options) error {
	cmd := exec.CommandContext(ctx, "/usr/bin/caffeinate", "-i", "-w", strconv.Itoa(os.Getpid()))
	cmd.Env = []string{}
	return cmd.Run()
}
