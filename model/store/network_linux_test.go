package store

import "testing"

func TestFuseKind(t *testing.T) {
	const mounts = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:30 / /mnt/far rw,nosuid - fuse.sshfs ana@far:/ rw
41 40 0:31 / /mnt/far/near rw,nosuid - fuseblk /dev/sdb1 rw
42 22 0:32 / /mnt/far2 rw - fuse.unknown x rw
broken line
`
	for _, row := range []struct{ name, dir, want string }{
		{"the mount itself", "/mnt/far", "sshfs"},
		{"a folder below it", "/mnt/far/a/b", "sshfs"},
		{"a local disk mounted below it", "/mnt/far/near/x", ""},
		{"a longer name beside it", "/mnt/far2/x", ""},
		{"the root", "/home", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := fuseKind(row.dir, mounts); got != row.want {
				t.Errorf("kind is %q, want %q", got, row.want)
			}
		})
	}
}
