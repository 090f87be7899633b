package runs

import (
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/runner"
)

// KeysText says how the script of a step gets its keys, why that way, and until when the keys that it would get now live. It is
// empty for a step of which that isn't known.
func KeysText(v runner.Verdict, now time.Time) string {
	text := map[runner.DeliveryReason]string{
		runner.KeysNeverEnd:  lang.L("Keys in the environment: they don't end."),
		runner.ChosenNever:   lang.L("Keys in the environment, as the step has it."),
		runner.LastLonger:    lang.L("Keys in the environment: they live longer than the step usually takes."),
		runner.UnknownLength: lang.L("Keys in the environment: how long the step takes is not known yet."),
		runner.ChosenAlways:  lang.L("Keys renewed while the script runs, as the step has it."),
		runner.OfConsole:     lang.L("Keys renewed while the script runs: those of a console sign-in live for minutes."),
		runner.EndTooEarly:   lang.L("Keys renewed while the script runs: they would end before the step usually does."),
	}[v.Keys.Why]
	ends := v.Identity.Expires
	if text == "" || ends.IsZero() {
		return text
	}
	at := ends.Local().Format("15:04")
	if !sameDay(ends, now) {
		at = ends.Local().Format("2 Jan 15:04")
	}
	return text + " " + lang.L("Now they would live until {{.Time}} ({{.Left}}).",
		map[string]any{"Time": at, "Left": About(max(0, ends.Sub(now)))})
}
