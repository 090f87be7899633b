package find

import (
	"reflect"
	"strings"
	"testing"
)

func all(m *Matcher, line string) [][2]int {
	var out [][2]int
	m.Line(line, func(from, to int) bool { out = append(out, [2]int{from, to}); return true })
	return out
}

func TestLine(t *testing.T) {
	for _, c := range []struct {
		name string
		q    Query
		line string
		want [][2]int
	}{
		{"empty", Query{}, "abc", nil},
		{"empty expression", Query{Regexp: true}, "abc", nil},
		{"ignoring case", Query{Text: "error"}, "Error: an ERROR", [][2]int{{0, 5}, {10, 15}}},
		{"matching case", Query{Text: "ERROR", Case: true}, "Error: an ERROR", [][2]int{{10, 15}}},
		{"special characters are literal", Query{Text: "s3://a.b"}, "s3://axb s3://a.b", [][2]int{{9, 17}}},
		{"beyond ASCII", Query{Text: "größe"}, "GRÖSSE GRÖßE", [][2]int{{8, 15}}},
		{"expression", Query{Text: `\d+`, Regexp: true}, "a 12 b 345", [][2]int{{2, 4}, {7, 10}}},
		{"expression at the line's start", Query{Text: `^a`, Regexp: true}, "aaa", [][2]int{{0, 1}}},
		{"empty matches", Query{Text: `x*`, Regexp: true}, "axxb", [][2]int{{1, 3}}},
		{"ignoring case at the end", Query{Text: "xY-1"}, "aXy-1 xy-", [][2]int{{1, 5}}},
		{"ignoring case, overlapping starts", Query{Text: "aab"}, "AaAaBaab", [][2]int{{2, 5}, {5, 8}}},
		{"longer than the line", Query{Text: "abc"}, "ab", nil},
		{"overlap", Query{Text: "aa", Case: true}, "aaaaa", [][2]int{{0, 2}, {2, 4}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := c.q.Compile()
			if err != nil {
				t.Fatal(err)
			}
			if got := all(m, c.line); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestLineStops(t *testing.T) {
	for _, q := range []Query{{Text: "a", Case: true}, {Text: "a"}} {
		m, err := q.Compile()
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		m.Line("aaaa", func(int, int) bool { n++; return n < 2 })
		if n != 2 {
			t.Errorf("%+v went on for %d", q, n)
		}
	}
}

func TestAnInvalidExpressionIsQuoted(t *testing.T) {
	_, err := Query{Text: "a(b", Regexp: true}.Compile()
	if err == nil || !strings.Contains(err.Error(), `"a(b"`) {
		t.Errorf("error = %v", err)
	}
}

func BenchmarkLine(b *testing.B) {
	line := strings.Repeat("upload: ./site/index.html to s3://bucket/site ", 3)
	for name, q := range map[string]Query{
		"ignoring case": {Text: "error"}, "matching case": {Text: "error", Case: true}, "expression": {Text: "err(or)?", Regexp: true},
	} {
		b.Run(name, func(b *testing.B) {
			m, err := q.Compile()
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				m.Line(line, func(int, int) bool { return true })
			}
		})
	}
}
