// Package async runs a screen's work in the background: the result comes back on the main goroutine, and a later request cancels an
// earlier one.
package async
