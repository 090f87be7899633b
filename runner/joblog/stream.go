package joblog

import (
	"fmt"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// stream is the way of one stream's bytes: decoder, extractor, printed, veil, lines. All of it runs under the Log's lock.
type stream struct {
	log     *Log
	usual   model.Level
	level   model.Level // of lines that begin now
	decoder decoder
	extract extractor
	printed printed
	veil    *veil
	lines   lines
	passed  int64 // bytes that went into printed, which lets all of them go on to the veil
	masks   int64 // of maskBytes
	inbox   []Message
	began   time.Time // when what waits without a line end came, by the Log's clock; zero: nothing waits
	pieces  int64     // lines.pieces at that time
}

func newStream(l *Log, name model.Stream, usual model.Level) *stream {
	s := &stream{log: l, usual: usual, level: usual, veil: newVeil(l.opts.Masker)}
	s.lines = lines{stream: name, batch: &l.batch, max: l.opts.MaxLine}
	s.decoder = decoder{
		masker: l.opts.Masker, text: s.extract.write, mask: s.maskBytes,
		bad: func(n int) { s.lines.count.Bad += int64(n) },
		odd: func() { s.lines.odd = true },
	}
	s.extract = extractor{text: s.pass, message: s.handle, dropped: func(n int) { s.lines.closeUp(s.passed, int64(n)) }}
	s.printed = printed{found: s.add, next: s.mask}
	return s
}

func (s *stream) write(p []byte, at time.Time) {
	s.lines.count.Bytes += int64(len(p))
	held := s.decoder.held() + len(s.extract.held) + len(s.extract.blank)
	s.lines.note(s.passed+int64(held), at.UnixMicro(), s.level)
	s.decoder.write(p)
	s.clock()
}

// maskBytes stands for bytes that were a secret before they were decoded.
func (s *stream) maskBytes(begun bool) {
	if begun {
		s.printed.letGo()
	}
	if begun && s.veil.hideHeld() {
		return
	}
	s.masks++
	s.extract.write([]byte(Mask))
}

func (s *stream) pass(b []byte) {
	if s.log.asked.over {
		s.lines.closeUp(s.passed, int64(len(b)))
		return
	}
	s.passed += int64(len(b))
	s.printed.write(b)
}

// mask takes what went through printed. When the key that it found there was one too many to hide, it is left out.
func (s *stream) mask(b []byte) {
	if s.log.asked.over {
		s.lines.closeUp(s.veil.base+int64(len(s.veil.buf)), int64(len(b)))
		s.passed -= int64(len(b))
		return
	}
	s.veil.write(b, &s.lines)
}

// add makes a secret of what was recognised.
func (s *stream) add(secret string) {
	if s.log.asked.over || !s.log.opts.Masker.knows(secret) && !s.log.afford(secret) {
		return
	}
	s.log.opts.Masker.Add(secret)
}

// clock keeps since when something is waiting without a line end.
func (s *stream) clock() {
	if !s.waiting() {
		s.began = time.Time{}
	} else if s.began.IsZero() || s.pieces != s.lines.pieces {
		s.began, s.pieces = s.log.opts.Now(), s.lines.pieces
	}
}

func (s *stream) waiting() bool {
	return s.lines.waiting() || s.printed.waiting() || s.veil.lingers() || s.decoder.waiting()
}

// flush lets go of a line without an end if it waits for at least the given time.
func (s *stream) flush(age time.Duration) {
	if !s.waiting() || s.log.opts.Now().Sub(s.began) < age {
		return
	}
	s.decoder.settle()
	s.printed.flush()
	s.veil.relent(&s.lines)
	s.lines.cut()
	s.began = time.Time{}
	s.clock()
}

func (s *stream) close() {
	s.decoder.close()
	s.extract.close()
	s.printed.close()
	s.veil.close(&s.lines)
	s.lines.close()
}

// handle carries out a service message, or hands it on.
func (s *stream) handle(m Message) {
	if s.setLevel(m) {
		return
	}
	switch {
	case m.is(MaskValue):
		value, _ := m.Value("value")
		s.protect(value, "A value that the script asked to hide")
	case m.is(SetVariable):
		value, _ := m.Value("value")
		marked, _ := m.Value("sensitive")
		name, _ := m.Value("name")
		keys := s.recognise(value, name+"="+value)
		m.Sensitive = strings.EqualFold(marked, "true") || s.log.asked.over || keys || s.log.opts.Masker.Holds(value)
		if m.Sensitive {
			s.protect(value, fmt.Sprintf("The value of the sensitive output variable %s", name))
		}
	case m.is(Progress), m.is(ResultMessage):
		if s.log.asked.over {
			return
		}
		text, _ := m.Value("message")
		s.recognise(text)
	default:
		s.log.say(model.LevelWarning, fmt.Sprintf("The script sent the service message %s, which this version does not carry out.", m.Name))
		return
	}
	s.inbox = append(s.inbox, m)
}

// recognise makes secrets of the keys in texts that do not come through the stream.
func (s *stream) recognise(texts ...string) (some bool) {
	for _, text := range texts {
		for _, secret := range recognised(text) {
			s.add(secret)
			some = true
		}
	}
	return some
}

// protect makes value a secret and says where that has its limits.
func (s *stream) protect(value, what string) {
	if s.log.asked.over || !s.log.opts.Masker.knows(value) && !s.log.afford(value) {
		return
	}
	switch s.log.opts.Masker.Add(value) {
	case Unprotected:
		if value != "" {
			s.log.say(model.LevelWarning, what+" has fewer than 4 characters: it stays visible.")
		}
	case WholeWords:
		s.log.say(model.LevelWarning, what+" has fewer than 8 characters: it is hidden only where it stands alone.")
	case Everywhere:
	}
}

// setLevel carries out the messages that say how the following lines are meant. They may come on either stream.
func (s *stream) setLevel(m Message) bool {
	which, word, _ := strings.Cut(strings.ToLower(m.Name), "-")
	target := s.log.out
	if which == "stderr" {
		target = s.log.err
	}
	level, ok := levelOf[which][word]
	if !ok {
		return false
	}
	if word == "default" {
		level = target.usual
	}
	target.level = level
	target.lines.noteLevel(target.passed, level)
	return true
}

// Source: Octopus's documentation of logging messages from scripts.
var levelOf = map[string]map[string]model.Level{
	"stdout": {
		"default":   model.LevelInfo,
		"verbose":   model.LevelVerbose,
		"highlight": model.LevelHighlight,
		"wait":      model.LevelWait,
		"warning":   model.LevelWarning,
		"error":     model.LevelError,
		"ignore":    ignored,
	},
	"stderr": {
		"default":  model.LevelError,
		"error":    model.LevelError,
		"progress": model.LevelVerbose,
		"output":   model.LevelInfo,
		"ignore":   ignored,
	},
}
