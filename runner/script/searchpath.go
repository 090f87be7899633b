package script

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// MergePaths returns the folders of a PATH, and behind them those of more that it does not have.
func MergePaths(first, more string) string {
	list := filepath.SplitList(first)
	for _, folder := range filepath.SplitList(more) {
		if folder != "" && !slices.ContainsFunc(list, func(has string) bool { return samePath(has, folder) }) {
			list = append(list, folder)
		}
	}
	return strings.Join(list, string(os.PathListSeparator))
}
