package logview

import (
	"context"
	"time"

	"github.com/stepdeck/stepdeck/screens/widgets/find"
)

// Line is one line of a log.
type Line struct {
	N         int // number in the gutter, counted from 1; a filter leaves gaps
	Time      time.Time
	Stream    Stream
	Level     Level
	Text      string // UTF-8, may contain colour codes; every line starts plain
	Continued bool   // the next line continues this one, which was too long
}

// Stream is the origin of a line.
type Stream uint8

// Note is the program's own text between the lines of the script.
const (
	Stdout Stream = iota + 1
	Stderr
	Note
)

// Level is the severity of a line.
type Level uint8

const (
	Verbose Level = iota + 1
	Info
	Highlight
	Wait
	Warning
	Error
)

// Source provides a view with lines, a page at a time, so that memory does not grow with the log. Lines do not change, except for the
// last one, which may grow. A source that filters counts only the lines it lets through.
type Source interface {
	// Len returns the number of lines so far. It is called on the main goroutine and must not block.
	Len() int
	// Page returns up to count lines starting at index from. It is called on another goroutine.
	Page(ctx context.Context, from, count int) ([]Line, error)
}

// Finder is a Source with a search that is faster than reading every page.
type Finder interface {
	// Find calls found with batches of matches, in order, starting at line index from, until the end or until ctx is done. Matches are
	// byte ranges of the text without colour codes (ansi.Strip). It is called on another goroutine.
	Find(ctx context.Context, q find.Query, from int, found func([]Match)) error
}

// Match is a match of a search: the bytes From up to To of a line, counted from 0.
type Match struct{ Row, From, To int }
