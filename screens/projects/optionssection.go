package projects

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
	"github.com/stepdeck/stepdeck/screens/widgets/timewords"
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

// durations are the paths of the options that can be wrong.
func durations() []string { return []string{timeoutPath, retryPausePath} }

// text returns what is typed for an option that is a length of time.
func (s *optionsSection) text(path string) string {
	if c, ok := s.form.Field(path).Input.(*control.Combo); ok {
		return c.Text
	}
	return ""
}

func (s *optionsSection) check() []form.Problem {
	var list []form.Problem
	for _, path := range durations() {
		if _, err := model.ParseDuration(s.text(path), time.Minute); err != nil {
			list = append(list, form.Problem{Field: path, Err: err})
		}
	}
	return list
}

func (s *optionsSection) update() {
	var m model.Options
	s.read(&m)
	s.form.Field(expressionPath).SetVisible(m.Condition == model.ConditionVariable)
	s.form.Field(retryPausePath).SetVisible(m.Retries > 0 || s.text(retryPausePath) != "")
	for _, path := range durations() {
		s.form.Field(path).SetNote(understood(s.text(path)), false)
	}
}

// understood returns what a length of time is understood as, if it is typed in another way.
func understood(typed string) string {
	d, err := model.ParseDuration(typed, time.Minute)
	if err == nil && d > 0 && model.FormatDuration(d) != strings.TrimSpace(typed) {
		return "= " + timewords.Of(d)
	}
	return ""
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
