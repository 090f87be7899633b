package substitute_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/substitute"
)

// BenchmarkExpand measures 1 MB with 10,000 expressions, and four times as much: the time is to be linear. The floor is what Go's
// own library needs to replace the same names, without values inside values, positions and reports.
func BenchmarkExpand(b *testing.B) {
	vars, text, bare := settings(10_000)
	largeVars, large, _ := settings(40_000)
	expand := func(text string, vars variables) func() {
		return func() {
			if _, err := substitute.Expand(text, vars); err != nil {
				b.Fatal(err)
			}
		}
	}
	floor := func() {
		os.Expand(bare, func(name string) string {
			value, _, _ := vars.Lookup(name)
			return value
		})
	}
	var ours, floors, fourfold []float64
	for b.Loop() { // alternating, since others use the machine
		ours = append(ours, milliseconds(expand(text, vars)))
		floors = append(floors, milliseconds(floor))
		fourfold = append(fourfold, milliseconds(expand(large, largeVars)))
	}
	b.ReportMetric(median(ours), "ms/MB")
	b.ReportMetric(median(floors), "ms-floor")
	b.ReportMetric(median(ours)/median(floors), "x-floor")
	b.ReportMetric(median(fourfold)/median(ours), "x-fourfold")
	b.ReportMetric(0, "ns/op") // of all of them together: says nothing
}

// settings returns a text with so many expressions of several kinds, one a line of 100 bytes, its variables, and the text as
// os.Expand has it.
func settings(expressions int) (vars variables, text, bare string) {
	vars = variables{}
	vars.set("Env", "Production")
	for i := range 500 {
		vars.set(fmt.Sprintf("App.Setting%d", i), fmt.Sprintf("value %d of #{Env}", i))
	}
	var out, plain strings.Builder
	for i := range expressions {
		name := fmt.Sprintf("App.Setting%d", i%500)
		expression := "#{" + name + "}"
		switch i % 10 {
		case 7:
			expression = "#{" + name + " | ToUpper}"
		case 8:
			expression = "#{if " + name + "}yes#{else}no#{/if}"
		}
		fmt.Fprintf(&out, "line %d: %s %s\n", i, strings.Repeat("x", 70), expression)
		fmt.Fprintf(&plain, "line %d: %s ${%s}\n", i, strings.Repeat("x", 70), name)
	}
	return vars, out.String(), plain.String()
}

func milliseconds(f func()) float64 {
	start := time.Now()
	f()
	return float64(time.Since(start)) / float64(time.Millisecond)
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
