package filters_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/runner/substitute/filters"
)

type dotnetCase struct {
	Name, Text string
	Options    []string
}

type dotnetAnswer struct {
	OK  bool
	Out string
}

// TestSameAsDotNet compares the filters with what .NET itself gives, in the process of a PowerShell.
func TestSameAsDotNet(t *testing.T) {
	pwsh, err := exec.LookPath("pwsh")
	if err != nil {
		if os.Getenv("STEPDECK_REQUIRE_PWSH") == "1" {
			t.Fatal(err)
		}
		t.Skipf("SKIPPED FOR WANT OF pwsh: %v (STEPDECK_REQUIRE_PWSH=1 makes this a failure)", err)
	}
	cases := dotnetCases()
	sent := slices.Clone(cases)
	for i := range sent { // or PowerShell takes some of them for dates
		sent[i].Text = base64.StdEncoding.EncodeToString([]byte(sent[i].Text))
	}
	data, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cases.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), pwsh, "-NoProfile", "-File", "testdata/dotnet.ps1", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []dotnetAnswer
	if err := json.Unmarshal(out, &answers); err != nil || len(answers) != len(cases) {
		t.Fatalf("%d answers for %d cases: %v", len(answers), len(cases), err)
	}
	for i, c := range cases {
		if got := applied(c); got != answers[i] {
			t.Errorf("%s %q of %q gave %+v; .NET gives %+v", c.Name, c.Options, c.Text, got, answers[i])
		}
	}
}

// applied returns what our filter gives.
func applied(c dotnetCase) dotnetAnswer {
	call := filters.Call{Name: c.Name, Text: c.Text, Defined: true, Options: c.Options, Now: time.Now().UTC(), Limit: 1 << 20}
	switch c.Name {
	case "Int32", "Decimal", "Double", "DateTimeOffset":
		call.Name, call.Options = "Format", append([]string{c.Name}, c.Options...)
	}
	out, ok, err := filters.Apply(call)
	if !ok || err != nil {
		return dotnetAnswer{}
	}
	return dotnetAnswer{true, out}
}

func dotnetCases() []dotnetCase {
	var cases []dotnetCase
	cross := func(name string, texts []string, options ...[]string) {
		for _, text := range texts {
			for _, o := range options {
				cases = append(cases, dotnetCase{name, text, o})
			}
		}
	}
	one := func(options ...string) [][]string {
		var list [][]string
		for _, o := range options {
			list = append(list, []string{o})
		}
		return list
	}
	standard := []string{"", "G", "g", "G3", "G0", "F", "F0", "F3", "f12", "N", "N0", "n1", "P", "P0", "p3", "C", "C0", "c3", "E",
		"e2", "E0", "E10",
		"D", "D8", "X", "x4", "X8", "R", "B", "b12", "Q", "Z3", "K"}
	custom := []string{"0", "00000", "#", "#.##", "0.00", "#,##0.00", "#,#", "0,0", "0.##%", "#‰", "0.0E+00", "0.###e0", "##0.00E-0",
		"0,", "#,##0,,.0 M",
		"'a'0\"b\"", `\#0`, "0;(0)", "0;(0);zero", "#;;nil", "+0;-0", "0.00;;", "(###) ###-####", "0.0.0", "00-00-00", "abc", "0 %", "#.#;#.#;-"}
	cross("Int32", []string{"0", "1", "-1", "12", "-12345", "2147483647", "-2147483648", " 7 ", "1.5", "x", ""}, one(append(standard,
		custom...)...)...)
	cross("Decimal", []string{"0", "0.00", "-0", "1", "-1.5", "12.50", "1234567.891", "-0.005", "0.5", "2.5", "0.125", "999.995",
		"1,234.5", "12-", "1e3",
		"79228162514264337593543950335", "0.0000000000000000000000000001", "x", ""}, one(append(standard, custom...)...)...)
	cross("Double", []string{"0", "1", "-1.5", "0.125", "2.675", "1e20", "1.5e-7", "123456789012345678", "0.1", "1,234.5", "x"},
		one(append(standard, custom...)...)...)
	cross("DateTimeOffset", []string{"2024-02-03T04:05:06Z", "2024-12-31T23:59:59.1234567+02:00", "2024-02-29", "2024-02-29 13:14",
		"02/03/2024",
		"02/03/2024 1:02:03 PM", "3 February 2024", "Feb 3, 2024", "Sat, 03 Feb 2024 04:05:06 GMT", "2024-02-30", "nonsense", "1999-1-2"},
		one("d", "D", "f", "F", "g", "G", "m", "M", "o", "O", "r", "R", "s", "t", "T", "u", "U", "y", "Y", "x", "",
			"yyyy-MM-dd", "yy/M/d", "dddd ddd dd d", "MMMM MMM MM M", "HH:mm:ss.fff", "h:m:s tt", "hh t", "%d", "%h", "fffffff", "FFF",
			"s.FFFF", "z zz zzz", "K",
			"yyyy'T'MM", `yyyy\-MM`, "yyyyy y", "'unclosed", "%", "ffffffff", "gg", "yyyyMMddHHmmss", "\"at\" HH")...)
	cross("AddHours", []string{"2024-02-03T04:05:06Z", "2024-02-03T04:05:06", "2024-02-03", "2024-02-03T04:05:06.5+02:00"}, one("1",
		"-1.5", "24", "0.001")...)
	texts := []string{"", "World", "hello world 2024-05-06", "a.b.c", "aaa\nbbb\n", "Größe naïve", "x=1;y=22", "\tTab \u00a0"}
	cross("Match", texts, one("o", "^W", "d$", `\d+`, `(?<!a)b`, `(?i)WORLD`, `\p{Lu}`, "(", "[", "", `^\s*$`, `b$`, `(?=x)x`, "🚀")...)
	for _, with := range []string{"", "-", "$0", "[$&]", "$1", "${1}x", "$$", "$", "$9", "${name}", "$`|$'", "$+", "$_", "${nope}",
		"$10", "a$"} {
		for _, re := range []string{"o", "(o)(r)", `(?<name>[a-z]+)`, `\d{4}-(\d\d)`, "", "^", "(a)?b", "[^a-z]", "(?<=a)a", "🚀"} {
			cross("Replace", texts, []string{re, with})
		}
	}
	all := "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ aZ0\u00e9🚀\r\n\t"
	cross("UriEscape", []string{all, "a%20b", ""}, nil)
	cross("UriDataEscape", []string{all, "a%20b", ""}, nil)
	cross("ToLower", []string{all, "ÄÖÜ ÇĞ ΑΣ"}, nil)
	cross("ToUpper", []string{all, "äöü çğ ας ß"}, nil)
	cross("Trim", texts, nil)
	cross("ToBase64", texts, nil)
	cross("UriPart", []string{"https://user:pw@Example.com:8443/p/a?q=1&r=a%20b#frag", "http://localhost", "http://127.0.0.1:80/x",
		"https://[::1]:9/", "ftp://h/a%20b",
		"s3://bucket/key name", "file:///etc/passwd", "https://example.com/ä?ö#ü", "https://example.com?q", "wss://h:443/"},
		one("AbsolutePath", "AbsoluteUri", "Authority", "DnsSafeHost", "Fragment", "Host", "HostAndPort", "HostNameType",
			"IsAbsoluteUri", "IsDefaultPort",
			"IsFile", "IsLoopback", "IsUnc", "Path", "PathAndQuery", "Port", "Query", "Scheme", "SchemeAndServer", "UserInfo")...)
	return cases
}
