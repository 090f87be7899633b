package script_test

import "golang.org/x/sys/windows"

// underWine distinguishes Wine from Windows by a function that only Wine has.
func underWine() bool {
	return windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
}
