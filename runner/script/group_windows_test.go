package script_test

import "os/exec"

func ownGroup(*exec.Cmd) {}
