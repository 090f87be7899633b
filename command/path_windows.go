package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"github.com/spf13/cobra"
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"github.com/stepdeck/stepdeck/model"
)

// Registry keys of the PATH of the user and of all users.
const (
	userEnvironment    = `Environment`
	machineEnvironment = `SYSTEM\CurrentControlSet\Control\Session Manager\Environment`
)

// pathValue is one PATH in the registry.
type pathValue struct {
	root registry.Key
	key  string
}

// systemCommands returns the commands that only this system has.
func (c *cli) systemCommands() []*cobra.Command { return []*cobra.Command{c.pathCommand()} }

// pathCommand is called by the setup programs, whose own strings are too short for a long PATH and would cut it.
func (c *cli) pathCommand() *cobra.Command {
	machine := false
	value := func() pathValue {
		if machine {
			return pathValue{registry.LOCAL_MACHINE, machineEnvironment}
		}
		return pathValue{registry.CURRENT_USER, userEnvironment}
	}
	add := &cobra.Command{
		Use: "add", Short: "Add the folder of this command to the PATH", Args: exactly(0, "no argument"),
		RunE: func(*cobra.Command, []string) error { return c.changePath(value(), true) },
	}
	remove := &cobra.Command{
		Use: "remove", Short: "Remove the folder of this command from the PATH", Args: exactly(0, "no argument"),
		RunE: func(*cobra.Command, []string) error { return c.changePath(value(), false) },
	}
	cmd := group("path", "Add this command to the PATH, or remove it", "  stepdeck path add\n  stepdeck path remove", add, remove)
	cmd.PersistentFlags().BoolVar(&machine, "machine", false, "for all users of this computer; requires administrator rights")
	return cmd
}

func (c *cli) changePath(value pathValue, add bool) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program's own file: %w", err)
	}
	folder := filepath.Dir(self)
	changed, err := value.change(folder, add)
	if err != nil {
		return err
	}
	switch {
	case !changed && add:
		fmt.Fprintf(c.Out, "%s is on the PATH already.\n", folder)
	case !changed:
		fmt.Fprintf(c.Out, "%s is not on the PATH.\n", folder)
	case add:
		fmt.Fprintf(c.Out, "%s is on the PATH now. New terminals will find stepdeck.\n", folder)
	default:
		fmt.Fprintf(c.Out, "%s is no longer on the PATH.\n", folder)
	}
	return nil
}

// change adds or removes a folder and notifies running programs; it reports whether anything changed. It keeps the
// value's type: most contain variables such as %USERPROFILE%.
func (v pathValue) change(folder string, add bool) (bool, error) {
	key, _, err := registry.CreateKey(v.root, v.key, registry.QUERY_VALUE|registry.SET_VALUE)
	if err != nil {
		return false, writeError(err)
	}
	defer key.Close() //nolint:errcheck // a handle
	list, kind, err := key.GetStringValue("Path")
	switch {
	case errors.Is(err, registry.ErrNotExist):
		kind, err = registry.EXPAND_SZ, nil
	case err != nil:
		return false, model.NewError("path.read", "The PATH in the registry can't be read, so it was left unchanged.").Because(err)
	}
	next, changed := list, false
	if add {
		next, changed, err = withFolder(list, folder, expand)
	} else {
		next, changed = withoutFolder(list, folder, expand)
	}
	if err != nil || !changed {
		return false, err
	}
	switch {
	case next == "":
		err = key.DeleteValue("Path")
	case kind == registry.SZ:
		err = key.SetStringValue("Path", next)
	default:
		err = key.SetExpandStringValue("Path", next)
	}
	if err != nil {
		return false, writeError(err)
	}
	notifyPrograms()
	return true, nil
}

func writeError(err error) error {
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return model.NewError("path.rights",
			"Only an administrator can change the PATH of all users. Omit --machine, or run the terminal as administrator.").Because(err)
	}
	return model.NewError("path.write", "The PATH in the registry can't be changed.").Because(err)
}

// expand replaces each %NAME% with its value, as Windows does with the PATH.
func expand(entry string) string {
	if !strings.Contains(entry, "%") {
		return entry
	}
	if text, err := registry.ExpandString(entry); err == nil {
		return text
	}
	return entry
}

// notifyPrograms makes the desktop read its environment again, so that new terminals have the new PATH. It doesn't wait
// for programs that hang.
// Source: WM_SETTINGCHANGE, Win32 documentation.
func notifyPrograms() {
	const (
		broadcast     = 0xffff // HWND_BROADCAST
		settingChange = 0x1a   // WM_SETTINGCHANGE
		abortIfHung   = 0x2    // SMTO_ABORTIFHUNG
		milliseconds  = 2000
	)
	section, err := windows.UTF16PtrFromString("Environment")
	if err != nil {
		return
	}
	send := windows.NewLazySystemDLL("user32.dll").NewProc("SendMessageTimeoutW")
	//nolint:gosec // a string for Windows
	_, _, _ = send.Call(broadcast, settingChange, 0, uintptr(unsafe.Pointer(section)), abortIfHung, milliseconds, 0)
}
