// Package dialog asks and tells in front of the window: a question, an error, a small form, and the system's own dialogs for files.
package dialog
