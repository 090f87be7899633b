package octopusimport_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/app/octopusimport"
	"github.com/stepdeck/stepdeck/model/octopusjson"
)

// The time per variable stays what it is, however many there are.
func BenchmarkVariables(b *testing.B) {
	for _, n := range []int{2_000, 20_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var list []string
			for i := range n {
				list = append(list, fmt.Sprintf(`{"Name": "Variable%d", "Value": "#{Variable%d} #{Other%d}"}`, i, i+1, i))
			}
			export, err := octopusjson.Read("variables.json", []byte(`{"OwnerId": "Projects-1", "Variables": [`+strings.Join(list, ",")+"]}"))
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := octopusimport.Convert(b.Context(), export, octopusimport.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/variable")
		})
	}
}
