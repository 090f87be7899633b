package joblog

import (
	"fmt"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// stream processes one stream: decoder, extractor, printed, mask writer, lines. It is guarded by the Log's lock.
type stream struct {
	log          *Log
	defaultLevel model.Level
	level        model.Level // of lines that begin now
	decoder      decoder
	extract      extractor
	printed      printed
	masker       *maskWriter
	lines        lines
	passed       int64 // bytes that went into printed, which passes all of them on to the mask writer
	masks        int64 // made by maskBytes
	inbox        []Message
	began        time.Time // when the waiting unfinished line came, by the Log's clock; zero if nothing waits
	pieces       int64     // lines.pieces at that time
}

func newStream(l *Log, name model.Stream, defaultLevel model.Level) *stream {
	s := &stream{log: l, defaultLevel: defaultLevel, level: defaultLevel, masker: newMaskWriter(l.opts.Masker)}
	s.lines = lines{stream: name, batch: &l.batch, max: l.opts.MaxLine}
	s.decoder = decoder{
		masker: l.opts.Masker, text: s.extract.write, mask: s.maskBytes,
		bad: func(n int) { s.lines.count.Bad += int64(n) },
		odd: func() { s.lines.nonASCII = true },
	}
	s.extract = extractor{text: s.pass, message: s.handle, dropped: func(n int) { s.lines.skip(s.passed, int64(n)) }}
	s.printed = printed{found: s.addSecret, next: s.mask}
	return s
}

func (s *stream) write(p []byte, at time.Time) {
	s.lines.count.Bytes += int64(len(p))
	held := s.decoder.held() + len(s.extract.held) + len(s.extract.blank)
	s.lines.note(s.passed+int64(held), at.UnixMicro(), s.level)
	s.decoder.write(p)
	s.clock()
}

// maskBytes replaces bytes that were a secret before they were decoded.
func (s *stream) maskBytes(begun bool) {
	if begun {
		s.printed.release()
	}
	if begun && s.masker.hideHeld() {
		return
	}
	s.masks++
	s.extract.write([]byte(Mask))
}

func (s *stream) pass(b []byte) {
	if s.log.budget.exceeded {
		s.lines.skip(s.passed, int64(len(b)))
		return
	}
	s.passed += int64(len(b))
	s.printed.write(b)
}

// mask receives what printed passes on. If printed found a key in it that exceeds the budget, it is left out.
func (s *stream) mask(b []byte) {
	if s.log.budget.exceeded {
		s.lines.skip(s.masker.base+int64(len(s.masker.buf)), int64(len(b)))
		s.passed -= int64(len(b))
		return
	}
	s.masker.write(b, &s.lines)
}

// addSecret makes a recognised text a secret.
func (s *stream) addSecret(secret string) {
	if s.log.budget.exceeded || !s.log.opts.Masker.knows(secret) && !s.log.afford(secret) {
		return
	}
	s.log.opts.Masker.Add(secret)
}

// clock records since when an unfinished line is waiting.
func (s *stream) clock() {
	if !s.waiting() {
		s.began = time.Time{}
	} else if s.began.IsZero() || s.pieces != s.lines.pieces {
		s.began, s.pieces = s.log.opts.Now(), s.lines.pieces
	}
}

func (s *stream) waiting() bool {
	return s.lines.waiting() || s.printed.waiting() || s.masker.holdsPrefix() || s.decoder.waiting()
}

// flush emits an unfinished line if it has waited for at least age.
func (s *stream) flush(age time.Duration) {
	if !s.waiting() || s.log.opts.Now().Sub(s.began) < age {
		return
	}
	s.decoder.settle()
	s.printed.flush()
	s.masker.releasePrefix(&s.lines)
	s.lines.cut()
	s.began = time.Time{}
	s.clock()
}

func (s *stream) close() {
	s.decoder.close()
	s.extract.close()
	s.printed.close()
	s.masker.close(&s.lines)
	s.lines.close()
}

// handle handles a service message, or puts it into the inbox.
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
		m.Sensitive = strings.EqualFold(marked, "true") || s.log.budget.exceeded || keys || s.log.opts.Masker.Holds(value)
		if m.Sensitive {
			s.protect(value, fmt.Sprintf("The value of the sensitive output variable %s", name))
		}
	case m.is(CreateArtifact):
		if s.log.budget.exceeded {
			return
		}
		path, _ := m.Value("path")
		name, _ := m.Value("name")
		s.recognise(path, name)
	case m.is(Progress), m.is(ResultMessage):
		if s.log.budget.exceeded {
			return
		}
		text, _ := m.Value("message")
		s.recognise(text)
	default:
		s.log.sayOnce(m)
		return
	}
	s.inbox = append(s.inbox, m)
}

// recognise makes the keys in texts secrets that do not pass through the stream.
func (s *stream) recognise(texts ...string) (found bool) {
	for _, text := range texts {
		for _, secret := range recognised(text) {
			s.addSecret(secret)
			found = true
		}
	}
	return found
}

// protect makes value a secret and logs if it can't be hidden everywhere.
func (s *stream) protect(value, what string) {
	if s.log.budget.exceeded || !s.log.opts.Masker.knows(value) && !s.log.afford(value) {
		return
	}
	switch s.log.opts.Masker.Add(value) {
	case Unprotected:
		if value != "" {
			s.log.say(model.LevelWarning, what+" has fewer than 4 characters, so it stays visible.")
		}
	case WholeWords:
		s.log.say(model.LevelWarning, what+" has fewer than 8 characters, so it is hidden only as a whole word.")
	case Everywhere:
	}
}

// setLevel handles the messages that set the level of the following lines. They may come on either stream.
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
		level = target.defaultLevel
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
