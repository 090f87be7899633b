package logview

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/screens/widgets/ansi"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

const (
	copyCap  = 16 << 20 // bytes: more would stall the system's clipboard and the program it is pasted into
	copyPage = 2048     // lines per read
)

// copied is the result of a copy.
type copied struct {
	lines int
	cut   bool // the selection was longer than copyCap
	err   error
}

func (v *View) HasSelection() bool { return !v.sel.Empty() }

// SelectAll selects every line, including those out of view.
func (v *View) SelectAll() {
	v.sel.Anchor, v.sel.Head = monogrid.TextPos{}, monogrid.TextPos{Row: max(0, v.n-1), Col: monogrid.ToEdge}
	v.Refresh()
}

// Copy copies the selected text to the clipboard, without colour codes and with cut lines joined. It reads the lines in the background.
func (v *View) Copy() {
	if v.src == nil || !v.HasSelection() {
		return
	}
	from, to := v.sel.Range()
	src := v.src
	go func() {
		text, done := collect(src, from, to)
		fyne.Do(func() {
			if done.err == nil {
				fyne.CurrentApp().Clipboard().SetContent(text)
			}
			if v.onCopied != nil {
				v.onCopied(done)
			}
		})
	}()
}

func collect(src Source, from, to monogrid.TextPos) (string, copied) {
	var b strings.Builder
	var done copied
	n := src.Len()
	for row := from.Row; row <= to.Row && row < n; {
		lines, err := src.Page(context.Background(), row, min(copyPage, to.Row-row+1, n-row))
		if err != nil {
			return "", copied{err: err}
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
				done.cut = true
				return b.String(), done
			}
			b.WriteString(text[start:max(start, end)])
			if !l.Continued && row < to.Row {
				b.WriteByte('\n')
			}
			done.lines++
			row++
		}
	}
	return b.String(), done
}
