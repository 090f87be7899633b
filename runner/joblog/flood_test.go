package joblog

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// maskFlood returns messages that make n values secrets one by one, each followed by a line that shows the value.
func maskFlood(n int) []string {
	pieces := make([]string, n)
	for i := range pieces {
		value := fmt.Sprintf("Value-to-hide/%d-%d", i, i*7919)
		pieces[i] = "##octopus[mask value='" + encoded(value) + "']\nit is " + value + "\n"
	}
	return pieces
}

func writeAll(l *Log, pieces []string) {
	for _, p := range pieces {
		l.Write(model.StreamStdout, []byte(p), epoch)
	}
	l.Close()
}

// The cost of a new secret does not grow with their number: tables are extended, not rebuilt. It is measured in
// allocated bytes.
func TestWorkForManyMasksIsLinear(t *testing.T) {
	cost := func(n int) float64 {
		pieces := maskFlood(n)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		l, b := newLog(Options{})
		writeAll(l, pieces)
		runtime.ReadMemStats(&after)
		if got, want := string(b.bytes), strings.Repeat("it is "+Mask+"\n", n); got != want {
			t.Fatalf("%d masks: %.300q", n, got)
		}
		return float64(after.TotalAlloc-before.TotalAlloc) / float64(n)
	}
	few, many := cost(50), cost(800)
	if many > 2*few {
		t.Errorf("a mask among 800 costs %.0f bytes, among 50 %.0f", many, few)
	}
}

// A table that grew while in use finds the same as one built at once.
func TestExtendedTablesAgainstOracle(t *testing.T) {
	cases := 3_000
	if testing.Short() {
		cases = 1_000
	}
	r := rand.New(rand.NewPCG(21, 22))
	for c := range cases {
		letters := "abc-"[:2+r.IntN(3)]
		word := func(least, most int) []byte {
			b := make([]byte, least+r.IntN(most-least+1))
			for i := range b {
				b[i] = letters[r.IntN(len(letters))]
			}
			return b
		}
		m := NewMasker()
		for range 1 + r.IntN(8) {
			text := word(4, 24)
			m.addPattern(pattern{text: text, word: len(text) < 8})
			m.version.Add(1)
			m.Holds(string(word(0, 60))) // uses the table, so that it has links that the next pattern changes
		}
		text := word(0, 200)
		want := oracle(m.patterns, text)
		if got := maskInPieces(m, text, r); got != want {
			t.Fatalf("case %d: patterns %q\ntext %q\ngot  %q\nwant %q", c, texts(m), text, got, want)
		}
	}
}

// Once the script has budget to hide too much, nothing more is shown, and the log says so once.
func TestMoreThanCanBeHiddenIsWithheld(t *testing.T) {
	for _, c := range []struct {
		name   string
		budget budget
	}{
		{"too many", budget{values: maxAsked - 1}},
		{"too large", budget{bytes: maxAskedBytes - 30}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var names []string
			l, b := newLog(Options{OnMessage: func(_ model.Stream, m Message) { names = append(names, fmt.Sprint(m.Name, m.Sensitive)) }})
			l.budget = c.budget
			writeAll(l, append(maskFlood(4), "##octopus[setVariable name='QQ==' value='QQ==']\n", "##octopus[progress message='QQ==']\nlast"))
			if got, want := b.of(model.StreamStdout), "it is "+Mask+"\n"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if got := b.of(model.StreamStepdeck); got != WithheldSentence+"\n" {
				t.Errorf("said %q", got)
			}
			if !l.Summary().Withheld {
				t.Error("the summary does not report it")
			}
			if got := names[len(names)-1]; got != "setVariabletrue" {
				t.Errorf("the last message is %s: a value that may be a secret must not be shown", got)
			}
		})
	}
}

// Known values cost nothing.
func TestTheSameMaskAgainAndAgain(t *testing.T) {
	l, b := newLog(Options{})
	writeAll(l, append([]string{strings.Repeat("##octopus[mask value='"+encoded("always the same")+"']\n", maxAsked+2)}, "here\n"))
	if got := b.of(model.StreamStdout); got != "here\n" || l.Summary().Withheld {
		t.Errorf("got %q", got)
	}
}

func TestAMessageMayHaveManyValues(t *testing.T) {
	const n = 150_000
	var text strings.Builder
	text.WriteString("##octopus[x")
	for i := range n {
		fmt.Fprintf(&text, " a%d='QQ=='", i)
	}
	messages, left := extractAll(text.String()+"]\n", 64<<10)
	if len(messages) != 1 || left != "" || len(messages[0].Values) != n {
		t.Errorf("%d messages, %d bytes left", len(messages), len(left))
	}
	messages, _ = extractAll(text.String()+" A7='QQ==']\n", 64<<10)
	if len(messages) != 0 {
		t.Error("a repeated name is accepted")
	}
}

// A script that makes one value after another a secret and prints it.
func BenchmarkMaskMessages(b *testing.B) {
	for _, n := range []int{100, 800, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			pieces := maskFlood(n)
			for b.Loop() {
				writeAll(New(Options{Emit: func(model.LogBatch) {}}), pieces)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/mask")
		})
	}
}

// A message of 100 MB is ordinary text: no message is that large.
func BenchmarkHugeMessage(b *testing.B) {
	value := base64.StdEncoding.EncodeToString(make([]byte, 3<<18))
	b.SetBytes(int64(100 * len(value)))
	for b.Loop() {
		l := New(Options{Emit: func(model.LogBatch) {}})
		l.Write(model.StreamStdout, []byte("##octopus[setVariable name='QQ==' value='"), epoch)
		for range 100 {
			l.Write(model.StreamStdout, []byte(value), epoch)
		}
		l.Write(model.StreamStdout, []byte("']\n"), epoch)
		l.Close()
	}
}

// The memory of a log does not grow with a message that never ends, and is bounded for those that are as large as any may be.
func TestHugeMessagesStayBounded(t *testing.T) {
	const size = 100 << 20
	for name, begin := range map[string]string{
		"one of 100 MB": "##octopus[setVariable name='QQ==' value='", "a name of 100 MB": "##octopus[", "blanks": "##octopus[x a='QQ==' ",
	} {
		t.Run(name, func(t *testing.T) {
			fill := "QUFB"
			if name == "blanks" {
				fill = "    "
			}
			piece := []byte(strings.Repeat(fill, 16<<10))
			var passed int
			l := New(Options{Emit: func(b model.LogBatch) { passed += len(b.Bytes) }})
			l.Write(model.StreamStdout, []byte(begin), epoch)
			var memory runtime.MemStats
			for n := 0; n < size; n += len(piece) {
				l.Write(model.StreamStdout, piece, epoch)
				if n%(10<<20) == 0 {
					runtime.GC()
					if runtime.ReadMemStats(&memory); memory.HeapAlloc > 80<<20 {
						t.Fatalf("%d MB are in use after %d MB", memory.HeapAlloc>>20, n>>20)
					}
				}
			}
			l.Write(model.StreamStdout, []byte("']\nend\n"), epoch)
			if l.Close(); passed != len(begin)+size+len("']\nend\n") {
				t.Errorf("%d bytes are in the log", passed)
			}
		})
	}
}

// Any number of messages that are not carried out, whatever their names, costs a bounded number of lines.
func TestFloodOfUnsupportedMessages(t *testing.T) {
	l, b := newLog(Options{})
	for i := range 10_000 {
		l.Write(model.StreamStdout, fmt.Appendf(nil, "##octopus[x%d]\n##octopus[same]\n", i), epoch)
	}
	if l.Close(); len(b.lines) > maxSaid {
		t.Errorf("%d lines", len(b.lines))
	}
}
