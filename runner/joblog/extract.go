package joblog

import (
	"bytes"
	"strings"
)

const (
	maxMessage = 8 << 20 // bytes; anything longer is ordinary text
	maxBlank   = 256     // spaces before a message that are removed with it
)

// extractor removes the service messages from a stream. Text beside a message stays; a line of only messages and spaces
// is removed including its end. It holds back only the beginning of a message and spaces at the beginning of a line.
type extractor struct {
	text    func(b []byte)
	message func(m Message)
	dropped func(n int) // called for bytes removed at the position of the next text

	held    []byte         // the beginning of a message, or of messageStart
	joined  []byte         // held and what is being written
	scanner messageScanner // over held
	blank   []byte         // spaces of the current line, which so far has only messages
	inText  bool           // the current line has text
	inLine  bool           // the current line has a message
}

func (x *extractor) write(p []byte) {
	b := p
	x.joined = x.joined[:0]
	if len(x.held) > 0 {
		b = append(x.held, p...) //nolint:gocritic // the two buffers are swapped
		x.held, x.joined = x.joined, b
	}
	from, look := 0, 0 // b[:from] is done; no message begins in b[:look]
	for {
		k := bytes.Index(b[look:], []byte(messageStart))
		if k < 0 {
			break
		}
		k += look
		state := x.scanner.scan(b[k:])
		if state != finished && state != broken && len(b)-k <= maxMessage {
			x.hold(b, from, k)
			return
		}
		n := x.scanner.read
		x.scanner = messageScanner{}
		look = k + 1
		if state != finished || n > maxMessage {
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

// hold passes on b[from:k] and holds back the rest. A long message that arrives in small pieces is not copied for each
// of them.
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

// pass passes on text that is not a message.
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

// passBegun continues a line that has a message or spaces; it returns what follows the line.
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
