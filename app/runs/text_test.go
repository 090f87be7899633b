package runs_test

import (
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/app/runs"
	"github.com/stepdeck/stepdeck/model"
)

func TestExportLine(t *testing.T) {
	east := time.FixedZone("east", 3600)
	line := model.LogLine{Time: time.Date(2026, 11, 23, 13, 0, 1, 23_456_000, east), Level: model.LevelWarning, Text: "raw"}
	const want = "2026-11-23T12:00:01.023Z  warning   2 | shown\n"
	if got := runs.ExportLine("2", line, "shown"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
