package logview

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/screens/widgets/ansi"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

const (
	copyCap  = 16 << 20 // bytes: more would stall the clipboard of the system, and whatever it is pasted into
	copyPage = 2048     // lines read at once
)

// Copied tells what went to the clipboard.
type Copied struct {
	Lines int
	Cut   bool // the selection was longer than the clipboard should take
	Err   error
}

// HasSelection tells whether anything is selected.
func (v *View) HasSelection() bool { return !v.sel.Empty() }

// SelectAll selects every line that shows, in sight or not.
func (v *View) SelectAll() {
	v.sel.Anchor, v.sel.Head = monogrid.Place{}, monogrid.Place{Row: max(0, v.n-1), Col: monogrid.ToEdge}
	v.Refresh()
}

// Copy takes the selected text to the clipboard, without colour codes and with cut lines joined again. What is not at hand is read
// first, so the clipboard is filled when OnCopied is called.
func (v *View) Copy() {
	if v.src == nil || !v.HasSelection() {
		return
	}
	from, to := v.sel.Range()
	src := v.src
	go func() {
		text, done := collect(src, from, to)
		fyne.Do(func() {
			if done.Err == nil {
				fyne.CurrentApp().Clipboard().SetContent(text)
			}
			if v.OnCopied != nil {
				v.OnCopied(done)
			}
		})
	}()
}

// collect reads the text between two places.
func collect(src Source, from, to monogrid.Place) (string, Copied) {
	var b strings.Builder
	var done Copied
	n := src.Len()
	for row := from.Row; row <= to.Row && row < n; {
		lines, err := src.Page(context.Background(), row, min(copyPage, to.Row-row+1, n-row))
		if err != nil {
			return "", Copied{Err: err}
		}
		if len(lines) == 0 {
			break
		}
		for _, l := range lines {
			text := ansi.Strip(l.Text)
			start, end := 0, len(text)
			if row == from.Row {
				start = min(from.Col, end)
			}
			if row == to.Row {
				end = min(to.Col, end)
			}
			if b.Len()+end-start+1 > copyCap {
				done.Cut = true
				return b.String(), done
			}
			b.WriteString(text[start:max(start, end)])
			if !l.Continued && row < to.Row {
				b.WriteByte('\n')
			}
			done.Lines++
			row++
		}
	}
	return b.String(), done
}
