package desktop

import (
	"os"
	"path/filepath"
	"runtime/debug"
)

// crashFile is kept until the start after the next crash, so that it can be attached to a report.
const crashFile = "crash.txt"

// crashLog is the file that Go writes its output to when the program crashes: a window program on Windows has no console.
type crashLog struct{ file *os.File }

func openCrashLog(dir string) *crashLog {
	path := filepath.Join(dir, crashFile)
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		_ = os.Rename(path, path+".old")
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return &crashLog{}
	}
	if err := debug.SetCrashOutput(f, debug.CrashOptions{}); err != nil {
		_ = f.Close()
		return &crashLog{}
	}
	return &crashLog{f}
}

// close removes the file, as there was no crash.
func (c *crashLog) close() {
	if c.file == nil {
		return
	}
	_ = debug.SetCrashOutput(nil, debug.CrashOptions{})
	name := c.file.Name()
	_ = c.file.Close()
	_ = os.Remove(name)
}
