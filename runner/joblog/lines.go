package joblog

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

// ignored is the level of lines that a script asked to drop.
const ignored model.Level = 0

// mark says when the bytes from a position on were read, and their level.
type mark struct {
	at    int64 // position in the stream between extractor and mask writer
	time  int64 // microseconds since 1970
	level model.Level
}

// lines cuts one stream into lines. It is the sink of the mask writer.
type lines struct {
	stream model.Stream
	batch  *batch
	max    int // bytes of a line after which it is cut

	marks []mark // ascending; the first one applies to what comes next
	part  []byte // an unfinished line, or what came of it since it was cut
	since int64  // when part began
	open  bool   // a line has begun, with level
	level model.Level

	pieces   int64 // emitted so far
	nonASCII bool  // there may be bytes beyond ASCII, or NUL, which is shown as a character

	count Counts
}

// Counts are the totals of one stream.
type Counts struct {
	Bytes    int64 // as written by the process
	Lines    int64 // logged
	Ignored  int64 // lines dropped at the script's request
	NonBlank int64 // logged lines that are not blank
	Errors   int64 // logged lines that are not blank, at model.LevelError
	Bad      int64 // bytes that were not UTF-8
}

// note records that what comes from position at on was read at time and has the level.
func (l *lines) note(at, time int64, level model.Level) {
	n := len(l.marks)
	for n > 0 && l.marks[n-1].at >= at {
		n--
	}
	l.marks = append(l.marks[:n], mark{at, time, level})
}

// noteLevel records that what comes from position at on has the level.
func (l *lines) noteLevel(at int64, level model.Level) {
	k, time := len(l.marks), int64(0)
	for ; k > 0 && l.marks[k-1].at >= at; k-- {
		l.marks[k-1].level = level
	}
	if k < len(l.marks) && l.marks[k].at == at {
		return
	}
	if k > 0 {
		time = l.marks[k-1].time
	}
	l.marks = slices.Insert(l.marks, k, mark{at, time, level})
}

// skip records that n bytes at position at are missing: marks of later positions move back.
func (l *lines) skip(at, n int64) {
	kept := l.marks[:0]
	for _, m := range l.marks {
		if m.at > at {
			m.at = max(m.at-n, at)
		}
		if k := len(kept); k > 0 && kept[k-1].at == m.at {
			kept = kept[:k-1]
		}
		kept = append(kept, m)
	}
	l.marks = kept
}

func (l *lines) markAt(at int64) mark {
	k := 0
	for k+1 < len(l.marks) && l.marks[k+1].at <= at {
		k++
	}
	switch {
	case 2*k >= len(l.marks): // move them only if at most half remain, so that the cost is amortized
		l.marks = append(l.marks[:0], l.marks[k:]...)
	default:
		l.marks = l.marks[k:]
	}
	return l.marks[0]
}

func (l *lines) mask(at int64) { l.text([]byte(Mask), at) }

func (l *lines) text(b []byte, at int64) {
	for len(b) > 0 {
		if !l.open || len(l.part) == 0 {
			m := l.markAt(at)
			if !l.open {
				l.open, l.level = true, m.level
			}
			if len(l.part) == 0 {
				l.since = m.time
			}
		}
		room := l.max - len(l.part)
		n := bytes.IndexByte(b[:min(len(b), room+1)], '\n') + 1
		switch {
		case n > 0:
			l.finish(b[:n])
		case len(b) <= room:
			l.part = append(l.part, b...)
			return
		default:
			n = room
			l.part = append(l.part, b[:n]...)
			l.cut()
		}
		b, at = b[n:], at+int64(n)
	}
}

// finish ends the line with b.
func (l *lines) finish(b []byte) {
	if len(l.part) > 0 {
		l.part = append(l.part, b...)
		b = l.part
	}
	l.put(b, false)
	l.part, l.open = l.part[:0], false
}

// waiting reports whether cut would emit something.
func (l *lines) waiting() bool { return len(l.part) > unfinished(l.part) }

// cut emits an unfinished line except for an incomplete character. The line continues.
func (l *lines) cut() {
	n := len(l.part) - unfinished(l.part)
	if n == 0 {
		return
	}
	l.put(l.part[:n], true)
	l.part = append(l.part[:0], l.part[n:]...)
}

// close emits everything.
func (l *lines) close() {
	if len(l.part) > 0 {
		l.finish(nil)
	}
}

func (l *lines) put(b []byte, continued bool) {
	l.pieces++
	if l.level == ignored {
		if !continued {
			l.count.Ignored++
		}
		return
	}
	l.count.Lines++
	if l.stream == model.StreamStderr && !isBlank(b) {
		l.count.NonBlank++
		if l.level == model.LevelError {
			l.count.Errors++
		}
	}
	meta := model.LineMeta{Time: l.since, Stream: l.stream, Level: l.level, Continued: continued}
	if l.nonASCII && bytes.IndexByte(b, 0) >= 0 {
		b = bytes.ReplaceAll(b, []byte{0}, []byte("␀"))
	}
	l.count.Bad += l.batch.add(b, meta, l.nonASCII)
}

// unfinished returns how many bytes at the end of b are an incomplete character.
func unfinished(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

// batch collects the lines of all streams.
type batch struct {
	bytes []byte
	lines []model.LineMeta
	size  int // bytes at which it is full
	max   int // bytes to reserve for the line that fills it
	emit  func(model.LogBatch)
	room  int // initial capacity in bytes: a slow stream needs little
}

// add appends a line and returns how many of its bytes were not UTF-8; each became U+FFFD. nonASCII is false if the
// line is certainly ASCII.
func (b *batch) add(line []byte, meta model.LineMeta, nonASCII bool) (bad int64) {
	if b.bytes == nil {
		b.bytes = make([]byte, 0, b.room)
		b.lines = make([]model.LineMeta, 0, b.room/64)
	}
	before := len(b.bytes)
	if !nonASCII || utf8.Valid(line) {
		b.bytes = append(b.bytes, line...)
	} else {
		b.bytes, bad = appendValid(b.bytes, line)
	}
	meta.Len = uint32(len(b.bytes) - before) //nolint:gosec // lines are cut long before 4 GiB
	b.lines = append(b.lines, meta)
	if len(b.bytes) >= b.size {
		b.flush()
	}
	return bad
}

func (b *batch) flush() {
	if len(b.lines) > 0 {
		full := model.LogBatch{Bytes: b.bytes, Lines: b.lines}
		b.room = 1 << 10
		if len(b.bytes) >= b.size {
			b.room = b.size + b.max
		}
		b.bytes, b.lines = nil, nil
		b.emit(full)
	}
}

func appendValid(dst, line []byte) (_ []byte, bad int64) {
	for len(line) > 0 {
		r, n := utf8.DecodeRune(line)
		if r == utf8.RuneError && n == 1 {
			bad++
		}
		dst = utf8.AppendRune(dst, r)
		line = line[n:]
	}
	return dst, bad
}
