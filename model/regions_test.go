package model

import (
	"strings"
	"testing"
)

func TestResolveRegion(t *testing.T) {
	for _, c := range []struct {
		text, want string
		names      []string // in the error
	}{
		{text: "", want: ""},
		{text: "  eu-west-1 ", want: "eu-west-1"},
		{text: "EU-West-1", want: "eu-west-1"},
		{text: "xx-new-7", want: "xx-new-7"},
		{text: "#{Region}", want: "#{Region}"},
		{text: "Frankfurt", want: "eu-central-1"},
		{text: "frankfurt ", want: "eu-central-1"},
		{text: "Frank", want: "eu-central-1"},
		{text: "Sao Paulo", want: "sa-east-1"},
		{text: "São Paulo", want: "sa-east-1"},
		{text: "Zürich", want: "eu-central-2"},
		{text: "N. Virginia", want: "us-east-1"},
		{text: "europe (ireland)", want: "eu-west-1"},
		{text: "Hong Kong", want: "ap-east-1"},
		{text: "US-East", names: []string{"us-east-1 (N. Virginia)", "us-east-2 (Ohio)", "us-gov-east-1 (US-East)"}},
		{text: "GovCloud", names: []string{"us-gov-east-1 (US-East)", "us-gov-west-1 (US-West)"}},
		{text: "China", names: []string{"cn-north-1 (Beijing)", "cn-northwest-1 (Ningxia)"}},
		{text: "Europe", names: []string{"eu-central-1 (Frankfurt)", "3 more"}},
		{text: "Atlantis", want: "Atlantis"},
		{text: "ondon", want: "ondon"},
		{text: "--", want: "--"},
	} {
		t.Run(c.text, func(t *testing.T) {
			got, err := ResolveRegion(c.text)
			if (err != nil) != (c.names != nil) || got != c.want {
				t.Fatalf("%q, %v; want %q", got, err, c.want)
			}
			for _, name := range c.names {
				if !strings.Contains(err.Error(), name) {
					t.Errorf("%q does not name %q", err, name)
				}
			}
		})
	}
}
