package store

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// networkKind returns the type of the network file system that dir is on, or "". Source: linux/magic.h and statfs(2).
func networkKind(dir string) (string, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return "", err
	}
	switch int64(fs.Type) & 0xffffffff { //nolint:unconvert,nolintlint // the field's type differs from processor to processor
	case unix.NFS_SUPER_MAGIC:
		return "NFS", nil
	case unix.SMB_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC:
		return "SMB", nil
	case unix.V9FS_MAGIC:
		return "9p", nil
	case unix.AFS_SUPER_MAGIC, unix.AFS_FS_MAGIC:
		return "AFS", nil
	case unix.CODA_SUPER_MAGIC:
		return "Coda", nil
	case unix.CEPH_SUPER_MAGIC:
		return "Ceph", nil
	case unix.FUSE_SUPER_MAGIC:
		// Local disks can be FUSE too (NTFS): the mount's type says which.
		mounts, err := os.ReadFile("/proc/self/mountinfo")
		return fuseKind(dir, string(mounts)), err
	}
	return "", nil
}

// fuseKind finds dir's mount in the text of /proc/self/mountinfo and returns its type if it is known to lead to another
// computer. Source: proc_pid_mountinfo(5): the fifth field is the mount point, the type follows " - ".
func fuseKind(dir, mounts string) string {
	longest, kind := -1, ""
	for line := range strings.Lines(mounts) {
		before, after, ok := strings.Cut(line, " - ")
		fields := strings.Fields(before)
		types := strings.Fields(after)
		if !ok || len(fields) < 5 || len(types) < 1 {
			continue
		}
		point := strings.TrimSuffix(fields[4], "/")
		if len(point) >= longest && (dir == point || strings.HasPrefix(dir, point+"/")) {
			longest, kind = len(point), types[0]
		}
	}
	switch kind {
	case "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.gcsfuse", "fuse.davfs", "fuse.glusterfs", "fuse.curlftpfs", "fuse.gvfsd-fuse":
		return strings.TrimPrefix(kind, "fuse.")
	}
	return ""
}
