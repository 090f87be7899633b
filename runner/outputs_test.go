package runner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestOutputsKeepTheLastOfEachName(t *testing.T) {
	var s outputs
	for _, o := range []model.Output{{Name: "Größe", Value: "1"}, {Name: "B", Value: "x"}, {Name: "GRÖSSE", Value: "2"},
		{Name: "Key", Value: "secret", Sensitive: true}} {
		if !s.add(o) {
			t.Fatalf("%q is left out", o.Name)
		}
	}
	if got := fmt.Sprint(s.list); got != "[{GRÖSSE 2 false} {B x false} {Key  true}]" {
		t.Errorf("kept %s", got)
	}
}

// What a further output costs does not grow with how many there are.
func TestWorkForManyOutputsIsLinear(t *testing.T) {
	var s outputs
	fill := func(upTo int) {
		for i := len(s.list); i < upTo; i++ {
			s.add(model.Output{Name: fmt.Sprintf("Name %d", i), Value: "v"})
		}
	}
	again := func() float64 {
		return testing.AllocsPerRun(10, func() { s.add(model.Output{Name: "NAME 7", Value: "w"}) })
	}
	fill(100)
	few := again()
	fill(maxOutputs)
	if many := again(); many > few {
		t.Errorf("an output among %d costs %v allocations, among 100 %v", maxOutputs, many, few)
	}
}

func TestOutputsHaveALimit(t *testing.T) {
	var s outputs
	for i := range maxOutputs {
		if !s.add(model.Output{Name: fmt.Sprint(i), Value: "v"}) {
			t.Fatalf("number %d is left out", i)
		}
	}
	if s.add(model.Output{Name: "one more"}) {
		t.Error("one more than the most is kept")
	}
	if !s.add(model.Output{Name: "7", Value: "new"}) || s.list[7].Value != "new" {
		t.Error("one of those that are there can't be set again")
	}
	s = outputs{}
	half := strings.Repeat("x", maxOutputBytes/2)
	for _, c := range []struct {
		name string
		fits bool
	}{{"A", true}, {"A", true}, {"B", false}} {
		if got := s.add(model.Output{Name: c.name, Value: half}); got != c.fits {
			t.Errorf("half of the bytes as %s: kept %v, want %v", c.name, got, c.fits)
		}
	}
}
