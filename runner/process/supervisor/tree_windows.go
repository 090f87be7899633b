package supervisor

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// canTerminate reports whether there is a stage between asking and killing: Windows has none.
const canTerminate = false

// emptyEvery is how often the job is checked after the shell has ended. A completion port would report every process from
// the beginning, although only the last one matters.
const emptyEvery = 20 * time.Millisecond

// tree is the shell and its descendants: the supervisor's job object.
type tree struct {
	job    windows.Handle
	shell  int
	exited chan exit     // the shell ended
	gone   chan struct{} // closed when nothing of the tree is left; after exited

	mu        sync.Mutex
	signalled map[int]bool // processes that were in the tree when it was asked to end or killed
}

// startTree first puts the supervisor itself into the job. Everything that it starts is in the job from the beginning, so
// no child can start a process outside.
func startTree(j Job, e *ends) (*tree, error) {
	handle, err := enterJob()
	if err != nil {
		return nil, err
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer null.Close() //nolint:errcheck // nothing was written
	p, err := os.StartProcess(j.Path, append([]string{j.Path}, j.Args...), &os.ProcAttr{
		Dir:   j.Dir,
		Env:   append([]string{}, j.Env...), // never nil, which would be this process's environment
		Files: []*os.File{null, e.stdout, e.stderr},
		Sys:   &syscall.SysProcAttr{CmdLine: j.CommandLine, CreationFlags: windows.CREATE_NEW_PROCESS_GROUP},
	})
	if err != nil {
		return nil, err
	}
	t := &tree{job: handle, shell: p.Pid, exited: make(chan exit, 1), gone: make(chan struct{}), signalled: map[int]bool{}}
	go t.wait(p)
	return t, nil
}

func enterJob() (windows.Handle, error) {
	handle, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, os.NewSyscallError("CreateJobObject", err)
	}
	if err := setLimits(handle, windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE); err != nil {
		return 0, err
	}
	if err := windows.AssignProcessToJobObject(handle, windows.CurrentProcess()); err != nil {
		return 0, os.NewSyscallError("AssignProcessToJobObject", err)
	}
	return handle, nil
}

func setLimits(job windows.Handle, flags uint32) error {
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: flags},
	}
	_, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits))) //nolint:gosec // arguments of the call
	return os.NewSyscallError("SetInformationJobObject", err)
}

func (t *tree) wait(p *os.Process) {
	e := exit{code: -1}
	if state, err := p.Wait(); err == nil {
		// Signed, as Windows' tools show it: 0xC000013A (ended by Ctrl-C) is -1073741510.
		e.code = int(int32(uint32(state.ExitCode()))) //nolint:gosec // the same 32 bits
	}
	t.exited <- e
	for len(t.pids()) > 0 {
		time.Sleep(emptyEvery)
	}
	close(t.gone)
}

// ask sends Ctrl-Break to the shell's group. Ctrl-C would have no effect: a new group starts with it disabled. It doesn't
// wait, because the call never returns on some systems (Wine).
func (t *tree) ask() int {
	n := t.remember()
	group := uint32(t.shell) //nolint:gosec // a process id
	go func() { _ = windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, group) }()
	return n
}

// terminate is never called, since canTerminate is false.
func (t *tree) terminate() int { return t.remember() }

// kill kills every process of the job except the supervisor, which is in it too. It must be repeated until the tree is gone.
// The system kills what is still left when the supervisor ends.
func (t *tree) kill() int {
	n := t.remember()
	for _, pid := range t.pids() {
		h, err := windows.OpenProcess(windows.PROCESS_TERMINATE, false, uint32(pid)) //nolint:gosec // a process id
		if err != nil {
			continue
		}
		_ = windows.TerminateProcess(h, killedCode)
		_ = windows.CloseHandle(h)
	}
	return n
}

// killedCode is the exit code of a killed process, the same as Task Manager's.
const killedCode = 1

func (t *tree) remember() int {
	pids := t.pids()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, pid := range pids {
		t.signalled[pid] = true
	}
	return len(pids)
}

// ended returns the number of processes that were in the tree when it was asked to end or killed.
func (t *tree) ended() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.signalled)
}

// leave lets the tree outlive the supervisor.
func (t *tree) leave() { _ = setLimits(t.job, 0) }

// pids returns the job's processes without the supervisor.
func (t *tree) pids() []int {
	for room := 64; ; room *= 4 {
		// JOBOBJECT_BASIC_PROCESS_ID_LIST: two 32-bit counts and the ids, each as wide as a pointer.
		const counted = int(8 / unsafe.Sizeof(uintptr(0)))
		buf := make([]uintptr, counted+room)
		size := uint32(len(buf)) * uint32(unsafe.Sizeof(buf[0])) //nolint:gosec // small
		err := windows.QueryInformationJobObject(t.job, windows.JobObjectBasicProcessIdList,
			uintptr(unsafe.Pointer(&buf[0])), size, nil) //nolint:gosec // arguments of the call
		if errors.Is(err, windows.ERROR_MORE_DATA) {
			continue
		}
		if err != nil {
			return nil
		}
		counts := (*[2]uint32)(unsafe.Pointer(&buf[0])) //nolint:gosec // buf is longer than that
		if int(counts[0]) > int(counts[1]) {
			continue
		}
		var list []int
		for _, pid := range buf[counted:][:counts[1]] {
			if int(pid) != os.Getpid() {
				list = append(list, int(pid))
			}
		}
		return list
	}
}

// members returns the job's processes with their names.
func (t *tree) members() []Process {
	var list []Process
	pids := t.pids()
	if len(pids) == 0 {
		return nil
	}
	names := processNames()
	for _, pid := range pids {
		list = append(list, Process{PID: pid, Name: names[pid]})
	}
	return list
}

func processNames() map[int]string {
	names := map[int]string{}
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return names
	}
	defer windows.CloseHandle(snapshot) //nolint:errcheck // only read
	entry := windows.ProcessEntry32{Size: uint32(unsafe.Sizeof(windows.ProcessEntry32{}))}
	for err = windows.Process32First(snapshot, &entry); err == nil; err = windows.Process32Next(snapshot, &entry) {
		names[int(entry.ProcessID)] = windows.UTF16ToString(entry.ExeFile[:])
	}
	return names
}
