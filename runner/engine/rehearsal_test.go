package engine

import (
	"slices"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// A rehearsal that the engine did not hear of would change things.
func TestTheEngineIsToldToRehearse(t *testing.T) {
	o := model.RunOptions{Rehearsal: &model.Rehearsal{Policy: "{}", PolicyARNs: []string{"arn:a", "arn:b"}}}
	got := Request{Project: "P", RunOptions: o}.arguments()
	want := []string{"run", "--events", secretsFlag, "--rehearse", "--rehearse-policy={}", "--rehearse-policy-arn=arn:a",
		"--rehearse-policy-arn=arn:b", "--", "P"}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	if got := (Request{Project: "P"}).arguments(); slices.Contains(got, "--rehearse") {
		t.Errorf("%q", got)
	}
}
