package logview

import (
	"context"
	"time"

	"github.com/stepdeck/stepdeck/screens/widgets/find"
)

// Line is one line of a log.
type Line struct {
	N         int // as the gutter shows it, from 1; with a filter in force the numbers have gaps
	Time      time.Time
	Stream    Stream
	Level     Level
	Text      string // UTF-8, may hold colour codes; every line starts plain
	Continued bool   // the next line goes on with this one, which was cut for its length
}

// Stream is where a line came from.
type Stream uint8

// The streams. Note is what the program itself says between the script's lines.
const (
	Stdout Stream = iota + 1
	Stderr
	Note
)

// Level is how a line is meant.
type Level uint8

// The levels.
const (
	Verbose Level = iota + 1
	Info
	Highlight
	Wait
	Warning
	Error
)

// Source is where a view takes its lines from, a page at a time, so that memory does not grow with the log. Lines that are there do not
// change but for the last one, which may still grow. A source that filters counts what passes.
type Source interface {
	// Len is how many lines are known so far. It is asked for on the main goroutine and must answer at once.
	Len() int
	// Page gives up to count lines from line from on, counted from 0. It runs on another goroutine.
	Page(ctx context.Context, from, count int) ([]Line, error)
}

// Finder is a Source that searches faster than by reading every page.
type Finder interface {
	// Find hands matches from line from on to found, in order, in batches of its own choice, until the end or until ctx is done.
	// Places are bytes of the text without its colour codes (ansi.Strip). It runs on another goroutine.
	Find(ctx context.Context, q find.Query, from int, found func([]Match)) error
}

// Match is a place that a search found: bytes From up to To of a line, counted from 0.
type Match struct{ Row, From, To int }
