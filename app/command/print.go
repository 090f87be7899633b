package command

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/stepdeck/stepdeck/model"
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

// paint colours text for the error stream's terminal.
func (c *cli) paint(colour colour, text string) string {
	if !c.Terminal || c.noColor || c.getenv("NO_COLOR") != "" || c.getenv("TERM") == "dumb" {
		return text
	}
	return "\x1b[" + string(colour) + "m" + text + "\x1b[0m"
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

// say tells a person something beside the command's own output.
func (c *cli) say(format string, args ...any) { fmt.Fprintf(c.Err, format+"\n", args...) }

// printJSON writes one object a line.
func (c *cli) printJSON(v any) error {
	enc := json.NewEncoder(c.Out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// table prints rows under a head; cells may not hold tabs or line ends.
func (c *cli) table(head []string, rows [][]string) error {
	w := tabwriter.NewWriter(c.Out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(head, "\t"))
	for _, row := range rows {
		for i := range row {
			row[i] = plain(row[i])
		}
		fmt.Fprintln(w, strings.TrimRight(strings.Join(row, "\t"), "\t"))
	}
	return w.Flush()
}

// plain makes text safe for one line of a terminal: names come from files of strangers.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, text)
}

// terminalText makes text of several lines safe for a terminal.
func terminalText(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, text)
}

// counted is a number with its noun.
func counted[N int | int64](n N, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}

func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

func took(from, to time.Time) string {
	if from.IsZero() || to.IsZero() {
		return ""
	}
	d := to.Sub(from)
	if d < time.Minute {
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

func versionText(v string) string {
	if v == "" {
		return model.Unversioned
	}
	return v
}
