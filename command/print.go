package command

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
)

type colour string

const (
	red    colour = "31"
	green  colour = "32"
	yellow colour = "33"
	cyan   colour = "36"
	bold   colour = "1"
	dim    colour = "2"
)

// printed is text that is safe for a terminal: any colours in it are Stepdeck's own. Other strings may come from scripts
// and files.
type printed string

// block makes text of several lines safe for a terminal.
func block(text string) printed { return printed(model.SafeBlock(text)) }

// paint colours text for standard error, if it is a terminal and colours are wanted.
func (c *cli) paint(colour colour, text string) printed {
	if !c.Terminal || c.noColor || c.getenv("NO_COLOR") != "" || c.getenv("TERM") == "dumb" {
		return block(text)
	}
	return "\x1b[" + printed(colour) + "m" + block(text) + "\x1b[0m"
}

// safef is fmt.Sprintf for a line: it makes every string and error among args safe for one, unless it is printed already.
func safef(text string, args ...any) string {
	safe := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case printed:
			safe[i] = arg
		case error:
			safe[i] = model.SafeLine(arg.Error())
		default:
			if v := reflect.ValueOf(arg); v.Kind() == reflect.String {
				safe[i] = model.SafeLine(v.String())
			} else {
				safe[i] = arg
			}
		}
	}
	return fmt.Sprintf(text, safe...)
}

func statusColour(s model.Status) colour {
	switch s {
	case model.Succeeded:
		return green
	case model.Warning, model.Stopped, model.Interrupted:
		return yellow
	case model.Failed, model.TimedOut:
		return red
	}
	return dim
}

// say prints a line for the person, on standard error.
func (c *cli) say(text string, args ...any) { fmt.Fprintln(c.Err, safef(text, args...)) }

// print prints a line of the command's output, on standard output.
func (c *cli) print(text string, args ...any) error {
	_, err := fmt.Fprintln(c.Out, safef(text, args...))
	return err
}

// printJSON prints v on one line.
func (c *cli) printJSON(v any) error {
	enc := json.NewEncoder(c.Out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// printTagged prints a record on one line, with its kind as "type".
func (c *cli) printTagged(record engine.Event) error { return engine.NewEncoder(c.Out).Encode(record) }

// table prints rows under a header, in aligned columns.
// widestAligned is how wide a cell may be before it moves only the rest of its own row, and no longer all other rows.
const widestAligned = 60

func (c *cli) table(header []string, rows [][]string) error {
	lines := append([][]string{header}, rows...)
	widths := make([]int, len(header))
	for _, line := range lines {
		for i := range line {
			line[i] = model.SafeLine(line[i])
			if width := utf8.RuneCountInString(line[i]); width <= widestAligned {
				widths[i] = max(widths[i], width)
			}
		}
	}
	var text strings.Builder
	for _, line := range lines {
		var row strings.Builder
		for i, cell := range line {
			fmt.Fprintf(&row, "%-*s  ", widths[i], cell)
		}
		text.WriteString(strings.TrimRight(row.String(), " ") + "\n")
	}
	_, err := io.WriteString(c.Out, text.String())
	return err
}

func localTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return model.LocalTime(t)
}

// elapsed returns the time from one moment to another, or "" if either is zero.
func elapsed(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return ""
	}
	d := to.Sub(from)
	if d < time.Minute {
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return model.FormatDuration(d.Round(time.Second))
}

// lasted is elapsed for what may have been interrupted: nobody knows when that was, only until when it is known to have lasted.
func lasted(status model.Status, from, to time.Time) string {
	d := elapsed(from, to)
	if status == model.Interrupted && d != "" {
		return "at least " + d
	}
	return d
}

func versionText(v string) string {
	if v == "" {
		return model.Unversioned
	}
	return v
}
