package filters_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/substitute/filters"
)

// now is in a zone two hours east.
func now() time.Time {
	return time.Date(2026, 3, 4, 15, 6, 7, 89_000_000, time.FixedZone("CEST", 2*60*60))
}

func TestApply(t *testing.T) {
	for _, c := range []struct {
		name, text string
		options    []string
		want       string // - is no value
	}{
		{"Trim", "  a ", []string{"end"}, "  a"},
		{"Trim", "  a ", []string{"START"}, "a "},
		{"Substring", "abc", []string{"3", "4"}, ""},
		{"Substring", "abc", []string{"4", "1"}, "-"},
		{"Substring", "a🚀b", []string{"2"}, "a"}, // half of a character is none
		{"Substring", "a🚀b", []string{"1", "2"}, "🚀"},
		{"Truncate", "a🚀b", []string{"3"}, "a🚀..."},
		{"Truncate", "abcdef", []string{"3", ""}, "abc"},
		{"Truncate", "abc", []string{"-1"}, "-"},
		{"Indent", "a\nb", []string{"1/3"}, " a\n   b"},
		{"Indent", "a\nb", []string{"1/300"}, "1/300a\n1/300b"},
		{"Indent", "", nil, ""},
		{"Indent", "a", []string{"a", "b", "c"}, "-"},
		{"FromBase64", " VwBvAA==\n", []string{"unicode"}, "Wo"},
		{"FromBase64", "AAA=", []string{"unicode"}, "\x00"},
		{"FromBase64", "/w==", nil, "\uFFFD"},
		{"ToBase64", "a", []string{"utf8", "utf8"}, "-"},
		{"Md5", "World", []string{"4"}, "f5a7924e"},
		{"Sha1", "V29ybGQ=", []string{"base64", "2"}, "70c0"},
		{"Sha1", "V29ybGQ=", []string{"2", "base64"}, "70c0"},
		{"Sha1", "?", []string{"base64"}, "-"},
		{"Sha1", "a", []string{"2", "3"}, "-"},
		{"YamlSingleQuoteEscape", "a\n\n\nb'\r\n", nil, "a\n\n\n\nb''\r\n\r\n"},
		{"PropertiesValueEscape", "  ÿ\u0100a", nil, `\  \u00ff\u0100a`},
		{"XmlEscape", "a", []string{"b"}, "-"},
		{"HtmlEscape", "'", nil, "&apos;"},
		{"Markdown", "~~a~~ https://x.de\n\n|a|b|\n|-|-|\n|1|2|", nil, "<p><del>a</del> <a href=\"https://x.de\">https://x.de</a></p>\n" +
			"<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n\n"},
		{"Markdown", "<b>x</b>", nil, "<p><b>x</b></p>\n\n"},
		{"UriPart", "/a/b", []string{"Host"}, "[UriPart Host error: This operation is not supported for a relative URI.]"},
		{"UriPart", "/a/b", []string{"IsAbsoluteUri"}, "false"},
		{"UriPart", "https://x", nil, "[UriPart error: no argument given]"},
		{"VersionMajor", "v 1 . 2", nil, "1"},
		{"VersionPatch", "1.2.3.4.5", nil, "3"},
		{"VersionPreRelease", "1.2.3.4.5", nil, "5"},
		{"VersionPreRelease", "1.2.3--x", nil, "-x"},
		{"VersionMetadata", "1+a+b", nil, "a+b"},
		{"VersionMajor", "version", nil, "0"},
		{"Format", "2024-02-03", []string{"DateTime", "K|o"}, "|o"},
		{"Format", "2024-02-03T04:05:06Z", []string{"DateTime", "HH:mm zzz"}, "06:05 +02:00"},
		{"Format", "4:05 PM", []string{"yyyy-MM-dd HH:mm zzz"}, "2026-03-04 16:05 +02:00"},
		{"Format", "12", []string{"D999999999"}, "-"},
		{"Format", "12", []string{"Int32", "D999999999"}, "-"},
		{"Format", "12", []string{strings.Repeat("0", 2000)}, "-"},
		{"AddDays", "2024-02-28", []string{"2"}, "2024-03-01T00:00:00.0000000"},
		{"AddDays", "2024-02-28", []string{"1e300"}, "-"},
		{"AddDays", "9999-12-31", []string{"1"}, "-"},
		{"Replace", "aXbX", []string{"(?<=a)X", "-"}, "a-bX"},
		{"Null", "a", nil, "-"},
		{"Nope", "a", nil, "-"},
	} {
		t.Run(c.name+"/"+c.text+"/"+strings.Join(c.options, " "), func(t *testing.T) {
			got, ok, err := filters.Apply(filters.Call{Name: c.name, Text: c.text, Defined: true, Options: c.options, Now: now(), Limit: 1 << 20})
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				got = "-"
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestWithoutAValue(t *testing.T) {
	for name, want := range map[string]string{
		"NowDate": "2026-03-04T15:06:07.0890000", "NowDateUtc": "2026-03-04T13:06:07.0890000Z", "Append": "", "ToUpper": "",
		"Format": "", "Trim": "",
	} {
		got, ok, err := filters.Apply(filters.Call{Name: name, Now: now(), Limit: 100})
		if got != want || ok != (want != "") || err != nil {
			t.Errorf("%s gave %q, %t, %v", name, got, ok, err)
		}
	}
	call := filters.Call{Name: "NowDate", Options: []string{"yyyy-MM-dd"}, Now: now(), Limit: 100}
	if got, ok, _ := filters.Apply(call); !ok || got != "2026-03-04" {
		t.Errorf("NowDate gave %q", got)
	}
	if call.Defined = true; !filters.UsesClock("nowDATE") || filters.UsesClock("Trim") {
		t.Error("what uses the clock")
	}
	if _, ok, _ := filters.Apply(call); ok {
		t.Error("NowDate of a value")
	}
}

func TestErrors(t *testing.T) {
	const limit = 1 << 10
	long := strings.Repeat("a", limit)
	for name, c := range map[string]struct {
		call filters.Call
		says string
	}{
		"base64":   {filters.Call{Name: "FromBase64", Text: "?"}, "not Base64"},
		"version":  {filters.Call{Name: "VersionMajor", Text: "1-a b"}, "not a version"},
		"empty":    {filters.Call{Name: "VersionMajor", Text: " "}, "empty"},
		"large":    {filters.Call{Name: "VersionMajor", Text: "99999999999"}, "too large"},
		"pattern":  {filters.Call{Name: "Match", Text: "a", Options: []string{"("}}, "not a regular expression"},
		"patterns": {filters.Call{Name: "Match", Text: "a", Options: []string{strings.Repeat("a", 20_000)}}, "too long"},
		"exponent": {filters.Call{Name: "Match", Text: strings.Repeat("a", 60) + "!", Options: []string{"^(a+)+$"}}, "too long to search for"},
		"replace": {filters.Call{Name: "Replace", Text: strings.Repeat("a", 60) + "!", Options: []string{"^(a+)+$", "x"}},
			"too long to search for"},
		"many":      {filters.Call{Name: "Replace", Text: long, Options: []string{"", long}}, filters.ErrTooLong.Error()},
		"quadratic": {filters.Call{Name: "Replace", Text: long, Options: []string{".", "$_"}}, filters.ErrTooLong.Error()},
		"indent":    {filters.Call{Name: "Indent", Text: strings.Repeat("\n", limit), Options: []string{long}}, filters.ErrTooLong.Error()},
		"markdown":  {filters.Call{Name: "Markdown", Text: strings.Repeat("a", 2<<20)}, "too long for Markdown"},
		"append":    {filters.Call{Name: "Append", Text: long, Options: []string{"b"}}, filters.ErrTooLong.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			c.call.Defined, c.call.Limit = true, limit
			_, ok, err := filters.Apply(c.call)
			if ok || err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %t, %v; want …%s…", ok, err, c.says)
			}
			if errors.Is(err, filters.ErrTooLong) != (c.says == filters.ErrTooLong.Error()) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestNames(t *testing.T) {
	names := filters.Names()
	for _, name := range names {
		if !filters.Known(name) || !filters.Known(strings.ToUpper(name)) {
			t.Errorf("%s is not known", name)
		}
	}
	if !slices.IsSortedFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }) {
		t.Error("not in order")
	}
	if filters.Known("Nope") || filters.Known("") {
		t.Error("known")
	}
}

// FuzzApply: no filter panics, or gives more than its limit, whatever it is applied to.
func FuzzApply(f *testing.F) {
	names := filters.Names()
	for i := range names {
		f.Add(i, "12.5", "0.00", "x")
		f.Add(i, "2024-02-03T04:05:06Z", "yyyy-MM-dd", "2")
		f.Add(i, "https://u:p@h:1/p?q#f", "Authority", "utf8")
		f.Add(i, "a\xff\n", "(a)|b", "${1}$$")
	}
	f.Fuzz(func(t *testing.T, which int, text, first, second string) {
		if len(first) > 30 { // patterns that take exponential time would end the fuzzing
			return
		}
		name := names[uint(which)%uint(len(names))]
		for _, options := range [][]string{nil, {first}, {first, second}} {
			out, ok, err := filters.Apply(filters.Call{Name: name, Text: text, Defined: true, Options: options, Now: now(), Limit: 1000})
			if ok && (err != nil || len(out) > 1000) || !ok && out != "" {
				t.Fatalf("%s %q of %q gave %d bytes, %t, %v", name, options, text, len(out), ok, err)
			}
		}
	})
}
