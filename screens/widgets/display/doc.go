// Package display has small widgets that only show something: badges, coloured bars, cards, captions.
package display
