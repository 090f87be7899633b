// Package dialog shows questions, errors and small forms in front of the window, and dialogs to choose files.
package dialog
