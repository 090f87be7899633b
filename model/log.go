package model

import "time"

// Stream is where a line of a log came from.
type Stream uint8

// The streams. StreamStepdeck holds what Stepdeck itself has to say of the run, between the script's lines.
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

// Level is how a line is meant. Source: Octopus's service messages stdout-... and stderr-....
type Level uint8

// The levels, from least to most pressing; Highlight and Wait are kinds of Info.
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

// ParseLevel is the reverse of Level.String; ok is false for another word.
func ParseLevel(word string) (level Level, ok bool) {
	for l := LevelVerbose; l <= LevelError; l++ {
		if l.String() == word {
			return l, true
		}
	}
	return 0, false
}

// LineMeta is a stored line without its bytes.
type LineMeta struct {
	Time      int64  // microseconds since 1970 UTC, when the line's first byte was read
	Len       uint32 // bytes, with the line's own end
	Stream    Stream
	Level     Level
	Continued bool // the line goes on in the next one of the same stream: it was cut because it was long or slow to end
}

// LogBatch is some lines of one step run's log, in order: Bytes is all of them end to end, masked, UTF-8, with their own
// line ends. Whoever gets a batch may keep it.
type LogBatch struct {
	Bytes []byte
	Lines []LineMeta
}

// LogLine is one line as it is read back.
type LogLine struct {
	N         int64 // from 1
	Time      time.Time
	Stream    Stream
	Level     Level
	Continued bool
	Text      string // without its line end
}
