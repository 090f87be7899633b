package projects

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// optionsSection is the part of a step's form with the options.
type optionsSection struct {
	form    *form.Form
	options []option
	bound   []boundOption
	content fyne.CanvasObject
}

func newOptionsSection(f *form.Form) *optionsSection {
	s := &optionsSection{form: f, options: options()}
	var fields []*form.Field
	for _, o := range s.options {
		b := o.bind(f.Keys)
		s.bound = append(s.bound, b)
		fields = append(fields, f.Add(o.path, o.label, o.help, b.input))
	}
	s.content = form.Rows(fields...)
	return s
}

func (s *optionsSection) fill(m model.Options) {
	for _, b := range s.bound {
		b.fill(m)
	}
}

func (s *optionsSection) read(m *model.Options) {
	for _, b := range s.bound {
		b.read(m)
	}
}

// timeout is the text of the only option that can be wrong.
func (s *optionsSection) timeout() string {
	if c, ok := s.form.Field(timeoutPath).Input.(*control.Combo); ok {
		return c.Text
	}
	return ""
}

func (s *optionsSection) check() []form.Problem {
	if _, err := model.ParseDuration(s.timeout(), time.Minute); err != nil {
		return []form.Problem{{Field: timeoutPath, Err: err}}
	}
	return nil
}

func (s *optionsSection) update() {
	note := ""
	if d, err := model.ParseDuration(s.timeout(), time.Minute); err == nil && d > 0 {
		if text := model.FormatDuration(d); text != strings.TrimSpace(s.timeout()) {
			note = "= " + text
		}
	}
	s.form.Field(timeoutPath).SetNote(note, false)
}

func (s *optionsSection) summary() string {
	var m model.Options
	s.read(&m)
	var parts []string
	for _, o := range s.options {
		if o.words == "" {
			continue
		}
		if text := o.mention(o.words, m); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " · ")
}
