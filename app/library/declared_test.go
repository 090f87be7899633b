package library

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// interpreters has the programs that it finds, until none is left.
type interpreters struct{ missing bool }

func (i *interpreters) Interpreter(ctx context.Context, language model.Language, edition model.Edition) (script.Tool, error) {
	if i.missing {
		return script.Tool{}, model.NewError("tool.missing", "There is no PowerShell.")
	}
	kind, err := script.KindFor(language, edition)
	if err != nil {
		return script.Tool{}, err
	}
	return script.Finder{}.Find(ctx, kind)
}

func (i *interpreters) AWS(context.Context) (script.Tool, error) { return script.Tool{}, nil }

func TestWhatPowerShellSaidIsKept(t *testing.T) {
	tools := &interpreters{}
	if _, err := tools.Interpreter(t.Context(), model.PowerShell, model.EditionCore); err != nil {
		if os.Getenv("STEPDECK_REQUIRE_PWSH") == "1" {
			t.Fatal(err)
		}
		t.Skipf("SKIPPED FOR WANT OF pwsh: %v", err)
	}
	d := NewDeclared(filepath.Join(t.TempDir(), "parameters"), tools)
	const text = "param([int] $Days = 7)"
	if _, known := d.Known(model.PowerShell, text); known {
		t.Error("it is known before anybody was asked")
	}
	list, err := d.Parameters(t.Context(), model.PowerShell, model.EditionCore, text)
	if err != nil || len(list) != 1 || list[0].Name != "Days" || list[0].Default != "7" {
		t.Fatalf("%+v, %v", list, err)
	}
	tools.missing = true
	if again, err := d.Parameters(t.Context(), model.PowerShell, model.EditionCore, text); err != nil || len(again) != 1 {
		t.Errorf("asked again: %+v, %v", again, err)
	}
	if _, err := d.Parameters(t.Context(), model.PowerShell, model.EditionCore, text+" "); model.ErrorCode(err) != "tool.missing" {
		t.Errorf("another script: %v", err)
	}
	if list, err := d.Parameters(t.Context(), model.PowerShell, model.EditionCore, "'hi'"); err != nil || len(list) > 0 {
		t.Errorf("a script that can have none: %+v, %v", list, err)
	}
	if list, err := d.Parameters(t.Context(), model.Bash, "", "# @param days number"); err != nil || len(list) != 1 {
		t.Errorf("Bash: %+v, %v", list, err)
	}
}

func TestOldAnswersAreForgotten(t *testing.T) {
	d := NewDeclared(t.TempDir(), &interpreters{})
	start := time.Now().Add(-time.Hour)
	text := func(i int) string { return fmt.Sprintf("param($P%d)", i) }
	for i := range maxDeclared + 2 {
		d.keep(text(i), []model.Parameter{{Name: "P"}})
		if at := start.Add(time.Duration(i) * time.Second); i < maxDeclared {
			if err := os.Chtimes(d.path(text(i)), at, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, want := range map[int]bool{0: false, 1: false, 2: true, maxDeclared + 1: true} {
		if _, known := d.Known(model.PowerShell, text(i)); known != want {
			t.Errorf("answer %d is kept: %v, want %v", i, known, want)
		}
	}
}
