package engine

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Command is what whoever started an engine asks of it on its standard input: an object on a line of its own, whose "type"
// is Kind.
type Command interface{ Kind() string }

// Commands gives one of each kind.
func Commands() []Command { return []Command{Secrets{}, Stop{}, Kill{}} }

// Stop asks the run to end: its scripts are told politely first.
type Stop struct{}

// Kind implements Command.
func (Stop) Kind() string { return "stop" }

// Kill ends the run's scripts at once.
type Kill struct{}

// Kind implements Command.
func (Kill) Kind() string { return "kill" }

// Secrets is what only standard input may carry, since other programs can read command lines and environments. It is the
// first command to an engine that was started with --secrets-stdin, and no other time.
type Secrets struct {
	MasterKey []byte  `json:"masterKey,omitempty" about:"of the vault, so that the run need not open it; absent: the run opens it itself"`
	Given     []Given `json:"given,omitempty" about:"values for this run"`
}

// Kind implements Command.
func (Secrets) Kind() string { return "secrets" }

// Given is a value for this run, which may be secret.
type Given struct {
	Name  string `json:"name"`
	Value []byte `json:"value" about:"its bytes, mostly text in UTF-8"`
}

// String keeps secrets out of whatever prints them by mistake.
func (Secrets) String() string { return "secrets" }

// GoString implements fmt.GoStringer.
func (Secrets) GoString() string { return "engine.Secrets{…}" }

// maxCommand is the longest line of a command: values of a run can be long texts.
const maxCommand = 16 << 20

// CommandReader reads commands.
type CommandReader struct{ in *bufio.Reader }

// NewCommandReader makes a reader of in.
func NewCommandReader(in io.Reader) *CommandReader {
	return &CommandReader{bufio.NewReaderSize(in, 64<<10)}
}

// Next waits for a command. An error of code "engine.command" is of a line that is none, and others may follow; any other
// error is the end. No error holds a part of the line: that may be a secret.
func (r *CommandReader) Next() (Command, error) {
	line, err := r.line()
	defer clear(line)
	if err != nil {
		return nil, err
	}
	command, kind, err := decode(line, Commands())
	switch {
	case errors.Is(err, errUnknown):
		return nil, model.NewError("engine.command", "There is no command %s. There are: %s.", kind, strings.Join(commandKinds(), ", "))
	case err != nil:
		return nil, model.NewError("engine.command", `A command must be a JSON object on one line, such as {"type":"stop"}.`)
	}
	return command, nil
}

func commandKinds() (kinds []string) {
	for _, c := range Commands() {
		kinds = append(kinds, c.Kind())
	}
	return kinds
}

// line reads up to the next line end. Of a line that is too long nothing is kept.
func (r *CommandReader) line() (line []byte, err error) {
	size := 0
	for {
		part, err := r.in.ReadSlice('\n')
		if size += len(part); size <= maxCommand {
			line = append(line, part...)
		} else {
			clear(line)
			line = nil
		}
		switch {
		case err == nil, errors.Is(err, io.EOF) && size > 0:
			return line, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}
