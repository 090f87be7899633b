// Package form joins controls into a form: rows with label, help and error, collapsible sections, and validation. What a field means
// is up to the screens.
package form
