package model

import (
	"slices"
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

func TestRegions(t *testing.T) {
	var codes []string
	for _, r := range Regions() {
		codes = append(codes, r.Code)
		if r.Place == "" || r.Place != RegionPlace(r.Code) || CheckRegion(r.Code) != nil {
			t.Errorf("%s: %q, %q, %v", r.Code, r.Place, RegionPlace(r.Code), CheckRegion(r.Code))
		}
		if strings.Contains(r.Code, "-iso") || strings.Contains(r.Code, "global") {
			t.Errorf("%s is to choose from", r.Code)
		}
	}
	for code := range clearerPlaces() {
		if !slices.Contains(codes, code) {
			t.Errorf("%s has a clearer place but is no region", code)
		}
	}
	got := strings.Join(codes, " ")
	for _, part := range []string{"us-west-2 ca-central-1 ca-west-1 mx-central-1 sa-east-1 eu-central-1",
		"eu-west-3 eusc-de-east-1 il-central-1", "cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is not in %q", part, got)
		}
	}
}

func TestRegionPartition(t *testing.T) {
	for code, want := range map[string]string{
		"eu-west-1": "aws", "cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov", "eusc-de-east-1": "aws-eusc", "us-isob-east-1": "aws-iso-b",
		"us-iso-west-1": "aws-iso", "us-isof-south-1": "aws-iso-f", "eu-isoe-west-1": "aws-iso-e",
		"ap-southeast-19": "aws", "mx-north-2": "aws", "cn-south-1": "aws-cn", "us-gov-central-1": "aws-us-gov", "eusc-de-west-1": "aws-eusc",
		"": "", "eu-west": "", "EU-WEST-1": "", "xx-new-7": "", "aws-global": "", "eu-west-1.example.com": "", "eu-west-1\n": "",
		"eu-" + strings.Repeat("west", 20) + "-1": "",
	} {
		if got := RegionPartition(code); got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
		if err := CheckRegion(code); (err == nil) != (want != "" || code == "") && code != "eu-west-1\n" {
			t.Errorf("%q: %v", code, err)
		}
	}
}
