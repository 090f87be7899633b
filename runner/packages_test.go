package runner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// A variable that leads to no package's files is refused for what is missing: the package, or only its being unpacked. What the step
// has already a problem for is not told twice.
func TestMissingPackages(t *testing.T) {
	written := []model.ScriptPackage{
		{Name: " Kit ", Package: "Acme.Tools", Extract: true}, {Name: "Idless"}, {Name: "Raw", Package: "Acme.Data"},
	}
	for name, tt := range map[string]struct {
		source model.Source
		named  string
		want   string
	}{
		"none of the name":                        {model.SourceInline, "Nope", `no further package called "Nope"`},
		"one without an id":                       {model.SourceInline, "idless", ""},
		"one that is not unpacked":                {model.SourceInline, "RAW", "is not unpacked"},
		"one that is not in the library":          {model.SourceInline, "kit", ""},
		"that of the script, which is in none":    {model.SourceInline, "", "it is in no package"},
		"that of the script, which is not chosen": {model.SourcePackage, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			sp := StepPlan{
				Step:     model.Step{Script: model.Script{Source: tt.source, Packages: written}},
				Packages: []PackagePlan{{As: "Raw"}},
			}
			err := sp.missingPackage(model.PackageVariable(tt.named, "ExtractedPath"))
			if got := fmt.Sprint(err); (err == nil) != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("got %s, want %q", got, tt.want)
			}
		})
	}
}
