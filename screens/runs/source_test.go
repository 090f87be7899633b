package runs

import (
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/logview"
)

// The log view knows nothing of runs, so it has streams and levels of its own, with the same values.
func TestStreamsAndLevelsOfTheLogViewAreTheModels(t *testing.T) {
	for stream, want := range map[model.Stream]logview.Stream{
		model.StreamStdout: logview.Stdout, model.StreamStderr: logview.Stderr, model.StreamStepdeck: logview.Note,
	} {
		if logview.Stream(stream) != want {
			t.Errorf("%v is %d, want %d", stream, stream, want)
		}
	}
	for level, want := range map[model.Level]logview.Level{
		model.LevelVerbose: logview.Verbose, model.LevelInfo: logview.Info, model.LevelHighlight: logview.Highlight,
		model.LevelWait: logview.Wait, model.LevelWarning: logview.Warning, model.LevelError: logview.Error,
	} {
		if logview.Level(level) != want {
			t.Errorf("%v is %d, want %d", level, level, want)
		}
	}
}
