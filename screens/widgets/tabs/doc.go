// Package tabs is a row of tabs over the pages that they lead to, by mouse and by keyboard.
package tabs
