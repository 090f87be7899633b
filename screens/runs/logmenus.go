package runs

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/logview"
)

// menuButton returns a button that opens a menu below itself.
func menuButton(keys *control.Keys, label string, items func() []*fyne.MenuItem) *control.Button {
	var b *control.Button
	b = control.NewButton(keys, label, func() {
		if c := fyne.CurrentApp().Driver().CanvasForObject(b); c != nil {
			widget.NewPopUpMenu(fyne.NewMenu("", items()...), c).ShowAtRelativePosition(fyne.NewPos(0, b.Size().Height), b)
		}
	}).Quiet()
	b.Icon, b.IconPlacement = fynetheme.MenuDropDownIcon(), widget.ButtonIconTrailingText
	return b
}

func (l *logPane) levelMenu() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, level := range []logview.Level{logview.Error, logview.Warning, logview.Wait, logview.Highlight, logview.Info, logview.Verbose} {
		item := fyne.NewMenuItem(fmt.Sprintf("%s  (%d)", levelWord(level), l.facts.Counts[level]), func() { l.toggle(level) })
		item.Checked = !l.hidden.Has(level)
		items = append(items, item)
	}
	only := logview.Levels(0).With(logview.Verbose, true).With(logview.Info, true).With(logview.Highlight, true).With(logview.Wait, true)
	return append(items, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(lang.L("All levels"), func() { l.hide(0) }),
		fyne.NewMenuItem(lang.L("Warnings and errors"), func() { l.hide(only) }))
}

func levelWord(level logview.Level) string {
	switch level {
	case logview.Error:
		return lang.L("Errors")
	case logview.Warning:
		return lang.L("Warnings")
	case logview.Wait:
		return lang.L("Waiting")
	case logview.Highlight:
		return lang.L("Highlights")
	case logview.Verbose:
		return lang.L("Details")
	}
	return lang.L("Output")
}

func (l *logPane) toggle(level logview.Level) { l.hide(l.hidden.With(level, !l.hidden.Has(level))) }

func (l *logPane) hide(levels logview.Levels) {
	l.hidden = levels
	l.levels.Importance = widget.LowImportance
	if levels != 0 {
		l.levels.Importance = widget.HighImportance // makes visible that lines are hidden
	}
	l.levels.Refresh()
	l.reshape()
}

func (l *logPane) timeMenu() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, choice := range []struct {
		times logview.Times
		word  string
	}{
		{logview.Clock, lang.L("Time of day")}, {logview.Elapsed, lang.L("Since the start")},
		{logview.Delta, lang.L("Since the previous line")}, {logview.NoTimes, lang.L("No times")},
	} {
		item := fyne.NewMenuItem(choice.word, func() {
			l.times = choice.times
			l.log.SetTimes(l.times, time.Time{})
		})
		item.Checked = l.times == choice.times
		items = append(items, item)
	}
	return items
}

// menu returns the context menu of the log.
func (l *logPane) menu() *fyne.Menu {
	wrap := fyne.NewMenuItem(lang.L("Wrap long lines"), func() { l.setWrap(!l.wrap) })
	wrap.Checked = l.wrap
	return fyne.NewMenu("",
		fyne.NewMenuItem(lang.L("Copy"), l.copy),
		fyne.NewMenuItem(lang.L("Select all"), l.log.SelectAll),
		fyne.NewMenuItemSeparator(), wrap,
		fyne.NewMenuItem(lang.L("Export the log…"), func() { l.export() }))
}
