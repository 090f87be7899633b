package projects

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// option declares an option of a step once for the window: its field in the form, its row in the preview and its part of the
// section's summary.
type option struct {
	path  string // of its field
	label string // empty for a check box, which has its label beside it
	help  string

	bind    func(*control.Keys) boundOption
	row     func(model.Options) (title, text string) // in a preview
	mention func(words string, m model.Options) string
	words   string // of the section's summary, for mention; empty: it is not mentioned there
}

// summarized has the section's summary mention the option, with these words.
func (o option) summarized(words string) option {
	o.words = words
	return o
}

// timeoutPath is the path of the time limit, which the section checks while it is typed.
const timeoutPath = "options.timeout"

// boundOption is the input of an option in a form.
type boundOption struct {
	input fyne.CanvasObject
	fill  func(model.Options)
	read  func(*model.Options)
}

// options returns the options of a step in the order of the form.
func options() []option {
	return []option{
		timeLimit(timeoutPath, lang.L("Time limit"), lang.L("Such as 90s, 10m or 1h30m; a number alone is minutes."),
			func(o *model.Options) *time.Duration { return &o.Timeout }).summarized(lang.L("time limit")),
		oneOf("options.stderr", lang.L("Error output is"), errorOutputs(),
			func(o *model.Options) *model.ErrorOutput { return &o.Stderr }).summarized(lang.L("error output is")),
		yesOrNo("options.stopOnFirstFailure", lang.L("Stop at the first failing command"),
			lang.L("Bash: set -e and pipefail. PowerShell: also when a program such as aws fails."),
			yesNo{lang.L("On failure"), lang.L("Stops at the first failing command"), lang.L("Continues")},
			func(o *model.Options) *bool { return &o.StopOnFirstFailure }).summarized(lang.L("stops at the first failing command")),
		oneOf("options.edition", lang.L("PowerShell edition"), editions(),
			func(o *model.Options) *model.Edition { return &o.Edition }),
		yesOrNo("options.isolateAwsConfig", lang.L("Isolate from ~/.aws"),
			lang.L("The script can't use the profiles of this computer, so it never runs with another identity by accident."),
			yesNo{lang.L("Files in ~/.aws"), lang.L("Hidden from the script"), lang.L("Readable by the script")},
			func(o *model.Options) *bool { return &o.IsolateAWSConfig }),
		oneOf("options.freshCredentials", lang.L("Credentials"), freshness(),
			func(o *model.Options) *model.Freshness { return &o.FreshCredentials }),
	}
}

// freshness returns the ways to keep credentials fresh.
func freshness() []control.Option {
	return []control.Option{
		{Value: string(model.FreshAuto), Label: lang.L("Renewed if they would end before the step does")},
		{Value: string(model.FreshAlways), Label: lang.L("Renewed while the script runs")},
		{Value: string(model.FreshNever), Label: lang.L("Keys in the environment, never renewed")},
	}
}

// errorOutputs returns the ways to treat error output.
func errorOutputs() []control.Option {
	return []control.Option{
		{Value: string(model.ErrorOutputInfo), Label: lang.L("information")},
		{Value: string(model.ErrorOutputWarning), Label: lang.L("an error; the step ends with a warning")},
		{Value: string(model.ErrorOutputError), Label: lang.L("an error; the step's status is unchanged")},
		{Value: string(model.ErrorOutputFail), Label: lang.L("a failure of the step")},
	}
}

// editions returns the editions of PowerShell.
func editions() []control.Option {
	return []control.Option{
		{Value: string(model.EditionAuto), Label: lang.L("Windows PowerShell on Windows, PowerShell elsewhere")},
		{Value: string(model.EditionDesktop), Label: lang.L("Windows PowerShell")},
		{Value: string(model.EditionCore), Label: lang.L("PowerShell (pwsh)")},
	}
}

// timeLimit declares a duration. Text that is none is no limit; the section says what is wrong with it.
func timeLimit(path, label, help string, of func(*model.Options) *time.Duration) option {
	format := func(o model.Options) string { return model.FormatDuration(*of(&o)) }
	return option{
		path: path, label: label, help: help,
		bind: func(k *control.Keys) boundOption {
			c := control.NewCombo(k, func() []control.Item {
				return []control.Item{
					{Value: "5m", Title: "5m"}, {Value: "15m", Title: "15m"}, {Value: "1h", Title: "1h"}, {Value: "4h", Title: "4h"},
				}
			})
			c.SetPlaceHolder(lang.L("none"))
			return boundOption{
				input: c,
				fill:  func(o model.Options) { c.SetText(format(o)) },
				read:  func(o *model.Options) { *of(o), _ = model.ParseDuration(c.Text, time.Minute) },
			}
		},
		row: func(o model.Options) (string, string) { return label, format(o) },
		mention: func(words string, o model.Options) string {
			if text := format(o); text != "" {
				return words + " " + text
			}
			return ""
		},
	}
}

// oneOf declares a choice among words.
func oneOf[W ~string](path, label string, choices []control.Option, of func(*model.Options) *W) option {
	text := func(o model.Options) string {
		for _, c := range choices {
			if c.Value == string(*of(&o)) {
				return c.Label
			}
		}
		return string(*of(&o))
	}
	return option{
		path: path, label: label,
		bind: func(k *control.Keys) boundOption {
			s := control.NewSelect(k, choices...)
			return boundOption{
				input: s,
				fill:  func(o model.Options) { s.SetValue(string(*of(&o))) },
				read:  func(o *model.Options) { *of(o) = W(s.Value()) },
			}
		},
		row:     func(o model.Options) (string, string) { return label, text(o) },
		mention: func(words string, o model.Options) string { return words + " " + strings.ToLower(text(o)) },
	}
}

// yesNo are the texts of a check box's row in a preview.
type yesNo struct{ title, yes, no string }

// yesOrNo declares a check box.
func yesOrNo(path, label, help string, row yesNo, of func(*model.Options) *bool) option {
	return option{
		path: path, help: help,
		bind: func(k *control.Keys) boundOption {
			c := control.NewCheck(k, label)
			return boundOption{
				input: c,
				fill:  func(o model.Options) { c.SetChecked(*of(&o)) },
				read:  func(o *model.Options) { *of(o) = c.Checked },
			}
		},
		row: func(o model.Options) (string, string) {
			if *of(&o) {
				return row.title, row.yes
			}
			return row.title, row.no
		},
		mention: func(words string, o model.Options) string {
			if *of(&o) {
				return words
			}
			return ""
		},
	}
}
