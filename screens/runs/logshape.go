package runs

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/logview"
)

// quietFor is the time without a line after which the log shows a pause.
const quietFor = time.Minute

// shape applies the chosen levels and wrapping, and calls then after all lines have been read.
func (l *logPane) shape(then func()) {
	if l.base == nil {
		return
	}
	l.stop()
	shape := logview.Shape{
		Hidden: l.hidden, Quiet: quietFor, Pause: pauseText,
		Remark: func(line logview.Line) bool { return isFault(line.Text) },
	}
	if l.wrap {
		shape.Wrap = l.cells()
	}
	l.shaped = logview.NewShaped(l.base, shape)
	l.log.SetSource(l.shaped)
	l.ready = then
	l.readNew()
}

// reshape applies changed levels or wrapping and keeps the scroll position.
func (l *logPane) reshape() {
	if l.base == nil {
		return
	}
	following, line, query := l.log.Following() && !l.over, l.log.TopLine(), l.find.Query()
	l.log.SetFollow(following)
	l.shape(func() {
		search := func() {
			if query.Text != "" {
				l.log.Find(query)
			}
		}
		if following || line == 0 {
			search()
			return
		}
		l.seek(line, func(row int) {
			l.log.SetTop(row)
			search()
		})
	})
}

func (l *logPane) setWrap(on bool) {
	l.wrap = on
	l.cut.Importance = widget.LowImportance
	if on {
		l.cut.Importance = widget.HighImportance
	}
	l.cut.Refresh()
	l.reshape()
}

// cells returns the number of characters that fit in a row, leaving room for longer line numbers.
func (l *logPane) cells() int {
	const least, manyLines = 20, 99_999
	lines := int(l.base.lines.Load())
	if !l.over {
		lines = max(10*lines, manyLines)
	}
	return max(least, l.log.ColsFor(lines)-1)
}

// colsChanged wraps long lines again once the window is no longer being resized.
func (l *logPane) colsChanged() {
	l.resize++
	if !l.wrap || l.shaped == nil {
		return
	}
	resize := l.resize
	const pause = 150 * time.Millisecond
	time.AfterFunc(pause, func() {
		fyne.Do(func() {
			if resize == l.resize && l.wrap && l.shaped != nil && l.shaped.Shape().Wrap != l.cells() {
				l.reshape()
			}
		})
	})
}

// pauseText describes a time without a line.
func pauseText(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	var text string
	switch {
	case s >= 3600:
		text = lang.L("{{.H}} h {{.M}} min", map[string]any{"H": s / 3600, "M": s / 60 % 60})
	case s%60 == 0:
		text = lang.L("{{.N}} min", map[string]any{"N": s / 60})
	default:
		text = lang.L("{{.M}} min {{.S}} s", map[string]any{"M": s / 60, "S": s % 60})
	}
	return lang.L("── {{.Time}} without output ──", map[string]any{"Time": text})
}
