// Package control holds what a person fills in or presses: buttons, entries for text and secrets, choices, and lists to pick from. Each knows the Enter
// and Escape of the form that it is part of.
package control
