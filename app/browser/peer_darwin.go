package browser

import (
	"context"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// ownPeer reports whether the program at the other end of a connection on this computer is one of this user. Without root, lsof lists
// only the connections of one's own programs, this one's end of the connection among them, which is told apart by its direction.
func ownPeer(local, remote netip.AddrPort) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "/usr/sbin/lsof", "-nP", "-Fn", "-sTCP:ESTABLISHED", "-iTCP@"+remote.String()).Output()
	return err == nil && slices.Contains(strings.Fields(string(out)), "n"+remote.String()+"->"+local.String())
}
