// Package e2e drives the real programs with mouse and keys. Its tests are built with the tag e2e (`make e2e`); each
// chapter has a display, a window manager, a home and a data folder of its own.
//
// The window is built with the same tag and started with STEPDECK_E2E=1: then it prints READY when it is there, and what
// it shows as one line of JSON for each line "look" on its standard input. That is how a test knows where to click.
// Everything else goes the way of a person: xdotool moves the mouse and types, xclip holds the clipboard, xdrop drops files.
//
// STEPDECK_E2E_LAUNCH names another way to start the window, such as "wine Stepdeck.exe"; STEPDECK_E2E_DISPLAY a display
// that is there already. Both programs are looked for in the folder that STEPDECK_E2E_BIN names.
package e2e
