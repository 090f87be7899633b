package desktop

import (
	"fmt"
	"runtime"

	"github.com/go-gl/glfw/v3.3/glfw"

	"github.com/stepdeck/stepdeck/model"
)

// checkGraphics finds out, before the toolkit does by crashing, whether this computer can show the window at all.
func checkGraphics() error {
	if err := tryWindow(); err != nil {
		return model.NewError("window.graphics", "%s", graphicsHelp()).Because(err)
	}
	return nil
}

// tryWindow makes a window that nobody sees, as the toolkit will make its own.
func tryWindow() (err error) {
	runtime.LockOSThread() // the toolkit needs the main thread too, and keeps it
	defer func() {
		if broken := recover(); broken != nil { // the binding panics where the system has no display
			err = fmt.Errorf("%v", broken)
		}
	}()
	if err := glfw.Init(); err != nil {
		return err
	}
	glfw.WindowHint(glfw.Visible, glfw.False)
	glfw.WindowHint(glfw.ContextVersionMajor, 2)
	glfw.WindowHint(glfw.ContextVersionMinor, 1)
	w, err := glfw.CreateWindow(16, 16, "Stepdeck", nil, nil)
	if err != nil {
		return err
	}
	w.Destroy()
	glfw.DefaultWindowHints()
	return nil
}

func graphicsHelp() string {
	const command = "Everything also works without a window: see stepdeck --help"
	switch runtime.GOOS {
	case "windows":
		return "Stepdeck can't open its window: Windows offers no OpenGL 2.1 here. That is so over some remote desktops and on machines without a graphics driver. " +
			"Install the graphics card's driver, or put Mesa's opengl32.dll beside Stepdeck.exe. " + command
	case "darwin":
		return "Stepdeck can't open its window: macOS offers no OpenGL 2.1 here. " + command
	}
	return "Stepdeck can't open its window: there is no display here, or it offers no OpenGL 2.1. Set DISPLAY to one that does, or install Mesa's software driver (on Debian: libgl1-mesa-dri). " + command
}
