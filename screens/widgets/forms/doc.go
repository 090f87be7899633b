// Package forms holds the parts that forms and lists are made of: rows with label, help and error, entries for text and secrets, choices,
// lists to pick from, tables, badges, folding sections, dialogs that know Enter and Escape, an undo bar, and the empty, loading and error
// states. The parts show and tell; what a field means is known to the screens.
package forms
