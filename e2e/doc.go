// Package e2e drives the real programs with mouse and keyboard. Its tests are built with the tag e2e (`make e2e`). Each test has its own
// display, window manager, home and data folder.
//
// The window is built with the same tag and started with STEPDECK_E2E=1. It prints READY when it is shown, and for each line "look" on its
// standard input it prints a line of JSON with what it shows, so that a test knows where to click. Everything else happens as for a person:
// xdotool moves the mouse and types, xclip sets the clipboard, xdrop drops files.
//
// STEPDECK_E2E_BIN is the folder of the programs. STEPDECK_E2E_LAUNCH is another command to start the window, such as "wine Stepdeck.exe",
// and STEPDECK_E2E_DISPLAY an existing display.
package e2e
