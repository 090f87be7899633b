package process

import (
	"slices"
	"unsafe"

	"golang.org/x/sys/windows"
)

// trusted reports whether only this user and the system can change the paths.
func trusted(paths ...string) bool {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return false
	}
	const wanted = windows.OWNER_SECURITY_INFORMATION | windows.DACL_SECURITY_INFORMATION
	for _, path := range paths {
		descriptor, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, wanted)
		if err != nil || !closedToOthers(descriptor, user.User.Sid.String()) {
			return false
		}
	}
	return true
}

// changing are the rights by which a file can be replaced or changed, or something be put into or taken out of a folder. Who may
// write a descriptor or become the owner can grant themselves the others.
const changing windows.ACCESS_MASK = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | fileDeleteChild | windows.DELETE |
	windows.WRITE_DAC | windows.WRITE_OWNER | windows.GENERIC_WRITE | windows.GENERIC_ALL

const fileDeleteChild = 0x40

// closedToOthers reports whether the owner is the user or the system, and the access list lets nobody else change anything. An
// object without a list, as on a file system without access rights, is open to all.
func closedToOthers(descriptor *windows.SECURITY_DESCRIPTOR, user string) bool {
	owner, _, err := descriptor.Owner()
	if err != nil || owner == nil || !isUserOrSystem(owner, user) {
		return false
	}
	list, _, err := descriptor.DACL()
	if err != nil || list == nil {
		return false
	}
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil || opens(entry, user) {
			return false
		}
	}
	return true
}

// The kinds of entries that x/sys has no names for and that deny something, or allow it under a condition.
const (
	deniedObjectACE            = 6
	allowedConditionallyACE    = 9
	deniedConditionallyACE     = 10
	deniedObjectConditionalACE = 12
)

// Who can do everything on this computer anyway, and the owner, who is looked at apart.
const (
	system           = "S-1-5-18"
	administrators   = "S-1-5-32-544"
	trustedInstaller = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
	ownerRights      = "S-1-3-4"
)

// opens reports whether an entry of an access list lets somebody else than the user and the system change the object. An entry of a
// kind that files don't have is taken to do so.
func opens(entry *windows.ACCESS_ALLOWED_ACE, user string) bool {
	switch entry.Header.AceType {
	case windows.ACCESS_DENIED_ACE_TYPE, deniedObjectACE, deniedConditionallyACE, deniedObjectConditionalACE:
		return false
	case windows.ACCESS_ALLOWED_ACE_TYPE, allowedConditionallyACE:
		if entry.Header.AceFlags&windows.INHERIT_ONLY_ACE != 0 || entry.Mask&changing == 0 {
			return false
		}
		return !isUserOrSystem((*windows.SID)(unsafe.Pointer(&entry.SidStart)), user) //nolint:gosec // the id follows the fields
	}
	return true
}

// isUserOrSystem reports whether sid is the user or somebody who can do everything on this computer anyway.
func isUserOrSystem(sid *windows.SID, user string) bool {
	return slices.Contains([]string{user, ownerRights, system, administrators, trustedInstaller}, sid.String())
}
