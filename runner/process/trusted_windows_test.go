package process

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"
)

// userOfTests is somebody on an imaginary computer, and otherUser somebody else there.
const (
	userOfTests = "S-1-5-21-1-2-3-1001"
	otherUser   = "S-1-5-21-1-2-3-1002"
)

func TestOnlyTheUserAndTheSystemMayChangeASupervisor(t *testing.T) {
	for name, row := range map[string]struct {
		descriptor string // as SDDL
		closed     bool
	}{
		"a folder of the user": {
			"O:" + userOfTests + "D:(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;" + userOfTests + ")", true,
		},
		"below Program Files": {
			"O:" + trustedInstaller + "D:PAI(A;;FA;;;" + trustedInstaller + ")(A;CIIO;GA;;;" + trustedInstaller + ")(A;;0x1301bf;;;SY)" +
				"(A;OICIIO;GA;;;SY)(A;;0x1301bf;;;BA)(A;OICIIO;GA;;;BA)(A;;0x1200a9;;;BU)(A;OICIIO;GXGR;;;BU)(A;OICIIO;GA;;;CO)" +
				"(A;;0x1200a9;;;AC)", true,
		},
		"installed by an administrator": {"O:BAD:(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)", true},
		"a folder below C:\\": {"O:BAD:(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)(A;OICIID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)" +
			"(A;OICIIOID;SDGXGWGR;;;AU)", false},
		"of another user":                 {"O:" + otherUser + "D:(A;;FA;;;" + userOfTests + ")", false},
		"of a group of users":             {"O:BUD:(A;;FA;;;" + userOfTests + ")", false},
		"everyone may do everything":      {"O:" + userOfTests + "D:(A;;FA;;;WD)", false},
		"another may write":               {"O:" + userOfTests + "D:(A;;FW;;;" + otherUser + ")", false},
		"another may add a file":          {"O:" + userOfTests + "D:(A;;DC;;;" + otherUser + ")", false},
		"another may append":              {"O:" + userOfTests + "D:(A;;LC;;;" + otherUser + ")", false},
		"another may remove a file":       {"O:" + userOfTests + "D:(A;;DT;;;" + otherUser + ")", false},
		"another may remove it":           {"O:" + userOfTests + "D:(A;;SD;;;" + otherUser + ")", false},
		"another may change the rights":   {"O:" + userOfTests + "D:(A;;WD;;;" + otherUser + ")", false},
		"another may become the owner":    {"O:" + userOfTests + "D:(A;;WO;;;" + otherUser + ")", false},
		"another by a generic right":      {"O:" + userOfTests + "D:(A;;GW;;;" + otherUser + ")", false},
		"what lies in it inherits only":   {"O:" + userOfTests + "D:(A;OICIIO;FA;;;WD)", true},
		"everyone may read and run":       {"O:" + userOfTests + "D:(A;;0x1200a9;;;WD)(A;;GXGR;;;WD)", true},
		"the rights of an owner":          {"O:" + userOfTests + "D:(A;;FA;;;OW)", true},
		"nobody may do anything":          {"O:" + userOfTests + "D:", true},
		"some are denied, some may write": {"O:" + userOfTests + "D:(D;;FA;;;AN)(A;;FW;;;BU)", false},
		"some are denied":                 {"O:" + userOfTests + "D:(D;;FA;;;AN)(A;;FA;;;" + userOfTests + ")", true},
		"no owner":                        {"D:(A;;FA;;;" + userOfTests + ")", false},
		"nothing at all":                  {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			descriptor, err := windows.SecurityDescriptorFromString(row.descriptor)
			if err != nil {
				t.Fatal(err)
			}
			if got := closedToOthers(descriptor, userOfTests); got != row.closed {
				t.Errorf("closed %v, want %v: %s", got, row.closed, descriptor)
			}
		})
	}
}

// Entries of other kinds than those that SDDL under Wine knows.
func TestEveryKindOfEntryIsLookedAt(t *testing.T) {
	for kind, closed := range map[uint8]bool{
		windows.ACCESS_ALLOWED_ACE_TYPE: false, allowedConditionallyACE: false, 5: false, 42: false,
		windows.ACCESS_DENIED_ACE_TYPE: true, deniedObjectACE: true, deniedConditionallyACE: true, deniedObjectConditionalACE: true,
	} {
		descriptor, err := windows.SecurityDescriptorFromString("O:" + userOfTests + "D:(A;;FA;;;WD)")
		if err != nil {
			t.Fatal(err)
		}
		list, _, err := descriptor.DACL()
		if err != nil {
			t.Fatal(err)
		}
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, 0, &entry); err != nil {
			t.Fatal(err)
		}
		entry.Header.AceType = kind
		if got := closedToOthers(descriptor, userOfTests); got != closed {
			t.Errorf("with an entry of kind %d closed %v, want %v", kind, got, closed)
		}
	}
}

// An object without a list, as on a FAT stick, is open to all; one with an empty list to nobody.
func TestWithoutAListAllMayWrite(t *testing.T) {
	owner, err := windows.StringToSid(userOfTests)
	if err != nil {
		t.Fatal(err)
	}
	descriptor, err := windows.NewSecurityDescriptor()
	if err == nil {
		err = descriptor.SetOwner(owner, false)
	}
	if err != nil {
		t.Fatal(err)
	}
	if closedToOthers(descriptor, userOfTests) {
		t.Error("it is closed, though it does not say that it has a list")
	}
	if err := descriptor.SetDACL(nil, true, false); err != nil {
		t.Fatal(err)
	}
	if closedToOthers(descriptor, userOfTests) {
		t.Error("it is closed, though it has no list")
	}
}

// Wine keeps the access rights of a file as the mode of its Unix file, so it shows rights for everyone and for the user. That a
// list with groups and inheritance is read back as it was written, only Windows shows.
func TestASupervisorThatOthersMayReplaceIsNotUsed(t *testing.T) {
	token, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		t.Fatal(err)
	}
	ours := "(A;;FA;;;" + token.User.Sid.String() + ")"
	for name, row := range map[string]struct {
		dir, file string
		used      bool
	}{
		"as they are made":              {"", "", true},
		"ours":                          {ours, ours, true},
		"a file that all may write":     {ours, ours + "(A;;FA;;;WD)", false},
		"a folder that all may write":   {ours + "(A;;FA;;;WD)", ours, false},
		"a program that all may run":    {ours + "(A;;0x1200a9;;;WD)", ours + "(A;;0x1200a9;;;WD)", true},
		"a file that the system writes": {ours, ours + "(A;;FA;;;SY)(A;;FA;;;BA)", true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "bin")
			path := filepath.Join(dir, "program.exe")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("program"), 0o700); err != nil {
				t.Fatal(err)
			}
			grant(t, path, row.file)
			grant(t, dir, row.dir)
			if got := supervisorIn(dir, "program.exe", "1.2.3"); (got.Program != "") != row.used {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// grant replaces the access list of a path by the entries of an SDDL list, without what it inherits. It does nothing without entries.
func grant(t *testing.T, path, entries string) {
	t.Helper()
	if entries == "" {
		return
	}
	descriptor, err := windows.SecurityDescriptorFromString("D:P" + entries)
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		t.Fatal(err)
	}
	const what = windows.DACL_SECURITY_INFORMATION | windows.PROTECTED_DACL_SECURITY_INFORMATION
	if err := windows.SetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, what, nil, nil, list, nil); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsNotThereIsNotTrusted(t *testing.T) {
	if trusted(filepath.Join(t.TempDir(), "none")) {
		t.Error("a file that is not there is trusted")
	}
}
