// Package joblog makes a log of what a process writes: its bytes are decoded, service messages are taken out of them, secrets
// are masked, and the rest is cut into lines with a time and a level. Nobody sees a byte before it has been masked.
package joblog

import (
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Options is what a Log needs; Emit is the only thing that it cannot do without.
type Options struct {
	// Masker holds the run's secrets; nil: a masker that knows none yet.
	Masker *Masker
	// Emit takes the lines, in order, one call at a time. It must not call the Log.
	Emit func(model.LogBatch)
	// OnMessage takes the service messages setVariable, mask, progress and resultMessage, those of one stream in order. It is called from within
	// Write, outside of all locks, when their secrets are masked already.
	OnMessage func(model.Stream, Message)
	// Now is the clock for Say and for flushing; nil: the system's.
	Now func() time.Time
	// FlushEvery is how long lines may wait for others. A line without an end waits up to twice as long. 0: 100 ms.
	FlushEvery time.Duration
	// ChunkBytes is how large a batch grows before it is emitted at once. 0: 64 KiB.
	ChunkBytes int
	// MaxLine is the number of bytes after which a line is cut softly. 0: 16 KiB.
	MaxLine int
	// StderrLevel is the level of standard error where the script does not say otherwise. 0: model.LevelError.
	StderrLevel model.Level
}

// Log is the log of one step run while it grows.
type Log struct {
	opts  Options
	mu    sync.Mutex // all below
	batch batch
	out   *stream
	err   *stream
	own   Counts
	masks int64 // in Stepdeck's own lines
	asked budget
	timer *time.Timer
	armed bool
	over  bool
}

// Summary is what a log held.
type Summary struct {
	Lines    int64 // emitted, Stepdeck's own among them
	Masked   int64 // places where a secret was hidden
	Withheld bool  // the script asked to hide more than can be hidden: what it printed from there on is missing
	Stdout   Counts
	Stderr   Counts
	Stepdeck Counts
}

const (
	defaultFlush = 100 * time.Millisecond
	defaultChunk = 64 << 10
	defaultLine  = 16 << 10
)

// New begins a log.
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

// Write takes bytes that a process wrote to a stream and that were read at the given time. Each stream is written from one goroutine.
// p is not kept.
func (l *Log) Write(name model.Stream, p []byte, at time.Time) {
	l.mu.Lock()
	s := l.stream(name)
	s.write(p, at)
	inbox := s.inbox
	s.inbox = nil
	l.arm()
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

// Say adds lines of Stepdeck's own. They are masked like all others; after Close they are emitted at once.
func (l *Log) Say(level model.Level, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	masked, places := l.opts.Masker.sentence(text)
	l.add(level, masked, places)
	if l.over {
		l.batch.flush()
		return
	}
	l.arm()
}

// say adds lines on a script's behalf, of which there may be many.
func (l *Log) say(level model.Level, text string) {
	masked, places := l.opts.Masker.mask(text)
	l.add(level, masked, places)
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

// Flush emits the lines that are there, also those without an end.
func (l *Log) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.out.flush(0)
	l.err.flush(0)
	l.batch.flush()
}

// arm sees to it that what is waiting gets emitted in time.
func (l *Log) arm() {
	if l.armed || l.over || !l.waiting() {
		return
	}
	l.armed = true
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
	if l.over {
		return
	}
	l.armed = false
	l.out.flush(l.opts.FlushEvery)
	l.err.flush(l.opts.FlushEvery)
	l.batch.flush()
	l.arm()
}

// Summary tells what the log held so far.
func (l *Log) Summary() Summary {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := Summary{Stdout: l.out.lines.count, Stderr: l.err.lines.count, Stepdeck: l.own}
	s.Lines = s.Stdout.Lines + s.Stderr.Lines + s.Stepdeck.Lines
	s.Withheld = l.asked.over
	s.Masked = l.out.veil.masks + l.out.masks + l.err.veil.masks + l.err.masks + l.masks
	return s
}

// Close emits everything that was held back. No Write may follow.
func (l *Log) Close() Summary {
	l.mu.Lock()
	if !l.over {
		l.over = true
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
