package browser

import (
	"net"
	"net/netip"
	"os"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// ownPeer reports whether the program at the other end of a connection on this computer is one of this user, or of root, who can read
// everything anyway: the relay that connects Windows with WSL is one.
func ownPeer(local, remote netip.AddrPort) bool {
	for _, family := range []uint8{unix.AF_INET, unix.AF_INET6} { // a socket of IPv6 may have an address of IPv4
		sockets, err := netlink.SocketDiagTCP(family)
		if err != nil {
			continue
		}
		for _, s := range sockets {
			open := s.State == netlink.TCP_ESTABLISHED // one that has been closed has no owner any more
			if open && endpoint(s.ID.Source, s.ID.SourcePort) == remote && endpoint(s.ID.Destination, s.ID.DestinationPort) == local {
				return s.UID == 0 || int(s.UID) == os.Getuid()
			}
		}
	}
	return false
}

func endpoint(ip net.IP, port uint16) netip.AddrPort {
	a, _ := netip.AddrFromSlice(ip)
	return netip.AddrPortFrom(a.Unmap(), port)
}
