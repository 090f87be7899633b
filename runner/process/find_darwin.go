package process

import "os"

func hold(string) *os.File { return nil }

func (s Supervisor) startable(path string, _ int) (string, []*os.File) { return path, nil }
