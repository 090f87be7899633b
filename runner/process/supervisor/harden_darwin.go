package supervisor

// Harden disables core files of this process. The system itself keeps other programs of the same user from reading its
// memory if the program is signed with the hardened runtime.
func Harden() error { return noCore() }

func hardenSupervisor() { _ = Harden() }

// closeOnExecFrom keeps programs that are started from inheriting the descriptors from first on, including those that the
// engine itself inherited.
func closeOnExecFrom(first int) { closeOnExecListed("/dev/fd", first) }
