// Package joblog turns what a process writes into a log: it decodes the bytes, takes service messages out, masks
// secrets, and cuts the rest into lines with a time and a level. Nothing leaves the package unmasked.
package joblog

import (
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Options configures a Log; only Emit is required.
type Options struct {
	// Masker holds the run's secrets; nil for one without secrets.
	Masker *Masker
	// Emit receives the lines, in order, one call at a time. It must not call the Log.
	Emit func(model.LogBatch)
	// OnMessage receives the service messages setVariable, createArtifact, mask, progress and resultMessage, those of one
	// stream in order.
	// It is called from within Write, outside of all locks; by then the secrets in the message are known to the Masker.
	OnMessage func(model.Stream, Message)
	// Now is the clock for Say and for flushing; nil for time.Now.
	Now func() time.Time
	// FlushEvery is how long lines may wait to be emitted together. An unfinished line waits up to twice as long. 0 for
	// 100 ms.
	FlushEvery time.Duration
	// ChunkBytes is the size at which a batch is emitted at once. 0 for 64 KiB.
	ChunkBytes int
	// MaxLine is the number of bytes after which a line is cut; its next piece continues it. 0 for 16 KiB.
	MaxLine int
	// StderrLevel is the level of standard error unless the script sets another. 0 for model.LevelError.
	StderrLevel model.Level
}

// Log is the log of one running step.
type Log struct {
	opts           Options
	mu             sync.Mutex // guards all fields below
	batch          batch
	out            *stream
	err            *stream
	own            Counts
	masks          int64 // number of masks in Stepdeck's own lines
	budget         budget
	timer          *time.Timer
	flushScheduled bool
	closed         bool
	said           map[string]bool // names of messages that sayOnce has named
}

// Summary are the totals of a log.
type Summary struct {
	Lines    int64 // emitted, including Stepdeck's own
	Masked   int64 // number of masks
	Withheld bool  // the script asked to hide too much: what it printed after that is missing
	Stdout   Counts
	Stderr   Counts
	Stepdeck Counts
}

const (
	defaultFlush = 100 * time.Millisecond
	defaultChunk = 64 << 10
	defaultLine  = 16 << 10
)

// New returns an empty log.
func New(opts Options) *Log {
	if opts.Masker == nil {
		opts.Masker = NewMasker()
	}
	if opts.OnMessage == nil {
		opts.OnMessage = func(model.Stream, Message) {}
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	opts.FlushEvery = orDefault(opts.FlushEvery, defaultFlush)
	opts.ChunkBytes = orDefault(opts.ChunkBytes, defaultChunk)
	opts.MaxLine = orDefault(opts.MaxLine, defaultLine)
	opts.StderrLevel = orDefault(opts.StderrLevel, model.LevelError)
	l := &Log{opts: opts, batch: batch{size: opts.ChunkBytes, max: opts.MaxLine, emit: opts.Emit}}
	l.out = newStream(l, model.StreamStdout, model.LevelInfo)
	l.err = newStream(l, model.StreamStderr, opts.StderrLevel)
	return l
}

func orDefault[T ~int | ~int64 | ~uint8](value, fallback T) T {
	if value <= 0 {
		return fallback
	}
	return value
}

// Write adds bytes that a process wrote to a stream and that were read at the given time. Each stream has one writing
// goroutine. p is not retained.
func (l *Log) Write(name model.Stream, p []byte, at time.Time) {
	l.mu.Lock()
	s := l.stream(name)
	s.write(p, at)
	inbox := s.inbox
	s.inbox = nil
	l.scheduleFlush()
	l.mu.Unlock()
	for _, m := range inbox {
		l.opts.OnMessage(name, m)
	}
}

func (l *Log) stream(name model.Stream) *stream {
	if name == model.StreamStderr {
		return l.err
	}
	return l.out
}

// Say adds Stepdeck's own lines. They are masked too; after Close they are emitted at once.
func (l *Log) Say(level model.Level, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	masked, places := l.opts.Masker.sentence(text)
	l.add(level, masked, places)
	if l.closed {
		l.batch.flush()
		return
	}
	l.scheduleFlush()
}

// say adds lines about a script's messages, of which there may be many.
func (l *Log) say(level model.Level, text string) {
	masked, places := l.opts.Masker.mask(text)
	l.add(level, masked, places)
}

// maxSaid is how many kinds of messages sayOnce names.
const maxSaid = 100

// sayOnce says that a message is not carried out, once for each name: a script may send any number.
func (l *Log) sayOnce(m Message) {
	name := strings.ToLower(m.Name[:min(len(m.Name), maxNamed)])
	if l.said[name] || len(l.said) >= maxSaid {
		return
	}
	if l.said == nil {
		l.said = map[string]bool{}
	}
	l.said[name] = true
	l.say(model.LevelWarning, m.notCarriedOut())
}

func (l *Log) add(level model.Level, masked string, places int64) {
	l.masks += places
	now := l.opts.Now().UnixMicro()
	for line := range strings.Lines(strings.TrimRight(masked, "\n") + "\n") {
		l.own.Lines++
		l.own.Bytes += int64(len(line))
		l.own.Bad += l.batch.add([]byte(line), model.LineMeta{Time: now, Stream: model.StreamStepdeck, Level: level}, true)
	}
}

// Flush emits all lines so far, including unfinished ones.
func (l *Log) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.out.flush(0)
	l.err.flush(0)
	l.batch.flush()
}

// scheduleFlush starts the timer for the next flush if anything is waiting.
func (l *Log) scheduleFlush() {
	if l.flushScheduled || l.closed || !l.waiting() {
		return
	}
	l.flushScheduled = true
	if l.timer == nil {
		l.timer = time.AfterFunc(l.opts.FlushEvery, l.tick)
	} else {
		l.timer.Reset(l.opts.FlushEvery)
	}
}

func (l *Log) waiting() bool {
	return len(l.batch.lines) > 0 || l.out.waiting() || l.err.waiting()
}

func (l *Log) tick() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.flushScheduled = false
	l.out.flush(l.opts.FlushEvery)
	l.err.flush(l.opts.FlushEvery)
	l.batch.flush()
	l.scheduleFlush()
}

// Summary returns the totals so far.
func (l *Log) Summary() Summary {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := Summary{Stdout: l.out.lines.count, Stderr: l.err.lines.count, Stepdeck: l.own}
	s.Lines = s.Stdout.Lines + s.Stderr.Lines + s.Stepdeck.Lines
	s.Withheld = l.budget.exceeded
	s.Masked = l.out.masker.masks + l.out.masks + l.err.masker.masks + l.err.masks + l.masks
	return s
}

// Close emits everything that was held back. Write must not be called afterwards.
func (l *Log) Close() Summary {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		if l.timer != nil {
			l.timer.Stop()
		}
		l.out.close()
		l.err.close()
		l.batch.flush()
	}
	l.mu.Unlock()
	return l.Summary()
}
