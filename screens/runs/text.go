package runs

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// face is the appearance of a status.
type face struct {
	sign string
	word string
	tone display.Tone
}

func faceOf(s model.Status) face {
	switch s {
	case model.Queued:
		return face{"○", lang.L("Waiting"), display.Plain}
	case model.Running:
		return face{"●", lang.L("Running"), display.Neutral}
	case model.Succeeded:
		return face{"✓", lang.L("Succeeded"), display.Good}
	case model.Warning:
		return face{"✓", lang.L("With warnings"), display.Caution}
	case model.Failed:
		return face{"✕", lang.L("Failed"), display.Bad}
	case model.Stopped:
		return face{"■", lang.L("Stopped"), display.Caution}
	case model.TimedOut:
		return face{"✕", lang.L("Timed out"), display.Bad}
	case model.Interrupted:
		return face{"✕", lang.L("Interrupted"), display.Bad}
	case model.Skipped:
		return face{"–", lang.L("Skipped"), display.Plain}
	}
	return face{"?", string(s), display.Plain}
}

// length formats a duration: 0:12, 12:31, 1:02:03.
func length(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	if s < 0 {
		s = 0
	}
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// took formats the time between from and to, or now if to is zero.
func took(from, to, now time.Time) string {
	if from.IsZero() {
		return ""
	}
	if to.IsZero() {
		to = now
	}
	return length(to.Sub(from))
}

// lasted is took for what may have been interrupted: nobody knows when that was, only until when it is known to have lasted.
func lasted(status model.Status, from, to, now time.Time) string {
	text := took(from, to, now)
	if status == model.Interrupted && text != "" {
		return lang.L("at least {{.Time}}", map[string]any{"Time": text})
	}
	return text
}

// lastedBriefly is lasted for a column.
func lastedBriefly(r model.Run, now time.Time) string {
	text := took(r.Started, r.Finished, now)
	if r.Status == model.Interrupted {
		return "≥ " + text
	}
	return text
}

// sameDay reports whether two moments are of the same day here.
func sameDay(a, b time.Time) bool {
	a, b = a.Local(), b.Local()
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// day formats a time briefly: the time of day if it is today, with the day if it is this year, else the date.
func day(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t, now = t.Local(), now.Local()
	if sameDay(t, now) {
		return t.Format("15:04:05")
	}
	if t.Year() == now.Year() {
		return t.Format("2 Jan 15:04")
	}
	return t.Format("2006-01-02")
}

// place returns the project of a run and its environment, if there is one.
func place(r model.Run) string {
	if r.Environment == "" {
		return r.Project
	}
	return r.Project + " · " + r.Environment
}

func title(r model.Run) string { return fmt.Sprintf("%s · #%d", place(r), r.ID) }

// stepName returns the name of a step, with the number of an attempt that follows another.
func stepName(s model.StepRun) string {
	if s.Attempt <= 1 {
		return s.Step
	}
	return lang.L("{{.Step}} · attempt {{.Attempt}}", map[string]any{"Step": s.Step, "Attempt": s.Attempt})
}

// stepNames lists the steps of a run, each once.
func stepNames(r model.Run) string { return strings.Join(r.StepNames(), ", ") }

// stepsAndResult also has the last message of a script about its result.
func stepsAndResult(r model.Run) string {
	text := stepNames(r)
	for _, s := range slices.Backward(r.Steps) {
		if s.ResultMessage != "" {
			return text + " · " + legible(s.ResultMessage, sentenceRunes, 1)
		}
	}
	return text
}

func isSandbox(r model.Run) bool {
	for _, s := range r.Steps {
		if s.Identity.Sandbox {
			return true
		}
	}
	return false
}

// who returns the short name of an identity: user/ana, role/deployer.
func who(id model.Identity) string {
	if id.Role != "" {
		if _, role, ok := strings.Cut(id.Role, ":role/"); ok {
			return "role/" + role
		}
	}
	if colon := strings.LastIndexByte(id.ARN, ':'); colon >= 0 {
		return id.ARN[colon+1:]
	}
	return id.ARN
}

// Face returns the text and the tone in which a status is shown.
func Face(s model.Status) (words string, tone display.Tone) {
	f := faceOf(s)
	return f.sign + " " + f.word, f.tone
}
