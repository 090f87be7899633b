// Package async runs work of a screen in the background: the answer comes back to the window's own goroutine, and a later request makes an earlier one void.
package async
