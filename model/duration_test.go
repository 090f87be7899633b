package model_test

import (
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

func TestDurations(t *testing.T) {
	for _, row := range []struct {
		text, shown string
		bad         bool
	}{{"", "", false}, {"90", "1h30m", false}, {"90s", "1m30s", false}, {"1h", "1h", false}, {"10 m", "10m", false}, {"soon", "", true},
		{"1h30m", "1h30m", false}} {
		d, err := model.ParseDuration(row.text, 60e9)
		if (err != nil) != row.bad || err == nil && model.FormatDuration(d) != row.shown {
			t.Errorf("%q: %v, %v", row.text, d, err)
		}
	}
}

func FuzzDurations(f *testing.F) {
	f.Add("1h30m")
	f.Add("90")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := model.ParseDuration(text, 60e9)
		if err != nil || d <= 0 {
			return
		}
		if again, err := model.ParseDuration(model.FormatDuration(d), 60e9); err != nil || again != d {
			t.Errorf("%q is %v, written %q, read back as %v, %v", text, d, model.FormatDuration(d), again, err)
		}
	})
}

func TestTimeWords(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 seconds", -time.Hour: "0 seconds", 300 * time.Millisecond: "less than a second", time.Second: "1 second", time.Minute: "1 minute",
		90 * time.Second: "1 minute 30 seconds", 15 * time.Minute: "15 minutes", time.Hour: "1 hour",
		36*time.Hour + time.Minute: "36 hours 1 minute",
	} {
		if got := model.TimeWords(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestLocalTime(t *testing.T) {
	at := time.Date(2026, 6, 1, 23, 30, 5, 999, time.FixedZone("elsewhere", 5*60*60+45*60))
	got, err := time.ParseInLocation(time.DateTime, model.LocalTime(at), time.Local)
	if err != nil || !got.Equal(at.Truncate(time.Second)) {
		t.Errorf("%q is %v, %v, want %v", model.LocalTime(at), got, err, at)
	}
}
