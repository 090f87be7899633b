package process

import "github.com/stepdeck/stepdeck/runner/process/supervisor"

// EndStrays kills the processes of this user whose environment has a variable that begins with prefix ("NAME=value"), and returns how
// many ended and which didn't. Only Linux needs it and tells them.
func EndStrays(prefix string) (ended int, survivors []Process) { return supervisor.KillStrays(prefix) }
