package command_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/command"
	"github.com/stepdeck/stepdeck/model"
)

// hostile reverses the text after it, clears the screen, hides itself and ends with invalid UTF-8. hostileYAML is its YAML form.
const (
	hostile     = "x\u202Ey\u2066z\x1b[2J\u009b31m\u200B\u2028w"
	hostileYAML = `x\u202Ey\u2066z\e[2J\u009b31m\u200B\u2028w`
)

// ours are the colours that the command itself writes.
var ours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// onScreen runs the command with all three streams on a terminal that shows colours.
func (d *desk) onScreen(answers string, args ...string) string {
	d.t.Helper()
	var screen bytes.Buffer
	in := strings.NewReader(answers)
	world := command.IO{In: in, Out: &screen, Err: &screen, Environ: append(slices.Clone(d.environ), "TERM=xterm"), Terminal: true,
		OutTTY:     true,
		ReadSecret: func(prompt string) (string, error) { screen.WriteString(prompt); return "s3cret", nil }}
	command.Main(d.t.Context(), world, args, "1.2.3", "abcdef")
	return screen.String()
}

// wantSafe expects that what is on the screen is all seen, and that the hostile text is among it.
func wantSafe(t *testing.T, screen string, hostileToo bool) {
	t.Helper()
	text := strings.NewReplacer("\n", "", "\t", "").Replace(ours.ReplaceAllString(screen, ""))
	if strings.ContainsFunc(text, model.IsHidden) || strings.ToValidUTF8(text, "") != text {
		t.Errorf("hidden characters reach the terminal: %+q", screen)
	}
	if hostileToo && !strings.Contains(text, "x\uFFFDy\uFFFDz\uFFFD[2J\uFFFD31m\uFFFD") {
		t.Errorf("the hostile text is not there: %+q", screen)
	}
}

func TestHostileTextOnTheTerminal(t *testing.T) {
	answers := func(w http.ResponseWriter, _ *http.Request) { // the answer of a hostile endpoint
		w.Header().Set("Content-Type", "text/xml")
		_, _ = w.Write([]byte(`<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">` +
			`<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/x&#x202E;y&#x2066;z</Arn>` +
			`<UserId>x&#x202E;y</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`))
	}
	server := httptest.NewServer(http.HandlerFunc(answers))
	defer server.Close()
	d := newDesk(t)
	d.environ = append(d.environ, "KEY=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00")
	d.ok("account", "add", "Theirs", "--access-key", "AKIAIOSFODNN7EXAMPLE", "--secret-key-env", "KEY", "--endpoint", server.URL,
		"--description", strings.ReplaceAll(hostile, "\x1b", ""))
	d.project(`stepdeck: 1
project: P
description: "` + hostileYAML + `"
variables:
  - {name: V, value: "` + hostileYAML + `", prompt: {label: "L` + hostileYAML + `", help: "H` + hostileYAML + `"}}
  - {name: W, value: a, prompt: {label: W, control: select, options: [a, "` + hostileYAML + `"]}}
steps:
  - name: S
    aws: {account: none}
    script:
      language: bash
      body: "printf 'said x\\xe2\\x80\\xaey\\xe2\\x81\\xa6z\\x1b[2J\\xc2\\x9b31m\\xe2\\x80\\x8b\\n'\n` +
		`echo \"##octopus[resultMessage message='$(printf 'x\\xe2\\x80\\xaey' | base64)']\"\n# ` + hostileYAML + `\n"
  - name: Bad
    enabled: false
    aws: {account: "#{V}", region: "#{V}", assumeRole: {arn: "#{V}"}}
    script: {language: bash, body: "true"}
`)
	pack := filepath.Join(t.TempDir(), "Theirs.1.0.0.zip")
	f, err := os.Create(pack)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, name := range []string{"run.sh", "a\u200Bb.sh"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(hostile + "\xff\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	d.ok("package", "import", pack)
	d.run("run", "P")
	other := d.file("other.stepdeck", "stepdeck: 1\nproject: P\ndescription: \""+hostileYAML+"\"\npackages: [\""+hostileYAML+".zip\"]\n")
	for name, tt := range map[string]struct {
		answers string
		args    []string
		there   bool
	}{
		"preview":         {"", []string{"run", "P", "--preview"}, true},
		"refused preview": {"", []string{"run", "P", "Bad", "--preview"}, false},
		"prompts":         {"a\n" + hostile + "\na\n", []string{"run", "P", "Bad"}, true},
		"import":          {"", []string{"import", "--dry-run", other}, false},
		"export":          {"", []string{"export", "P"}, false},
		"account list":    {"", []string{"account", "list"}, false},
		"account test":    {"", []string{"account", "test", "Theirs"}, false},
		"no account":      {"", []string{"account", "test", hostile}, false},
		"package list":    {"", []string{"package", "list"}, false},
		"package files":   {"", []string{"package", "files", "Theirs"}, false},
		"package show":    {"", []string{"package", "show", "Theirs", "1.0.0", "run.sh"}, true},
		"no such file":    {"", []string{"package", "show", "Theirs", "1.0.0", hostile}, false},
		"projects list":   {"", []string{"projects", "list"}, false},
		"runs list":       {"", []string{"runs", "list"}, false},
		"runs show":       {"", []string{"runs", "show", "1"}, false},
		"runs log":        {"", []string{"runs", "log", "1"}, true},
		"runs export":     {"", []string{"runs", "export", "1"}, true},
		"doctor":          {"", []string{"doctor"}, false},
		"no such command": {"", []string{hostile}, false},
		"completion":      {"", []string{"__complete", "run", "P", ""}, false},
	} {
		t.Run(name, func(t *testing.T) { wantSafe(t, d.onScreen(tt.answers, tt.args...), tt.there) })
	}
	// JSON contains it unchanged.
	for _, args := range [][]string{{"run", "P", "--preview", "--json"}, {"runs", "export", "1", "--format", "jsonl"}} {
		if out := d.run(args...).objects(); !strings.Contains(strings.Join(texts(out), "\x00"), "x\u202Ey\u2066z") {
			t.Errorf("%v does not tell the text as it is: %v", args, out)
		}
	}
}

// texts gathers every text in JSON objects.
func texts(v any) []string {
	var list []string
	switch v := v.(type) {
	case string:
		list = append(list, v)
	case []map[string]any:
		for _, o := range v {
			list = append(list, texts(o)...)
		}
	case []any:
		for _, o := range v {
			list = append(list, texts(o)...)
		}
	case map[string]any:
		for _, o := range v {
			list = append(list, texts(o)...)
		}
	}
	return list
}
