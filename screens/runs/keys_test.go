package runs

import (
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
)

func TestKeysText(t *testing.T) {
	now := time.Now()
	for _, why := range []runner.DeliveryReason{
		runner.KeysNeverEnd, runner.ChosenAlways, runner.ChosenNever, runner.OfConsole, runner.EndTooEarly, runner.LastLonger,
		runner.UnknownLength,
	} {
		v := runner.Verdict{Identity: model.Identity{Expires: now.Add(15 * time.Minute)}, Keys: runner.Delivery{Why: why}}
		if text := KeysText(v, now); !strings.HasPrefix(text, "Keys ") || !strings.Contains(text, "until") || !strings.Contains(text, "15:00") {
			t.Errorf("%s: %q", why, text)
		}
	}
	if text := KeysText(runner.Verdict{Keys: runner.Delivery{Why: runner.KeysNeverEnd}}, now); strings.Contains(text, "until") {
		t.Error(text)
	}
	if text := KeysText(runner.Verdict{}, now); text != "" {
		t.Error(text)
	}
}
