package desktop

import (
	"os"
	"path/filepath"
	"runtime/debug"
)

// crashFile holds what Go says of a crash. It is kept until the next crash, for whoever is asked to look into it.
const crashFile = "crash.txt"

// crashes keeps the output of a crash in a file: a window program on Windows has no other place for it.
type crashes struct{ file *os.File }

func keepCrashes(dir string) *crashes {
	path := filepath.Join(dir, crashFile)
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		_ = os.Rename(path, path+".old")
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return &crashes{}
	}
	if err := debug.SetCrashOutput(f, debug.CrashOptions{}); err != nil {
		_ = f.Close()
		return &crashes{}
	}
	return &crashes{f}
}

// close ends it without a crash.
func (c *crashes) close() {
	if c.file == nil {
		return
	}
	_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
	name := c.file.Name()
	_ = c.file.Close()
	_ = os.Remove(name)
}
