package script

import (
	"golang.org/x/sys/windows/registry"
)

// CurrentPath returns the PATH as it is now, for a process that has inherited one: with the folders that have been added to the
// computer's and the person's since, such as by an installation. The inherited ones keep their order.
func CurrentPath(inherited string) string {
	computer := registryPath(registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Control\Session Manager\Environment`)
	return MergePaths(MergePaths(inherited, computer), registryPath(registry.CURRENT_USER, `Environment`))
}

// NeedsLoginPath reports whether the inherited PATH is not the person's own, which is never so on this system.
func NeedsLoginPath(string) bool { return false }

// registryPath returns the PATH in a key, with the variables in it expanded, or nothing if it can't be read.
func registryPath(root registry.Key, key string) string {
	k, err := registry.OpenKey(root, key, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer func() { _ = k.Close() }()
	path, kind, err := k.GetStringValue("Path")
	if err != nil {
		return ""
	}
	if kind == registry.EXPAND_SZ {
		if expanded, err := registry.ExpandString(path); err == nil {
			return expanded
		}
	}
	return path
}
