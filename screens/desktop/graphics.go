package desktop

import (
	"fmt"
	"runtime"

	"github.com/go-gl/glfw/v3.3/glfw"

	"github.com/stepdeck/stepdeck/model"
)

// checkGraphics returns an error if this computer can't show the window. Fyne would panic later.
func checkGraphics() error {
	if err := tryWindow(); err != nil {
		return model.NewError("window.graphics", "%s", graphicsHelp()).Because(err)
	}
	return nil
}

// tryWindow opens an invisible window with the settings that Fyne uses.
func tryWindow() (err error) {
	runtime.LockOSThread() // Fyne needs the main thread too, and keeps it locked
	defer func() {
		if cause := recover(); cause != nil { // GLFW's binding panics if there is no display
			err = fmt.Errorf("%v", cause)
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
		return "Stepdeck can't open its window: OpenGL 2.1 is not available. This happens in some remote desktop sessions and on machines " +
			"without a graphics driver. Install the graphics card's driver, or put Mesa's opengl32.dll beside Stepdeck.exe. " + command
	case "darwin":
		return "Stepdeck can't open its window: OpenGL 2.1 is not available. " + command
	}
	return "Stepdeck can't open its window: there is no display, or it has no OpenGL 2.1. Set DISPLAY to a display that has it, or " +
		"install Mesa's software driver (on Debian: libgl1-mesa-dri). " + command
}
