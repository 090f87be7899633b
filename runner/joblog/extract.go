package joblog

import (
	"bytes"
	"strings"
)

const (
	maxMessage = 8 << 20 // bytes; what is longer is ordinary text
	maxBlank   = 256     // blanks before a message that vanish with it
)

// extractor takes the service messages out of a stream. What stands beside a message stays; a line of nothing but messages and
// blanks vanishes with its end. Nothing is held back but a beginning of a message and blanks at the beginning of a line.
type extractor struct {
	text    func(b []byte)
	message func(m Message)
	dropped func(n int) // bytes vanish at the place where the next text will be

	held    []byte         // the beginning of a message, or of its mark
	joined  []byte         // held and what was written after it
	scanner messageScanner // over held
	blank   []byte         // of the current line, which has had nothing else yet but messages
	inText  bool           // the current line has had text
	inLine  bool           // the current line has had a message
}

func (x *extractor) write(p []byte) {
	b := p
	x.joined = x.joined[:0]
	if len(x.held) > 0 {
		b = append(x.held, p...) //nolint:gocritic // the two buffers change places
		x.held, x.joined = x.joined, b
	}
	from, look := 0, 0 // what is before from is done; before look is no message
	for {
		k := bytes.Index(b[look:], []byte(messageStart))
		if k < 0 {
			break
		}
		k += look
		place := x.scanner.scan(b[k:])
		if place != finished && place != broken && len(b)-k <= maxMessage {
			x.hold(b, from, k)
			return
		}
		n := x.scanner.read
		x.scanner = messageScanner{}
		look = k + 1
		if place != finished || n > maxMessage {
			continue
		}
		if m, ok := parseMessage(b[k : k+n]); ok {
			x.pass(b[from:k])
			x.inLine = true
			x.dropped(n)
			x.message(m)
			from, look = k+n, k+n
		}
	}
	end := len(b)
	for n := min(len(messageStart)-1, len(b)-from); n > 0; n-- {
		if strings.HasPrefix(messageStart, string(b[len(b)-n:])) {
			end -= n
			break
		}
	}
	x.hold(b, from, end)
}

// hold passes on b[from:k] and holds back the rest. A long message that comes in small pieces is not copied for each of them.
func (x *extractor) hold(b []byte, from, k int) {
	x.pass(b[from:k])
	if k == 0 && len(x.joined) > 0 {
		x.held, x.joined = b, x.held
		return
	}
	x.held = append(x.held, b[k:]...)
}

// close passes on what was held back.
func (x *extractor) close() {
	held := x.held
	x.held, x.scanner = nil, messageScanner{}
	x.pass(held)
	if !x.inLine {
		x.put(x.blank)
	}
	x.blank = nil
}

// pass passes on text that is no message.
func (x *extractor) pass(b []byte) {
	if x.inLine || len(x.blank) > 0 {
		b = x.passBegun(b)
	}
	if len(b) == 0 {
		return
	}
	line := bytes.LastIndexByte(b, '\n') + 1
	if line > 0 {
		x.inText, x.inLine = false, false
	}
	if last := b[line:]; !x.inText && len(last) <= maxBlank && isBlank(last) {
		x.blank = append(x.blank, last...)
		b = b[:line]
	} else {
		x.inText = true
	}
	x.put(b)
}

// passBegun goes on with a line that has had a message or blanks; it gives what follows.
func (x *extractor) passBegun(b []byte) (rest []byte) {
	n := bytes.IndexByte(b, '\n') + 1
	line := b[:n]
	if n == 0 {
		line = b
	}
	if x.inText || !isBlank(line) || len(x.blank)+len(line)-min(n, 1) > maxBlank {
		x.put(x.blank)
		x.blank, x.inText = x.blank[:0], true
		return b
	}
	if n == 0 {
		x.blank = append(x.blank, line...)
		return nil
	}
	if x.inLine {
		x.dropped(len(x.blank) + n)
	} else {
		x.put(x.blank)
		x.put(line)
	}
	x.blank, x.inLine = x.blank[:0], false
	return b[n:]
}

func (x *extractor) put(b []byte) {
	if len(b) > 0 {
		x.text(b)
	}
}

func isBlank(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}
