// Package table is a list of rows in columns that a person sorts, filters, opens and drags.
package table
