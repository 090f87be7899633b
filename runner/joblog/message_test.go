package joblog

import (
	"encoding/json"
	"maps"
	"os"
	"strings"
	"testing"
)

// The recorded results are from Octopus's own parser. Where it has limits that Stepdeck does not share, better has the
// desired result: several messages on a line all count, text beside a message stays, and a third # does not matter.
func TestMessagesAsRecorded(t *testing.T) {
	type message struct {
		Name   string            `json:"name"`
		Values map[string]string `json:"values"`
	}
	type recorded struct {
		Lines    []string  `json:"lines"`
		Consumed []bool    `json:"consumed"`
		Messages []message `json:"messages"`
	}
	verbose := message{Name: "stdout-verbose", Values: map[string]string{}}
	type outcome struct {
		messages []message
		left     string
	}
	better := map[string]outcome{
		"text before ##octopus[setVariable name='QQ==' value='Yg==']": {
			[]message{{"setVariable", map[string]string{"name": "A", "value": "b"}}}, "text before \n",
		},
		"##octopus[setVariable name='QQ==' value='Yg=='] text after": {
			[]message{{"setVariable", map[string]string{"name": "A", "value": "b"}}}, " text after\n",
		},
		"##octopus[setVariable name='QQ==' value='Yg==']##octopus[setVariable name='Qw==' value='ZA==']": {
			[]message{
				{"setVariable", map[string]string{"name": "A", "value": "b"}},
				{"setVariable", map[string]string{"name": "C", "value": "d"}},
			}, "",
		},
		"###octopus[stdout-verbose]":  {[]message{verbose}, "#\n"},
		"####octopus[stdout-verbose]": {[]message{verbose}, "##\n"},
		"# ##octopus[stdout-verbose]": {[]message{verbose}, "# \n"},
		"##octopus[x y='XQ==']]":      {[]message{{"x", map[string]string{"y": "]"}}}, "]\n"},
		"##octopus[stdout-verbose] ##octopus[stdout-default]": {
			[]message{verbose, {"stdout-default", map[string]string{}}}, "",
		},
	}
	data, err := os.ReadFile("testdata/service-messages.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []recorded
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	used := 0
	for _, c := range cases {
		name := strings.Join(c.Lines, "|")
		t.Run(name, func(t *testing.T) {
			want := outcome{messages: c.Messages}
			for i, line := range c.Lines {
				if !c.Consumed[i] {
					want.left += line + "\n"
				}
			}
			if b, ok := better[name]; ok {
				want = b
				used++
			}
			got, left := extractAll(strings.Join(c.Lines, "\n")+"\n", 1<<20)
			if left != want.left {
				t.Errorf("left %q, want %q", left, want.left)
			}
			if len(got) != len(want.messages) {
				t.Fatalf("messages %v, want %v", got, want.messages)
			}
			for i, m := range got {
				if m.Name != want.messages[i].Name || !maps.Equal(m.Values, want.messages[i].Values) {
					t.Errorf("message %v, want %v", m, want.messages[i])
				}
			}
		})
	}
	if used != len(better) {
		t.Errorf("%d of %d cases that are handled better were found", used, len(better))
	}
}

// extractAll writes text in pieces of at most n bytes.
func extractAll(text string, n int) (messages []Message, left string) {
	var b strings.Builder
	x := extractor{
		text:    func(p []byte) { b.Write(p) },
		message: func(m Message) { messages = append(messages, m) },
		dropped: func(int) {},
	}
	for len(text) > 0 {
		n := min(n, len(text))
		x.write([]byte(text[:n]))
		text = text[n:]
	}
	x.close()
	return messages, b.String()
}

func TestExtract(t *testing.T) {
	const (
		m     = "##octopus[stdout-verbose]"
		wrong = "##octopus[setVariable name='?']"
	)
	for _, c := range []struct {
		name, text, left string
		messages         int
	}{
		{"a line of messages vanishes with its end", "a\n" + m + "\nb\n", "a\nb\n", 1},
		{"with Windows's line end", "a\r\n" + m + "\r\nb\r\n", "a\r\nb\r\n", 1},
		{"blanks beside messages vanish too", "a\n \t" + m + "  " + m + " \nb\n", "a\nb\n", 2},
		{"a blank line stays", "a\n  \n\n" + m + "\n \nb", "a\n  \n\n \nb", 1},
		{"text around stays with its blanks", "  x" + m + " y \n", "  x y \n", 1},
		{"blanks before a message and text stay", "  " + m + "y\n", "  y\n", 1},
		{"text on the next line is not affected", m + "\n  y\n", "  y\n", 1},
		{"without a line end", "x\n" + m, "x\n", 1},
		{"blanks at the very end stay", "x\n  ", "x\n  ", 0},
		{"a wrong one is text", wrong + "\n", wrong + "\n", 0},
		{"a wrong one hides none", "##octopus[##octopus [##octop" + m + wrong + m + "\n", "##octopus[##octopus [##octop" + wrong + "\n", 2},
		{"an open one ends with its line", "##octopus[x a='QQ==\n" + m + "\n", "##octopus[x a='QQ==\n", 1},
		{"an open one at the end is text", "##octopus[x a='QQ==", "##octopus[x a='QQ==", 0},
		{"a beginning at the end is text", "a ##oct", "a ##oct", 0},
		{"blanks between the parts", "##octopus \t[x\ta = 'QQ=='  b=\"QQ==\" ]\n", "", 1},
		{"values need blanks between them", "##octopus[x a='QQ=='b='QQ==']\n", "##octopus[x a='QQ=='b='QQ==']\n", 0},
		{"names differ by more than case", "##octopus[x a='QQ==' A='QQ==']\n", "##octopus[x a='QQ==' A='QQ==']\n", 0},
		{"no brackets", "##octopus x\n##octopus\n", "##octopus x\n##octopus\n", 0},
		{"many blanks before a message are text", strings.Repeat(" ", 300) + m + "\n", strings.Repeat(" ", 300) + "\n", 1},
		{"not very many are not", strings.Repeat(" ", 256) + m + "\n", "", 1},
		{"many after it too", m + strings.Repeat(" ", 257) + "\n", strings.Repeat(" ", 257) + "\n", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, n := range []int{1 << 20, 1, 2, 3, 7, 11} {
				messages, left := extractAll(c.text, n)
				if left != c.left || len(messages) != c.messages {
					t.Errorf("in pieces of %d: left %q with %d messages, want %q with %d", n, left, len(messages), c.left, c.messages)
				}
			}
		})
	}
}

// A value of a megabyte is a message; an endless one is not, and both take one pass however small the pieces are.
func TestLongMessages(t *testing.T) {
	long := "##octopus[setVariable name='QQ==' value='" + strings.Repeat("QUFB", 350_000) + "']\n"
	messages, left := extractAll(long, 100)
	if len(messages) != 1 || left != "" || len(messages[0].Values["value"]) != 3*350_000 {
		t.Errorf("a value of a megabyte: %d messages, %d bytes left", len(messages), len(left))
	}
	large := "##octopus[x a='" + strings.Repeat("QUFB", maxMessage/4) + "']\n"
	for _, n := range []int{64 << 10, len(large)} {
		if messages, left = extractAll(large, n); len(messages) != 0 || left != large {
			t.Errorf("too large a value in pieces of %d: %d messages, %d of %d bytes left", n, len(messages), len(left), len(large))
		}
	}
	endless := "##octopus[x a='" + strings.Repeat("QUFB", maxMessage/4) + "\n"
	messages, left = extractAll(endless+"##octopus[x]\n", 64<<10)
	if len(messages) != 1 || left != endless {
		t.Errorf("an endless one: %d messages, %d of %d bytes left", len(messages), len(left), len(endless))
	}
}

func TestMessageValueIgnoresCase(t *testing.T) {
	m := Message{Values: map[string]string{"NAME": "a"}}
	if v, ok := m.Value("name"); v != "a" || !ok {
		t.Errorf("got %q, %v", v, ok)
	}
	if _, ok := m.Value("value"); ok {
		t.Error("found a value that is not there")
	}
}

// Whatever the text and its pieces: nothing is lost except whole messages and the spaces and line feeds beside them.
func FuzzExtract(f *testing.F) {
	f.Add("a ##octopus[x a='QQ==']b\n  ##octopus[y]\n##octopus[", uint8(3))
	f.Add("###octopus[stdout-verbose]]\r\n##octopus[x a='Q']\n", uint8(1))
	f.Add(strings.Repeat(" ", 257)+"##octopus[x]\n", uint8(50))
	f.Fuzz(func(t *testing.T, text string, n uint8) {
		whole, left := extractAll(text, len(text)+1)
		pieces, leftOver := extractAll(text, int(n)+1)
		if left != leftOver || len(whole) != len(pieces) {
			t.Fatalf("whole: %q and %d messages; in pieces of %d: %q and %d", left, len(whole), int(n)+1, leftOver, len(pieces))
		}
		if len(whole) == 0 && left != text {
			t.Fatalf("no message, but %q became %q", text, left)
		}
		again, rest := extractAll(left, len(left)+1)
		if len(again) == 0 && rest != left {
			t.Fatalf("%q became %q", left, rest)
		}
		rest = text
		for i := range len(left) { // what is left is in order
			k := strings.IndexByte(rest, left[i])
			if k < 0 {
				t.Fatalf("%q is not part of %q", left, text)
			}
			rest = rest[k+1:]
		}
	})
}
