package app

import "github.com/stepdeck/stepdeck/runner/process/supervisor"

// Harden protects this process's memory from other programs of the same user, as far as the system lets a process do that: see
// [supervisor.Harden]. Both faces call it before they read anything secret.
func Harden() error { return supervisor.Harden() }
