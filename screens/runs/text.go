package runs

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
)

// face is how a status is shown.
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

// length writes how long something took: 0:12, 12:31, 1:02:03.
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

// took is how long something has gone on until now, or went on.
func took(from, to, now time.Time) string {
	if from.IsZero() {
		return ""
	}
	if to.IsZero() {
		to = now
	}
	return length(to.Sub(from))
}

// day writes a moment as people say it, and short: the time alone today, the day with it this year, else the date.
func day(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	t, now = t.Local(), now.Local()
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04:05")
	}
	if t.Year() == now.Year() {
		return t.Format("2 Jan 15:04")
	}
	return t.Format("2006-01-02")
}

// place names what ran where: a project, and its environment if there is one.
func place(r model.Run) string {
	if r.Environment == "" {
		return r.Project
	}
	return r.Project + " · " + r.Environment
}

// title names a run.
func title(r model.Run) string { return fmt.Sprintf("%s · #%d", place(r), r.ID) }

// stepNames lists what ran, each step once.
func stepNames(r model.Run) string { return strings.Join(r.StepNames(), ", ") }

func isSandbox(r model.Run) bool {
	for _, s := range r.Steps {
		if s.Identity.Sandbox {
			return true
		}
	}
	return false
}

// who is the short name of an identity: user/ana, role/deployer.
func who(id model.Identity) string {
	if id.Role != "" {
		if _, role, ok := strings.Cut(id.Role, ":role/"); ok {
			return "role/" + role
		}
	}
	if at := strings.LastIndexByte(id.ARN, ':'); at >= 0 {
		return id.ARN[at+1:]
	}
	return id.ARN
}

// Face is how a status is shown: its sign with its word, and how that is meant.
func Face(s model.Status) (words string, tone display.Tone) {
	f := faceOf(s)
	return f.sign + " " + f.word, f.tone
}
