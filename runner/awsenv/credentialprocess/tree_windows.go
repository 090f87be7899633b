package credentialprocess

import (
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// endTree ends a process and all that it started, however deep. Windows' taskkill does so too, but that of Wine doesn't.
func endTree(root *os.Process) error {
	id := uint32(root.Pid) //nolint:gosec // ids have 32 bits
	since := created(id)
	err := root.Kill() // first, so that it starts nothing more; its id stays taken while Go has its handle
	ended := map[uint32]bool{id: true}
	for more := true; more; {
		more = false
		for _, p := range processes() {
			if ended[p.parent] && !ended[p.id] && created(p.id) >= since { // an older one is of another process that had the id
				ended[p.id], more = true, true
				end(p.id)
			}
		}
	}
	return err
}

// process is one of this computer's.
type process struct{ id, parent uint32 }

func processes() (list []process) {
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return nil
	}
	defer windows.CloseHandle(snapshot) //nolint:errcheck // only read
	entry := windows.ProcessEntry32{Size: uint32(unsafe.Sizeof(windows.ProcessEntry32{}))}
	for err = windows.Process32First(snapshot, &entry); err == nil; err = windows.Process32Next(snapshot, &entry) {
		list = append(list, process{entry.ProcessID, entry.ParentProcessID})
	}
	return list
}

// created returns when a process began, in nanoseconds; 0 if nobody knows.
func created(id uint32) int64 {
	handle, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, id)
	if err != nil {
		return 0
	}
	defer windows.CloseHandle(handle) //nolint:errcheck // only read
	var begin, exit, kernel, user windows.Filetime
	if windows.GetProcessTimes(handle, &begin, &exit, &kernel, &user) != nil {
		return 0
	}
	return begin.Nanoseconds()
}

func end(id uint32) {
	handle, err := windows.OpenProcess(windows.PROCESS_TERMINATE, false, id)
	if err != nil {
		return // it has ended
	}
	defer windows.CloseHandle(handle)   //nolint:errcheck // as above
	windows.TerminateProcess(handle, 1) //nolint:errcheck // it may have ended
}
