package browser

import "net/netip"

// ownPeer need not ask: Windows shows the arguments of a program, which have the address, to its own user and to administrators alone.
func ownPeer(_, _ netip.AddrPort) bool { return true }
