package runs

import (
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

func TestUsual(t *testing.T) {
	minutes := func(list ...int) (took []time.Duration) {
		for _, m := range list {
			took = append(took, time.Duration(m)*time.Minute)
		}
		return took
	}
	for _, row := range []struct {
		name string
		took []time.Duration
		want string
	}{
		{"one", minutes(7), "7 min"},
		{"ten", minutes(10, 9, 8, 7, 6, 5, 4, 3, 2, 100), "6 min to 10 min"},
		{"alike", minutes(5, 5, 5, 5), "5 min"},
		{"the newest twenty count", append(minutes(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), minutes(900, 900)...), "60 s"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := span(model.UsualOf(row.took)); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
	if model.UsualOf(nil).Runs != 0 {
		t.Error("no runs have a usual time")
	}
}

func TestAbout(t *testing.T) {
	for d, want := range map[time.Duration]string{
		100 * time.Millisecond: "1 s", 45 * time.Second: "45 s", 100 * time.Second: "2 min", 41*time.Minute + 20*time.Second: "41 min",
		2 * time.Hour: "2 h", 131 * time.Minute: "2 h 10 min",
	} {
		if got := About(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
