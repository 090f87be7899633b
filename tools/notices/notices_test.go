package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestIdentify(t *testing.T) {
	const bsd = "Redistribution and use in source and binary\n// forms, with or without modification, are permitted"
	for name, row := range map[string]struct{ text, want string }{
		"MIT": {"Permission is hereby granted, free of charge, to any person obtaining a copy of this\nsoftware ... The " +
			"above copyright notice and this permission notice shall be included in all copies", "MIT"},
		"MIT without its condition": {"Permission is hereby granted, free of charge, to any person obtaining a copy of this software", ""},
		"BSD, three clauses":        {bsd + " ... may be used to endorse or promote products derived from this software", "BSD-3-Clause"},
		"BSD, two clauses":          {bsd, "BSD-2-Clause"},
		"Apache":                    {"Apache License\n   Version 2.0, January 2004", "Apache-2.0"},
		"two in one file":           {"Apache License Version 2.0, January 2004 ---- " + bsd, "Apache-2.0 BSD-2-Clause"},
		"all rights reserved":       {"Copyright (c) 2026. All rights reserved.", ""},
		"GPL":                       {"GNU GENERAL PUBLIC LICENSE Version 3", ""},
		"one of two, where one asks": {"MIT or the GNU Lesser General Public License, see below: Permission is hereby granted, free of charge, " +
			"to any person obtaining a copy of this software. The above copyright notice and this permission notice shall be included", ""},
		"nothing": {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := identify(row.text)
			if strings.Join(got, " ") != row.want || (err == nil) != (row.want != "") {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

func TestUnknownLicencesAreAllReported(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pieces := []piece{
		{name: "good", files: []string{file("LICENSE", "This is free and unencumbered software released into the public domain."),
			file("NOTICE", "of no account")}},
		{name: "odd", files: []string{file("LICENSE.odd", "Do no evil.")}},
		{name: "bare"},
	}
	err := setLicences(pieces)
	if err == nil || !strings.Contains(err.Error(), "odd") || !strings.Contains(err.Error(), "bare") || strings.Contains(err.Error(), "good") {
		t.Errorf("%v", err)
	}
	if pieces[0].licence != "Unlicense" {
		t.Errorf("the good one is %q", pieces[0].licence)
	}
}

// The test binary is itself a Go program.
func TestSBOMReadsTheProgram(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	list, err := sbom(options{version: "1.2.3", programs: []string{self}}, []piece{
		{name: "example.org/a", version: "v1.0.0", sum: "h1:x", licence: "MIT", module: true},
		{name: "C runtime", licence: "MIT AND Zlib"},
	}, time.Unix(1_800_000_000, 0).UTC())
	if err != nil {
		t.Fatal(err)
	}
	again, err := sbom(options{version: "1.2.3", programs: []string{self}}, []piece{
		{name: "example.org/a", version: "v1.0.0", sum: "h1:x", licence: "MIT", module: true},
		{name: "C runtime", licence: "MIT AND Zlib"},
	}, time.Unix(1_800_000_000, 0).UTC())
	if err != nil || string(again) != string(list) {
		t.Errorf("the same list twice differs: %v", err)
	}
	var got struct {
		BOMFormat, SpecVersion, SerialNumber string
		Metadata                             struct {
			Timestamp string
			Component struct {
				Components []struct {
					Hashes []struct{ Alg, Content string }
				}
			}
		}
		Components []struct {
			PURL     string
			Licenses []struct {
				License    struct{ ID string }
				Expression string
			}
		}
	}
	if err := json.Unmarshal(list, &got); err != nil {
		t.Fatal(err)
	}
	if got.BOMFormat != "CycloneDX" || got.SpecVersion != "1.5" || len(got.SerialNumber) != len("urn:uuid:")+36 ||
		got.Metadata.Timestamp != "2027-01-15T08:00:00Z" {
		t.Errorf("%+v", got)
	}
	if sums := got.Metadata.Component.Components; len(sums) != 1 || sums[0].Hashes[0].Alg != "SHA-256" ||
		len(sums[0].Hashes[0].Content) != 64 {
		t.Errorf("%+v", sums)
	}
	if len(got.Components) != 2 || got.Components[0].PURL != "pkg:golang/example.org/a@v1.0.0" ||
		got.Components[0].Licenses[0].License.ID != "MIT" || got.Components[1].Licenses[0].Expression != "MIT AND Zlib" {
		t.Errorf("%+v", got.Components)
	}
}

func TestLicenceFileNames(t *testing.T) {
	for name, want := range map[string]bool{
		"LICENSE": true, "LICENSE.md": true, "License-reader": true, "LICENCE.txt": true, "COPYING": true, "NOTICE": true, "PATENTS": true,
		"licenses.go": false, "README.md": false, "copyrighted": false,
	} {
		if licenceFile.MatchString(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}
