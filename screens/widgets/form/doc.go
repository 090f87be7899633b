// Package form joins controls into a form: rows with label, help and error, sections that fold, and what is wrong where. What a field means is known to the
// screens.
package form
