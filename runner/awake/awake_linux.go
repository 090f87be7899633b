package awake

import (
	"cmp"
	"context"
	"os"
	"strconv"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"
)

// systemBus is where the system's message bus is unless the environment says otherwise. Source: D-Bus Specification, "System message
// bus".
const systemBus = "unix:path=/var/run/dbus/system_bus_socket"

// hold holds a lock of logind until ctx ends. The lock is a file descriptor, so it ends with this process; no program that this
// process starts inherits it.
func hold(ctx context.Context, o Options) error {
	lock, err := take(ctx, cmp.Or(o.Bus, systemBus))
	if err != nil {
		return err
	}
	<-ctx.Done()
	return unix.Close(lock)
}

func take(ctx context.Context, address string) (lock int, err error) {
	bus, err := dbus.Dial(address, dbus.WithContext(ctx))
	if err != nil {
		return 0, err
	}
	defer bus.Close() //nolint:errcheck // the lock is held by its descriptor alone
	if err := bus.Auth([]dbus.Auth{dbus.AuthExternal(strconv.Itoa(os.Geteuid()))}); err != nil {
		return 0, err
	}
	if err := bus.Hello(); err != nil {
		return 0, err
	}
	// Whoever is not at the screen, as over SSH, may not delay sleep but may say that the system is in use.
	if lock, err = inhibit(ctx, bus, "sleep:idle"); err == nil {
		return lock, nil
	}
	return inhibit(ctx, bus, "idle")
}

// inhibit takes a lock. Source: org.freedesktop.login1(5), Inhibit.
func inhibit(ctx context.Context, bus *dbus.Conn, what string) (lock int, err error) {
	var fd dbus.UnixFD
	call := bus.Object("org.freedesktop.login1", "/org/freedesktop/login1").CallWithContext(ctx,
		"org.freedesktop.login1.Manager.Inhibit", 0, what, "Stepdeck", "A run is in progress", "block")
	if err := call.Store(&fd); err != nil {
		return 0, err
	}
	return int(fd), nil
}
