package settings

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// limitSection has the limits for packages and artifacts. A field is saved when the person leaves it.
type limitSection struct {
	place   *Place
	keys    []string
	form    *form.Form
	entries map[string]*control.Entry
	work    async.Task
	queue   []string // keys to be saved
	fold    *form.Section
	content fyne.CanvasObject
}

// limitWords returns the labels by key.
func limitWords() map[string]string {
	return map[string]string{
		settings.FileBytes:      lang.L("Maximum size of a package (bytes)"),
		settings.Entries:        lang.L("Maximum number of files and folders"),
		settings.EntryBytes:     lang.L("Maximum size of a file, unpacked (bytes)"),
		settings.TotalBytes:     lang.L("Maximum size of all files, unpacked (bytes)"),
		settings.Ratio:          lang.L("Maximum compression ratio"),
		settings.NameBytes:      lang.L("Maximum length of a path (bytes)"),
		settings.ComponentBytes: lang.L("Maximum length of a name (bytes)"),
		settings.Depth:          lang.L("Maximum depth of folders"),

		settings.ArtifactFileBytes: lang.L("Maximum size of an artifact (bytes)"),
		settings.ArtifactRunBytes:  lang.L("Maximum size of a run's artifacts (bytes)"),
		settings.ArtifactFiles:     lang.L("Maximum number of a run's artifacts"),
	}
}

func newLimitSection(p *Place) *limitSection {
	s := &limitSection{place: p, form: form.New(), entries: map[string]*control.Entry{}}
	k := s.form.Keys
	var rows []*form.Field
	words := limitWords()
	for _, setting := range p.deps.Settings.List() {
		if !strings.HasPrefix(setting.Key, settings.PackagePrefix) && !strings.HasPrefix(setting.Key, settings.ArtifactPrefix) {
			continue
		}
		label := words[setting.Key]
		if label == "" {
			label = setting.About
		}
		e := control.NewEntry(k)
		e.SetPlaceHolder(usual(setting))
		e.SetText(setting.Value)
		s.keys = append(s.keys, setting.Key)
		s.entries[setting.Key] = e
		rows = append(rows, s.form.Add(setting.Key, label, "", e))
		leave := e.OnLeave
		e.OnLeave = func() {
			leave()
			s.left(setting.Key)
		}
	}
	s.form.Check = s.check
	s.form.OnChanged = s.notes
	k.Enter = func() {
		for _, key := range s.keys {
			s.left(key)
		}
	}
	why := small(lang.L("Packages beyond these limits are refused, and artifacts are not kept, so that none can fill " +
		"the disk or the memory. " +
		"Leave a field empty for its default."))
	s.fold = form.NewSection(k, lang.L("Limits"), false, container.NewVBox(why, form.Rows(rows...)))
	s.fold.Summary = s.summary
	s.content = s.fold.Content()
	s.notes()
	s.fold.Refresh()
	return s
}

// usual describes the default of a setting.
func usual(s settings.Setting) string {
	text := s.Default
	if size := asSize(s.Key, text); size != "" {
		text += " = " + size
	}
	return text + "   " + lang.L("(default)")
}

// asSize formats a number of bytes from 1 KiB on, or returns nothing if the setting is not in bytes.
func asSize(key, text string) string {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n < 1024 || !strings.HasSuffix(key, "Bytes") {
		return ""
	}
	return model.FormatBytes(n)
}

func (s *limitSection) summary() string {
	changed := 0
	for _, key := range s.keys {
		if s.entries[key].Text != "" {
			changed++
		}
	}
	if changed == 0 {
		return lang.L("defaults")
	}
	return plural.N("{{.Count}} limit changed", "{{.Count}} limits changed", changed)
}

func (s *limitSection) check() []form.Problem {
	var list []form.Problem
	for _, key := range s.keys {
		if err := checkLimit(strings.TrimSpace(s.entries[key].Text)); err != nil {
			list = append(list, form.Problem{Field: key, Err: err})
		}
	}
	return list
}

func checkLimit(text string) error {
	if text == "" {
		return nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err != nil || n <= 0 {
		return model.NewError("setting.number", "%q is not a whole number above zero. Leave it empty for the default.", text)
	}
	return nil
}

// notes shows sizes in readable units.
func (s *limitSection) notes() {
	for _, key := range s.keys {
		note := asSize(key, s.entries[key].Text)
		if note != "" {
			note = "= " + note
		}
		s.form.Field(key).SetNote(note, false)
	}
}

// left saves a field if its value has changed.
func (s *limitSection) left(key string) {
	text := strings.TrimSpace(s.entries[key].Text)
	if checkLimit(text) != nil || text == s.place.value(key) {
		return
	}
	s.queue = append(s.queue, key)
	s.next()
}

// next saves the next key of the queue. Saving one at a time keeps the order.
func (s *limitSection) next() {
	if s.work.Busy() || len(s.queue) == 0 {
		return
	}
	key := s.queue[0]
	s.queue = s.queue[1:]
	text := strings.TrimSpace(s.entries[key].Text)
	async.Do(&s.work, s.place.set(key, text), func(err error) {
		switch {
		case err != nil:
			s.form.Explain(key, err)
		case strings.TrimSpace(s.entries[key].Text) == text:
			s.form.Field(key).SetNote(lang.L("Saved."), false)
		}
		s.fold.Refresh()
		s.next()
	})
}
