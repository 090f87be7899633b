package substitute_test

import (
	"fmt"
	"iter"
	"maps"

	"github.com/stepdeck/stepdeck/runner/substitute"
)

// values returns variables as a run would.
type values map[string]string

func (v values) Lookup(name string) (value string, sensitive, ok bool) {
	value, ok = v[name]
	return value, name == "Token", ok
}

func (v values) Names() iter.Seq[string] { return maps.Keys(v) }

func ExampleExpand() {
	res, err := substitute.Expand("aws s3 ls s3://#{Bucket}-#{Config.stage} --token #{Token} # #{Nope}", values{
		"Bucket": "assets", "Config": `{"stage": "test"}`, "Token": "abc",
	})
	fmt.Println(res.Text, err)
	fmt.Println("sensitive:", res.Sensitive, "undefined:", res.Undefined[0].Name)
	// Output:
	// aws s3 ls s3://assets-test --token abc # #{Nope} <nil>
	// sensitive: true undefined: Nope
}
