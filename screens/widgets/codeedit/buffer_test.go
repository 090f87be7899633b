package codeedit

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/find"
	"github.com/stepdeck/stepdeck/screens/widgets/syntax"
)

// FuzzEdits makes random edits and compares the buffer with a plain string; then it undoes and redoes all of them.
func FuzzEdits(f *testing.F) {
	f.Add("one\ntwo\nthree", []byte{0, 3, 'x', 5, 2, '\n', 9, 0, 'y', 1, 7, 0})
	f.Add("", []byte{48, 48, 0, 48, 48, 48}) // delete nothing, then type something
	f.Add("", []byte{0, 0, 'a', 0, 0, 'b', 0, 1, 0})
	f.Fuzz(func(t *testing.T, text string, script []byte) {
		if strings.Contains(text, "\r") || len(text) > 500 || len(script) > 300 {
			t.Skip()
		}
		b := newBuffer(text)
		plain := text
		var h history
		for len(script) >= 3 {
			at, n, c := int(script[0])%(len(plain)+1), int(script[1]), script[2]
			script = script[3:]
			to := min(len(plain), at+n%5)
			put := ""
			if c != 0 {
				put = strings.Repeat(string(rune(c)), 1+n%3)
			}
			from, end := textPosOf(plain, at), textPosOf(plain, to)
			old := b.slice(from, end)
			if old != plain[at:to] {
				t.Fatalf("slice is %q, want %q", old, plain[at:to])
			}
			b.replace(from, end, put)
			plain = plain[:at] + put + plain[to:]
			if got := strings.Join(b.lines, "\n"); got != plain {
				t.Fatalf("%q, want %q", got, plain)
			}
			if endOf(from, put) != textPosOf(plain, at+len(put)) {
				t.Fatalf("endOf(%v, %q) = %v", from, put, endOf(from, put))
			}
			kind := typing
			if n%2 == 0 {
				kind = deleting
			}
			h.record(step{changes: []change{{from, old, put}}, kind: kind, when: time.Unix(int64(n%7), 0)})
		}
		for {
			s, ok := h.back()
			if !ok {
				break
			}
			c := s.changes[0]
			b.replace(c.at, endOf(c.at, c.new), c.old)
		}
		if got := strings.Join(b.lines, "\n"); got != text {
			t.Fatalf("undone to %q, want %q", got, text)
		}
		for {
			s, ok := h.again()
			if !ok {
				break
			}
			c := s.changes[0]
			b.replace(c.at, endOf(c.at, c.old), c.new)
		}
		if got := strings.Join(b.lines, "\n"); got != plain {
			t.Fatalf("redone to %q, want %q", got, plain)
		}
	})
}

func longScript(lines int) string {
	var b strings.Builder
	for i := range lines {
		fmt.Fprintf(&b, "for f in \"$A\"/*.%d; do aws s3 cp -- \"$f\" \"s3://#{Bucket}/\" || exit 1; done # copy\n", i)
	}
	return b.String()
}

// BenchmarkKey measures a key from its event to the painted editor, which fills a window.
func BenchmarkKey(b *testing.B) {
	for _, bench := range []struct {
		name  string
		lines int
		find  bool
		key   func(f *fixture)
	}{
		{"type/100", 100, false, func(f *fixture) { f.TypedRune('x') }},
		{"type/5000", 5000, false, func(f *fixture) { f.TypedRune('x') }},
		{"type while searching/5000", 5000, true, func(f *fixture) { f.TypedRune('x') }},
		{"return/5000", 5000, false, func(f *fixture) { f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) }},
		{"down/5000", 5000, false, func(f *fixture) { f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown}) }},
		{"quote at the start, then the end/5000", 5000, false, func(f *fixture) {
			f.sel.Clear(textPos{})
			f.TypedRune('"')
			f.ctrl(fyne.KeyEnd, 0)
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			f := open(b, longScript(bench.lines))
			f.win.Resize(fyne.NewSize(1200, 800))
			if bench.find {
				f.Find(find.Query{Text: "exit"})
			}
			f.sel.Clear(textPos{Row: 50, Col: 3})
			f.FocusGained()
			f.grid.Raster.Generator(1180, 790)
			cpu := cpuTime()
			for b.Loop() {
				bench.key(f)
				f.grid.Raster.Generator(1180, 790)
			}
			b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}

func TestPictures(t *testing.T) {
	const script = `#!/bin/bash
# Copies the site and tells whom it did it for
set -euo pipefail
target="s3://#{Bucket}/#{Octopus.Environment.Name | ToLower}"
for f in site/*.html; do
    if [ -s "$f" ]; then
        aws s3 cp --only-show-errors "$f" "$target/$(basename "$f")"
    fi
done
cat <<EOF
copied ${#files[@]} files, größer als 10 MB: none 🚀
EOF
exit 0
`
	const power = `param([string]$Name = 'World', [int]$Count = 3)
<# A comment
   over lines #>
foreach ($i in 1..$Count) {
    if ($Name -notlike 'W*') { throw "no $($Name.ToUpper()) for #{Tenant}" }
    Get-S3Object -BucketName $env:BUCKET | Write-Host
}
`
	for _, c := range []struct {
		name string
		mode theme.Mode
		text string
		lex  syntax.Lexer
	}{
		{"bash-light", theme.Light, script, syntax.Bash()},
		{"bash-dark", theme.Dark, script, syntax.Bash()},
		{"powershell-light", theme.Light, power, syntax.PowerShell()},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := open(t, c.text)
			f.app.Settings().SetTheme(theme.New(c.mode))
			f.SetLexer(c.lex)
			f.win.Resize(fyne.NewSize(640, 270))
			f.Find(find.Query{Text: "site"})
			f.SetMarkers([]Marker{{Line: 7, From: 8, To: 11, Severity: Warning}, {Line: 3, Severity: Error}})
			f.FocusGained()
			f.goTo(5, 11)
			test.AssertRendersToImage(t, c.name+".png", f.win.Canvas())
		})
	}
}
