package model

import (
	"math"
	"math/big"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ControlType is the input control for a prompted value.
type ControlType string

// The controls of a prompt. A sensitive value is always asked for without being shown.
const (
	ControlText        ControlType = "text"
	ControlMultiline   ControlType = "multiline"
	ControlSelect      ControlType = "select"
	ControlMultiSelect ControlType = "multiselect" // the chosen options with commas between them
	ControlCheckbox    ControlType = "checkbox"    // True or False
	ControlNumber      ControlType = "number"
	ControlDate        ControlType = "date" // 2006-01-02
	ControlFile        ControlType = "file" // the full path of a file that exists
)

// Controls lists the controls of a prompt.
func Controls() []ControlType {
	return []ControlType{
		ControlText, ControlMultiline, ControlSelect, ControlMultiSelect, ControlCheckbox, ControlNumber, ControlDate, ControlFile,
	}
}

// The values of a checkbox.
const (
	CheckedValue   = "True"
	UncheckedValue = "False"
)

// Prompt says how a value is asked for when a run starts.
type Prompt struct {
	Label    string
	Help     string
	Control  ControlType
	Options  []string // of a select or multiselect
	Labels   []string // what people see for each of the options, in the same order; empty: the options themselves
	Choices  *Choices // of a text, select or multiselect: read from AWS; nil: none
	Min, Max string   // of a number or date; empty for no limit
	Required bool
}

// OptionLabel returns what people see for the option at index i.
func (p Prompt) OptionLabel(i int) string {
	if i < len(p.Labels) && strings.TrimSpace(p.Labels[i]) != "" {
		return p.Labels[i]
	}
	return p.Options[i]
}

// Accept returns an answer in the form in which scripts get it, or says why it is none. It doesn't look for files, nor ask AWS.
func (p Prompt) Accept(answer string) (value string, err error) {
	text := strings.TrimSpace(answer)
	switch p.Control {
	case ControlSelect:
		if p.Choices == nil && !slices.Contains(p.Options, answer) {
			return "", NewError("run.value.option", "That is not one of the options. Choose one of: %s.", strings.Join(p.Options, ", "))
		}
	case ControlMultiSelect:
		return p.acceptSeveral(answer)
	case ControlCheckbox:
		return acceptCheckbox(text)
	case ControlNumber, ControlDate:
		if text == "" {
			return "", nil
		}
		return text, p.checkRange(text)
	case ControlFile:
		if text != "" && !filepath.IsAbs(text) {
			return "", NewError("run.value.path", "%q is not the full path of a file. Begin it with the drive or root folder.", text)
		}
		return text, nil
	case ControlText, ControlMultiline:
	}
	return answer, nil
}

// acceptSeveral accepts options with commas between them, and returns each once, in the order of the prompt.
func (p Prompt) acceptSeveral(answer string) (string, error) {
	chosen := SplitOptions(answer)
	if p.Choices != nil {
		return strings.Join(unique(chosen), ","), nil
	}
	for _, c := range chosen {
		if !slices.Contains(p.Options, c) {
			return "", NewError("run.value.option", "%q is not one of the options. Choose some of: %s, with commas between them.",
				c, strings.Join(p.Options, ", "))
		}
	}
	var ordered []string
	for _, o := range p.Options {
		if slices.Contains(chosen, o) && !slices.Contains(ordered, o) {
			ordered = append(ordered, o)
		}
	}
	return strings.Join(ordered, ","), nil
}

func unique(list []string) []string {
	var once []string
	for _, text := range list {
		if !slices.Contains(once, text) {
			once = append(once, text)
		}
	}
	return once
}

// SplitOptions returns the options in the value of a multiselect.
func SplitOptions(value string) []string {
	var list []string
	for part := range strings.SplitSeq(value, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

func acceptCheckbox(text string) (string, error) {
	switch {
	case text == "", strings.EqualFold(text, UncheckedValue):
		return UncheckedValue, nil
	case strings.EqualFold(text, CheckedValue):
		return CheckedValue, nil
	}
	return "", NewError("run.value.checkbox", "A checkbox has no such value. Use True or False.")
}

// checkRange returns an error unless text is a number or date within the limits.
func (p Prompt) checkRange(text string) error {
	kind := p.measure()
	if !kind.valid(text) {
		return NewError("run.value.form", "%q is not a %s. Use one such as %s.", text, kind.name, kind.within(p))
	}
	if p.Min != "" && kind.compare(text, p.Min) < 0 || p.Max != "" && kind.compare(text, p.Max) > 0 {
		return NewError("run.value.range", "%s is outside of the range. Use a %s %s.", text, kind.name, p.Range())
	}
	return nil
}

// Range describes the limits of a number or date in words; empty if it has none.
func (p Prompt) Range() string {
	switch {
	case p.Min != "" && p.Max != "":
		return "from " + p.Min + " to " + p.Max
	case p.Min != "":
		return "from " + p.Min
	case p.Max != "":
		return "up to " + p.Max
	}
	return ""
}

// NearestDay returns the day within the limits of a date that is nearest to another one.
func (p Prompt) NearestDay(day time.Time) time.Time {
	text := day.Format(time.DateOnly)
	if first, err := time.Parse(time.DateOnly, p.Min); err == nil && text < p.Min {
		return first
	}
	if last, err := time.Parse(time.DateOnly, p.Max); err == nil && text > p.Max {
		return last
	}
	return day
}

// within returns an example of a value: a limit, if there is a usable one.
func (m measure) within(p Prompt) string {
	for _, limit := range []string{p.Min, p.Max} {
		if m.valid(limit) {
			return limit
		}
	}
	return m.example
}

// measure is a kind of values that have an order.
type measure struct {
	name, example string
	valid         func(text string) bool
	compare       func(a, b string) int // of valid texts
}

func (p Prompt) measure() measure {
	if p.Control == ControlDate {
		return measure{"date", "2026-01-31", isDate, strings.Compare}
	}
	return measure{"number", "12 or 0.5", numberForm().MatchString, compareNumbers}
}

// numberForm has no exponent: what it allows means the same in every language.
var numberForm = pattern(`^-?[0-9]{1,30}(\.[0-9]{1,30})?$`)

func compareNumbers(a, b string) int {
	x, y := new(big.Rat), new(big.Rat)
	x.SetString(a)
	y.SetString(b)
	return x.Cmp(y)
}

// roundHalfToEven returns the nearest whole number of a valid one; of two it is the even one.
func roundHalfToEven(text string) string {
	number, _ := strconv.ParseFloat(text, 64)
	if whole := strconv.FormatFloat(math.RoundToEven(number), 'f', 0, 64); whole != "-0" {
		return whole
	}
	return "0"
}

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

func (p Prompt) check(v Variable) []Problem {
	var ps problems
	switch p.Control {
	case ControlText, ControlMultiline, ControlCheckbox, ControlNumber, ControlDate, ControlFile:
		if len(p.Options) > 0 {
			ps.add("options", NewError("prompt.options.unused",
				"The prompt of %q has options but is not a select. Remove them or make it a select.", v.Name))
		}
	case ControlSelect, ControlMultiSelect:
		ps.add("options", p.checkOptions(v))
	default:
		ps.add("control", NewError("prompt.control", "%q is not a control. Use one of: %s.", p.Control, controlNames()))
	}
	if n := len(p.Labels); n > 0 && n != len(p.Options) {
		ps.add("labels", NewError("prompt.labels.count", "The prompt of %q has %s and %s. Give every option a label, or none.",
			v.Name, Count(len(p.Options), "option", "options"), Count(n, "label", "labels")))
	}
	if p.Choices != nil {
		ps.addAll("choices.", p.Choices.check(p, v))
	}
	p.checkLimits(v, &ps)
	return ps.list
}

func (p Prompt) checkOptions(v Variable) error {
	if len(p.Options) == 0 {
		if p.Choices != nil {
			return nil
		}
		return NewError("prompt.options.empty", "The prompt of %q is a select without options. Add some.", v.Name)
	}
	if p.Control == ControlMultiSelect {
		for _, o := range p.Options {
			if strings.Contains(o, ",") || strings.TrimSpace(o) != o || o == "" {
				return NewError("prompt.options.comma",
					"The option %q of %q can't be one of several, which have commas between them. Remove its comma or blanks.", o, v.Name)
			}
		}
	}
	return nil
}

func controlNames() string {
	var names []string
	for _, c := range Controls() {
		names = append(names, string(c))
	}
	return strings.Join(names, ", ")
}

func (p Prompt) checkLimits(v Variable, ps *problems) {
	ranged, kind := p.Control == ControlNumber || p.Control == ControlDate, p.measure()
	valid := true
	for _, limit := range []struct{ field, text string }{{"min", p.Min}, {"max", p.Max}} {
		switch {
		case limit.text == "":
		case !ranged:
			ps.add(limit.field, NewError("prompt.limit.unused",
				"The prompt of %q has a limit but is neither a number nor a date. Remove the limit.", v.Name))
			valid = false
		case !kind.valid(limit.text):
			ps.add(limit.field, NewError("prompt.limit", "The limit %q of %q is not a %s. Use one such as %s.",
				limit.text, v.Name, kind.name, kind.example))
			valid = false
		}
	}
	if valid && p.Min != "" && p.Max != "" && kind.compare(p.Min, p.Max) > 0 {
		ps.add("max", NewError("prompt.limit.order", "The prompt of %q allows nothing: %s is above %s.", v.Name, p.Min, p.Max))
	}
}
