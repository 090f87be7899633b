package supervisor

// Harden keeps what this process has in memory out of core files. Other programs of the same user are kept from reading
// it by the system itself, once the program is signed with the hardened runtime.
func Harden() error { return noCore() }

func hardenSupervisor() { _ = Harden() }

// closeOnExecFrom keeps every descriptor from first on from the programs that are started, also those that the engine
// itself inherited.
func closeOnExecFrom(first int) { closeOnExecListed("/dev/fd", first) }
