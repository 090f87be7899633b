package model

import "time"

// Stream is the source of a log line.
type Stream uint8

// The streams. StreamStepdeck holds Stepdeck's own messages about the run, between the script's lines.
const (
	StreamStdout Stream = iota + 1
	StreamStderr
	StreamStepdeck
)

func (s Stream) String() string {
	switch s {
	case StreamStdout:
		return "stdout"
	case StreamStderr:
		return "stderr"
	case StreamStepdeck:
		return "stepdeck"
	}
	return "unknown"
}

// Level is the severity of a line. Source: Octopus's service messages stdout-... and stderr-....
type Level uint8

// The levels, from least to most severe; Highlight and Wait are kinds of Info.
const (
	LevelVerbose Level = iota + 1
	LevelInfo
	LevelHighlight
	LevelWait
	LevelWarning
	LevelError
)

func (l Level) String() string {
	switch l {
	case LevelVerbose:
		return "verbose"
	case LevelInfo:
		return "info"
	case LevelHighlight:
		return "highlight"
	case LevelWait:
		return "wait"
	case LevelWarning:
		return "warning"
	case LevelError:
		return "error"
	}
	return "unknown"
}

// ParseLevel is the inverse of [Level.String]; ok is false for any other word.
func ParseLevel(word string) (level Level, ok bool) {
	for l := LevelVerbose; l <= LevelError; l++ {
		if l.String() == word {
			return l, true
		}
	}
	return 0, false
}

// LineMeta describes a stored line without its bytes.
type LineMeta struct {
	Time      int64  // microseconds since 1970 UTC, when the line's first byte was read
	Len       uint32 // bytes, including the line ending
	Stream    Stream
	Level     Level
	Continued bool // the next line of the same stream continues this one, which was cut because it was long or slow to end
}

// LogBatch is some consecutive lines of one step run's log: Bytes is all of them end to end, masked, UTF-8, with their
// line endings. The receiver may keep it.
type LogBatch struct {
	Bytes []byte
	Lines []LineMeta
}

// LogLine is one line as read back.
type LogLine struct {
	N         int64 // from 1
	Time      time.Time
	Stream    Stream
	Level     Level
	Continued bool
	Text      string // without its line ending
}
