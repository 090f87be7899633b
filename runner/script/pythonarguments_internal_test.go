package script

import (
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestPythonArguments(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{" \n\t\n", nil},
		{"a b  c", []string{"a", "b", "c"}},
		{`"first value" --flag`, []string{"first value", "--flag"}},
		{`--name="two words" x"y z"w`, []string{"--name=two words", "xy zw"}},
		{`"" a ""`, []string{"", "a", ""}},
		{`it's $HOME %PATH% ; & | < > * ` + "`id` $(id)", []string{"it's", "$HOME", "%PATH%", ";", "&", "|", "<", ">", "*", "`id`", "$(id)"}},
		{`"say \"hi\"" "say ""hi""" \"x\"`, []string{`say "hi"`, `say "hi"`, `"x"`}},
		{`C:\new\table "C:\Program Files\x" C:\dir\ "C:\dir\\" \\server\share`,
			[]string{`C:\new\table`, `C:\Program Files\x`, `C:\dir\`, `C:\dir\`, `\\server\share`}},
		{"--region eu-west-1\n--dry-run", []string{"--region", "eu-west-1", "--dry-run"}},
		{"a\r\nb\r\n\r\nc\r\n", []string{"a", "b", "c"}},
		{"--region eu-west-1   # where\n# all of it\n  #too\n--dry-run", []string{"--region", "eu-west-1", "--dry-run"}},
		{"a \\\n  b \\", []string{"a", "b"}},
		{"#fff a#b #c", []string{"#fff", "a#b", "#c"}},
		{"a #", []string{"a"}},
		{`"# no comment"` + "\n" + `"#" b`, []string{"# no comment", "#", "b"}},
		{"\"two\r\nlines\" b", []string{"two\nlines", "b"}},
		{"naïve \"日本 語\"", []string{"naïve", "日本 語"}},
	} {
		got, warnings, err := pythonArguments(c.text)
		if err != nil || !slices.Equal(got, c.want) || len(warnings) > 0 {
			t.Errorf("%q: got %q, %v, %v; want %q", c.text, got, warnings, err, c.want)
		}
	}
}

func TestPythonArgumentsThatMislead(t *testing.T) {
	for text, code := range map[string]string{
		"--name 'two words' 'and more'": "script.parameters.quotes", "it's nice 'x'": "", "'x'": "", "don't 'a b'c": "",
	} {
		_, warnings, err := pythonArguments(text)
		got := ""
		for _, w := range warnings {
			got += w.Code
		}
		if err != nil || got != code {
			t.Errorf("%q: warned %q, %v; want %q", text, got, err, code)
		}
	}
	for text, want := range map[string]string{
		"a\x00": "script.parameters.nul", "a\n\"b": "script.parameters.syntax", `"a\"`: "script.parameters.syntax",
	} {
		if _, _, err := pythonArguments(text); model.ErrorCode(err) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, _, err := pythonArguments("a\n\nb \"c\n"); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("it names no line: %v", err)
	}
}

// An argument that is quoted as the documentation says comes back as it was.
func FuzzPythonArguments(f *testing.F) {
	f.Add("a b", `c\"`)
	f.Add("#", "\n\\")
	f.Fuzz(func(t *testing.T, a, b string) {
		if strings.ContainsAny(a+b, "\x00\r") {
			return
		}
		_, _, _ = pythonArguments(a)
		got, _, err := pythonArguments(quoted(a) + "\n" + quoted(b))
		if err != nil || !slices.Equal(got, []string{a, b}) {
			t.Errorf("got %q, %v; want %q, %q", got, err, a, b)
		}
	})
}

// quoted puts text into double quotes: a backslash before each of its own, and backslashes before a quote doubled.
func quoted(text string) string {
	var b strings.Builder
	for part, rest := text, true; rest; {
		before, after, found := strings.Cut(part, `"`)
		slashes := len(before) - len(strings.TrimRight(before, `\`))
		b.WriteString(before + strings.Repeat(`\`, slashes))
		if found {
			b.WriteString(`\"`)
		}
		part, rest = after, found
	}
	return `"` + b.String() + `"`
}

func TestMisspeltHelpers(t *testing.T) {
	for text, want := range map[string][]string{
		"printverbose('x')\nprint('x')\nlen(x)":                       nil,
		"printverbos('x')\nprint_verbos ('y')\nprintVerbose(z)":       {"printverbos", "print_verbos", "printVerbose"},
		"get_octopus_variable('x')":                                   {"get_octopus_variable"},
		"x.printverbos('y')\nclient.get_octopus('z')":                 nil,
		"octopusVariables['x']\nfail_stp()\nupdatprogress(1)":         {"octopusVariables", "fail_stp", "updatprogress"},
		"write_warnings(1)\nwrite_warnings(2)\nfile_write()\nstep(1)": {"write_warnings"},
		"printhighlite(1)\nwrite_error(2)\nprinter(3)\nwrite_(4)":     {"printhighlite", "write_error"},
	} {
		if got := misspelt(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "ab", 1}, {"abc", "xbc", 1}, {"kitten", "sitting", 3}, {"a", "abcdef", 3}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// The names that the check of names knows are those that the bootstrap defines.
func TestPythonHelpersAreTheBootstraps(t *testing.T) {
	tool := installed(t, Python)
	code := `import ast, sys
source = open('../../assets/bootstrap/bootstrap.py').read().split("if __name__ == 'stepdeck'")[0]
space = {'__name__': 'x', '__file__': 'x'}
exec(source, space)
before = set(dir(space['builtins']))
space['variables'] = {}
space['add_helpers']([])
print(*sorted(set(dir(space['builtins'])) - before))`
	out, err := exec.CommandContext(t.Context(), tool.Path, "-c", code).CombinedOutput()
	want := pythonHelpers()
	slices.Sort(want)
	if got := strings.Fields(string(out)); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the bootstrap has %q, %v; want %q", got, err, want)
	}
}

func TestPythonEnvironment(t *testing.T) {
	for _, c := range []struct {
		system string
		chosen []model.InputValue
		want   []string
	}{
		{"linux", nil, []string{"PYTHONPATH=/p"}},
		{"linux", []model.InputValue{{Name: "PYTHONPATH", Value: "/own"}}, []string{"PYTHONPATH=/p:/own"}},
		{"windows", nil, []string{"PYTHONPATH=/p", "PYTHONIOENCODING=utf-8"}},
		{"windows", []model.InputValue{{Name: "pythonIOencoding", Value: "latin-1"}}, []string{"PYTHONPATH=/p"}},
	} {
		got := pythonEnvironment(Input{Dir: "/p", EnvVars: c.chosen}, c.system)
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], ";", ":")
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s, %v: got %q, want %q", c.system, c.chosen, got, c.want)
		}
	}
}
