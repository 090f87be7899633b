// Package table is a list of rows in columns that can be sorted, filtered, opened and dragged.
package table
