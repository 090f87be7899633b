package runs

import (
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

func TestKeysText(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.Local)
	for _, why := range []runner.DeliveryReason{
		runner.KeysNeverEnd, runner.ChosenAlways, runner.ChosenNever, runner.OfConsole, runner.EndTooEarly, runner.LastLonger,
		runner.UnknownLength,
	} {
		v := runner.Verdict{Identity: model.Identity{Expires: now.Add(15 * time.Minute)}, Keys: runner.Delivery{Why: why}}
		if text := KeysText(v, now); !strings.HasPrefix(text, "Keys ") || !strings.Contains(text, "until 12:15 (15 min)") {
			t.Errorf("%s: %q", why, text)
		}
	}
	tomorrow := runner.Verdict{Identity: model.Identity{Expires: now.Add(26 * time.Hour)}, Keys: runner.Delivery{Why: runner.LastLonger}}
	if text := KeysText(tomorrow, now); !strings.Contains(text, "until 2 Jun 14:00 (26 h)") {
		t.Error(text)
	}
	if text := KeysText(runner.Verdict{Keys: runner.Delivery{Why: runner.KeysNeverEnd}}, now); strings.Contains(text, "until") {
		t.Error(text)
	}
	if text := KeysText(runner.Verdict{}, now); text != "" {
		t.Error(text)
	}
}
