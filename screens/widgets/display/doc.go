// Package display holds the small parts that only show something: badges, bars in a colour, cards, captions.
package display
