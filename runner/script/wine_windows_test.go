package script_test

import "golang.org/x/sys/windows"

// underWine tells Wine from Windows, by a call that only Wine has.
func underWine() bool {
	return windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
}
