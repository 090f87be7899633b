package engine

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Command is an order to an engine on its standard input: a JSON object on its own line, whose "type" is Kind.
type Command interface{ Kind() string }

// Commands returns one of each kind.
func Commands() []Command { return []Command{Secrets{}, Stop{}, Kill{}} }

// Stop stops the run, giving its scripts time to end.
type Stop struct{}

// Kind implements Command.
func (Stop) Kind() string { return "stop" }

// Kill kills the run's scripts at once.
type Kill struct{}

// Kind implements Command.
func (Kill) Kind() string { return "kill" }

// Secrets carries secrets, which go through standard input because other programs can read command lines and environments.
// It is the first command to an engine that was started with --secrets-stdin, and never sent otherwise. It prints nothing of them,
// but as JSON it is what is sent: never log it as a part of something else.
type Secrets struct {
	MasterKey []byte        `json:"masterKey,omitempty" about:"of the vault; absent: the run opens the vault itself"`
	Given     []GivenRecord `json:"given,omitempty" about:"values for this run"`
}

// Kind implements Command.
func (Secrets) Kind() string { return "secrets" }

// Format implements fmt.Formatter, so that secrets are not printed by mistake.
func (Secrets) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "secrets") }

// LogValue implements slog.LogValuer.
func (Secrets) LogValue() slog.Value { return slog.StringValue("secrets") }

// GivenRecord is a [model.Given] as it is sent: the bytes of its value, which whoever sends them need not have decoded. It is a type
// of its own because a model.Given never encodes its value.
type GivenRecord struct {
	Step  string `json:"step,omitempty" about:"whose own value it is; absent: the name says it, alone or after STEP/"`
	Name  string `json:"name"`
	Value []byte `json:"value" about:"usually text in UTF-8"`
}

// Format implements fmt.Formatter, so that the value is not printed by mistake.
func (g GivenRecord) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "a value for %q", g.Name) }

// LogValue implements slog.LogValuer.
func (g GivenRecord) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(g)) }

// maxCommand is the maximum length of a command, in bytes: the values for a run can be long.
const maxCommand = 16 << 20

// CommandReader reads commands.
type CommandReader struct{ in *bufio.Reader }

// NewCommandReader returns a reader of the commands in in.
func NewCommandReader(in io.Reader) *CommandReader {
	return &CommandReader{bufio.NewReaderSize(in, 64<<10)}
}

// Next waits for the next command. After an error with the code [model.CodeEngineCommand], which is about one invalid line, more may
// follow; any other error is the end. No error contains any part of the line, which may be a secret.
func (r *CommandReader) Next() (Command, error) {
	line, err := r.line()
	defer clear(line)
	if err != nil {
		return nil, err
	}
	command, kind, err := decode(line, Commands())
	switch {
	case errors.Is(err, errUnknown):
		return nil, model.NewError(model.CodeEngineCommand,
			"There is no command %s. Use one of: %s.", kind, strings.Join(commandKinds(), ", "))
	case err != nil:
		return nil, model.NewError(model.CodeEngineCommand, `A command must be a JSON object on one line, such as {"type":"stop"}.`)
	}
	return command, nil
}

func commandKinds() (kinds []string) {
	for _, c := range Commands() {
		kinds = append(kinds, c.Kind())
	}
	return kinds
}

// line reads up to the next line end. It returns an empty line for one that is too long.
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
