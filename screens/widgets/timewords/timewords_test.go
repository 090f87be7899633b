package timewords_test

import (
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/screens/widgets/timewords"
)

func TestWords(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Millisecond:            "less than a second",
		0:                           "0 seconds",
		-time.Minute:                "0 seconds",
		time.Second:                 "1 second",
		1500 * time.Millisecond:     "2 seconds",
		time.Minute:                 "1 minute",
		90 * time.Second:            "1 minute 30 seconds",
		15 * time.Minute:            "15 minutes",
		time.Hour:                   "1 hour",
		2*time.Hour + 5*time.Second: "2 hours 5 seconds",
		25*time.Hour + time.Minute:  "25 hours 1 minute",
	} {
		if got := timewords.Of(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
