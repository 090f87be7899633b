package desktop

import (
	"runtime"

	"github.com/go-gl/glfw/v3.3/glfw"

	"github.com/stepdeck/stepdeck/model"
)

// checkGraphics finds out, before the toolkit does by crashing, whether this computer can show the window at all.
func checkGraphics() error {
	runtime.LockOSThread() // the toolkit needs the main thread too, and keeps it
	err := glfw.Init()
	if err == nil {
		glfw.WindowHint(glfw.Visible, glfw.False)
		glfw.WindowHint(glfw.ContextVersionMajor, 2)
		glfw.WindowHint(glfw.ContextVersionMinor, 1)
		var w *glfw.Window
		if w, err = glfw.CreateWindow(16, 16, "Stepdeck", nil, nil); err == nil {
			w.Destroy()
			return nil
		}
	}
	return model.NewError("window.graphics", "%s", graphicsHelp()).Because(err)
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
