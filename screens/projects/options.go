package projects

import (
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/timewords"
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

// unless has the section's summary leave the option out where usual says so.
func (o option) unless(usual func(model.Options) bool) option {
	mention := o.mention
	o.mention = func(words string, m model.Options) string {
		if usual(m) {
			return ""
		}
		return mention(words, m)
	}
	return o
}

// Paths of the options that the section checks or shows by what is chosen elsewhere.
const (
	timeoutPath    = "options.timeout"
	conditionPath  = "options.condition"
	expressionPath = "options.conditionExpression"
	retriesPath    = "options.retries"
	retryPausePath = "options.retryPause"
)

// boundOption is the input of an option in a form.
type boundOption struct {
	input fyne.CanvasObject
	fill  func(model.Options)
	read  func(*model.Options)
}

// options returns the options of a step in the order of the form.
func options() []option {
	return []option{
		duration(timeoutPath, lang.L("Time limit"), lang.L("Such as 90s, 10m or 1h30m; a number alone is minutes."),
			[]string{"5m", "15m", "1h", "4h"}, func(o *model.Options) *time.Duration { return &o.Timeout }).summarized(lang.L("time limit")),
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
		yesOrNo("options.leaveBackground", lang.L("Leave background processes running"),
			lang.L("What the script started and did not wait for goes on after the step. A stop ends it all the same, while the step lasts."),
			yesNo{lang.L("Background processes"), lang.L("Keep running after the step"), lang.L("Ended with the step")},
			func(o *model.Options) *bool { return &o.LeaveBackground }).summarized(lang.L("leaves background processes running")),
		oneOf("options.start", lang.L("Starts"), starts(),
			func(o *model.Options) *model.Start { return &o.Start }).unless(
			func(o model.Options) bool { return o.Start == model.StartAfterPrevious }).summarized(lang.L("starts")),
		oneOf(conditionPath, lang.L("Run condition"), conditions(),
			func(o *model.Options) *model.Condition { return &o.Condition }).unless(
			func(o model.Options) bool { return o.Condition == model.ConditionSuccess }).summarized(lang.L("runs")),
		expression(expressionPath, lang.L("Expression"),
			lang.L("Any value but an empty one, False, No and 0 is true. Octopus.Deployment.Error is empty while no step has failed."),
			func(o *model.Options) *string { return &o.ConditionExpression }),
		yesOrNo("options.required", lang.L("Required"), lang.L("The step runs too when only other steps of the project are chosen."),
			yesNo{lang.L("Required"), lang.L("Runs too when only other steps are chosen"), lang.L("no")},
			func(o *model.Options) *bool { return &o.Required }).summarized(lang.L("required")),
		count(retriesPath, lang.L("Retries"), lang.L("How often the step is tried again while it fails. The last attempt decides."),
			model.MaxRetries, func(o *model.Options) *int { return &o.Retries }).summarized(lang.L("retries")),
		duration(retryPausePath, lang.L("Pause before a retry"), lang.L("Such as 15s or 2m; a number alone is minutes."),
			[]string{"5s", "15s", "1m", "5m"}, func(o *model.Options) *time.Duration { return &o.RetryPause }),
	}
}

// starts returns the start triggers.
func starts() []control.Option {
	return []control.Option{
		{Value: string(model.StartAfterPrevious), Label: lang.L("After the step before it")},
		{Value: string(model.StartWithPrevious), Label: lang.L("Together with the step before it")},
	}
}

// conditions returns the run conditions.
func conditions() []control.Option {
	return []control.Option{
		{Value: string(model.ConditionSuccess), Label: lang.L("Only if all steps before it succeeded")},
		{Value: string(model.ConditionFailure), Label: lang.L("Only if a step before it failed")},
		{Value: string(model.ConditionAlways), Label: lang.L("Always, also if a step before it failed")},
		{Value: string(model.ConditionVariable), Label: lang.L("If an expression is true")},
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

// duration declares a length of time, with some that are offered. Text that is none counts as no time; the section says what is
// wrong with it.
func duration(path, label, help string, offered []string, of func(*model.Options) *time.Duration) option {
	format := func(o model.Options) string { return model.FormatDuration(*of(&o)) }
	words := func(o model.Options) string {
		if d := *of(&o); d != 0 {
			return timewords.Of(d)
		}
		return ""
	}
	return option{
		path: path, label: label, help: help,
		bind: func(k *control.Keys) boundOption {
			c := control.NewCombo(k, func() (items []control.Item) {
				for _, text := range offered {
					items = append(items, control.Item{Value: text, Title: text})
				}
				return items
			})
			c.SetPlaceHolder(lang.L("none"))
			return boundOption{
				input: c,
				fill:  func(o model.Options) { c.SetText(format(o)) },
				read:  func(o *model.Options) { *of(o), _ = model.ParseDuration(c.Text, time.Minute) },
			}
		},
		row: func(o model.Options) (string, string) { return label, words(o) },
		mention: func(what string, o model.Options) string {
			if text := words(o); text != "" {
				return what + " " + text
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

// count declares a number of times.
func count(path, label, help string, most int, of func(*model.Options) *int) option {
	text := func(o model.Options) string {
		if n := *of(&o); n > 0 {
			return strconv.Itoa(n)
		}
		return ""
	}
	return option{
		path: path, label: label, help: help,
		bind: func(k *control.Keys) boundOption {
			choices := []control.Option{{Value: "0", Label: lang.L("none")}}
			for n := 1; n <= most; n++ {
				choices = append(choices, control.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
			}
			s := control.NewSelect(k, choices...)
			return boundOption{
				input: s,
				fill:  func(o model.Options) { s.SetValue(strconv.Itoa(*of(&o))) },
				read:  func(o *model.Options) { *of(o), _ = strconv.Atoi(s.Value()) },
			}
		},
		row: func(o model.Options) (string, string) { return label, text(o) },
		mention: func(words string, o model.Options) string {
			if text := text(o); text != "" {
				return words + " " + text
			}
			return ""
		},
	}
}

// expression declares the expression of the run condition, which other conditions don't have.
func expression(path, label, help string, of func(*model.Options) *string) option {
	return option{
		path: path, label: label, help: help,
		bind: func(k *control.Keys) boundOption {
			e := control.NewEntry(k)
			e.SetPlaceHolder("#{unless Octopus.Deployment.Error}#{Deploy}#{/unless}")
			return boundOption{
				input: e,
				fill:  func(o model.Options) { e.SetText(*of(&o)) },
				read: func(o *model.Options) {
					if *of(o) = ""; o.Condition == model.ConditionVariable {
						*of(o) = e.Text
					}
				},
			}
		},
		row: func(o model.Options) (string, string) { return label, *of(&o) },
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
