// Package control has the widgets that a person fills in or presses: buttons, entries for text and secrets, choices, and lists to pick
// from. They pass Enter and Escape to the form they are part of.
package control
