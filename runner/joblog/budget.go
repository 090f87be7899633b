package joblog

import "github.com/stepdeck/stepdeck/model"

// How much a script may ask to hide. Every value costs time and memory in all its forms, and a script may ask any
// number of times.
const (
	maxAsked      = 10_000
	maxAskedBytes = 16 << 20
)

// WithheldSentence says what happens to a log when a script asks to hide more than that.
const WithheldSentence = "The script asked to hide more than 10,000 values, or more than 16 MiB of them. " +
	"What it printed after that is left out of the log, since it may contain values that can't be hidden."

// budget counts what the script has asked to hide so far.
type budget struct {
	values   int
	bytes    int
	exceeded bool // nothing more that the script prints may be shown
}

// afford reports whether one more value can be hidden, and counts it.
func (l *Log) afford(value string) bool {
	b := &l.budget
	b.values += 1 + len(Parts(value))
	b.bytes += len(value)
	if b.values > maxAsked || b.bytes > maxAskedBytes {
		b.exceeded = true
		l.say(model.LevelError, WithheldSentence)
	}
	return !b.exceeded
}
