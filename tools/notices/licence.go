package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// licenceFile matches the names of files with licences and what belongs to them.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|copyright|unlicense|patents)([._-].*)?$`)

// grants matches files that grant a licence; the others only add to one.
var grants = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)`)

// A licence is recognised by words that occur in no other. Text is compared in lower case with single spaces.
var licences = []struct {
	id   string
	has  []string
	lack string
}{
	{id: "Apache-2.0", has: []string{"apache license", "version 2.0, january 2004"}},
	{id: "Apache-2.0", has: []string{`licensed under the apache license, version 2.0`}},
	{id: "MPL-2.0", has: []string{"mozilla public license version 2.0", "covered software"}},
	{id: "OFL-1.1", has: []string{"sil open font license version 1.1", "the font software"}},
	{id: "Bitstream-Vera", has: []string{"bitstream vera fonts copyright", "to any person obtaining a copy of the fonts"}},
	{id: "BSD-3-Clause", has: []string{"redistribution and use in source and binary forms", "to endorse or promote products derived from"}},
	{id: "BSD-2-Clause", has: []string{"redistribution and use in source and binary forms"}, lack: "to endorse or promote products"},
	{id: "MIT", has: []string{"permission is hereby granted, free of charge, to any person obtaining a copy of this software",
		"the above copyright notice and this permission notice shall be included"}},
	{id: "ISC", has: []string{"permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is " +
		"hereby granted"}},
	{id: "ISC", has: []string{"permission to use, copy, modify, and distribute this software for any purpose with or without fee is " +
		"hereby granted"}},
	{id: "Zlib", has: []string{"this software is provided 'as-is', without any express or implied warranty",
		"altered source versions must be plainly marked"}},
	{id: "Unlicense", has: []string{"this is free and unencumbered software released into the public domain"}},
	{id: "CC0-1.0", has: []string{"cc0 1.0 universal", "statement of purpose"}},
	{id: "LicenseRef-public-domain", has: []string{"been put into the public domain"}},
	{id: "LicenseRef-public-domain", has: []string{"placed in the public domain"}},
}

// refused are licences that require more than a notice: they must not be in a program without a decision.
var refused = []string{"gnu general public license", "gnu affero", "gnu lesser general public license", "server side public license",
	"business source license", "commons clause"}

// identify returns the licences in a text, or an error if it contains no known one.
func identify(text string) ([]string, error) {
	text = strings.ToLower(strings.Join(strings.Fields(comment.ReplaceAllString(text, " ")), " "))
	for _, words := range refused {
		if strings.Contains(text, words) {
			return nil, fmt.Errorf("it mentions the %s", words)
		}
	}
	var found []string
	for _, l := range licences {
		missing := slices.ContainsFunc(l.has, func(words string) bool { return !strings.Contains(text, words) })
		if !missing && (l.lack == "" || !strings.Contains(text, l.lack)) && !slices.Contains(found, l.id) {
			found = append(found, l.id)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("it matches no known licence")
	}
	slices.Sort(found)
	return found, nil
}

// comment matches comment characters before a line.
var comment = regexp.MustCompile(`(?m)^\s*(//|#|\*|>)+`)
