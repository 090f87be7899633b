// Package tabs is a row of tabs above their pages, for mouse and keyboard.
package tabs
