package monogrid

import (
	"strings"
	"testing"
)

func TestClusters(t *testing.T) {
	for _, c := range []struct {
		name, s string
		want    []string // the clusters
		cells   int
	}{
		{"ASCII", "abc", []string{"a", "b", "c"}, 3},
		{"tab up to its stop", "a\tb", []string{"a", "\t", "b"}, 5},
		{"tab on a stop is whole", "abcd\te", []string{"a", "b", "c", "d", "\t", "e"}, 9},
		{"Latin", "é", []string{"é"}, 1},
		{"combining mark", "e\u0301x", []string{"e\u0301", "x"}, 2},
		{"several marks", "ệ̛y", []string{"ệ̛", "y"}, 2},
		{"East Asian", "日本a", []string{"日", "本", "a"}, 5},
		{"full width Latin", "Ａ", []string{"Ａ"}, 2},
		{"half width kana", "ｱ", []string{"ｱ"}, 1},
		{"Hangul", "한글", []string{"한", "글"}, 4},
		{"Hangul in parts", "\u1112\u1161\u11ab", []string{"\u1112\u1161\u11ab"}, 2},
		{"emoji", "🚀!", []string{"🚀", "!"}, 3},
		{"emoji by presentation", "❤️x", []string{"❤️", "x"}, 3},
		{"skin tone", "👍🏽", []string{"👍🏽"}, 2},
		{"family", "👩‍👩‍👧x", []string{"👩‍👩‍👧", "x"}, 3},
		{"flag", "🇩🇪🇫🇷", []string{"🇩🇪", "🇫🇷"}, 4},
		{"lone regional letter", "🇩x", []string{"🇩", "x"}, 3},
		{"zero width space", "a\u200bb", []string{"a\u200b", "b"}, 2},
		{"joiner before ASCII", "日\u200da", []string{"日\u200d", "a"}, 3},
		{"mark at the start", "\u0301a", []string{"\u0301", "a"}, 2},
		{"byte order mark", "\ufeffa", []string{"\ufeff", "a"}, 2},
		{"invalid bytes", "a\xff\xfeb", []string{"a", "\xff", "\xfe", "b"}, 4},
		{"cut-off rune", "\xe6\x97", []string{"\xe6", "\x97"}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			cell := 0
			for i := 0; i < len(c.s); {
				size, cells := Next(c.s[i:], cell)
				got = append(got, c.s[i:i+size])
				i += size
				cell += cells
			}
			if strings.Join(got, "|") != strings.Join(c.want, "|") {
				t.Errorf("clusters %q, want %q", got, c.want)
			}
			if cell != c.cells || Cells(c.s) != c.cells {
				t.Errorf("%d and %d cells, want %d", cell, Cells(c.s), c.cells)
			}
		})
	}
}

func TestByteAtTakesTheNearestBoundary(t *testing.T) {
	const s = "a\t日x" // cells: a 0, tab 1-3, 日 4-5, x 6
	for _, c := range []struct {
		cells float64
		want  int
	}{{-3, 0}, {0.4, 0}, {0.6, 1}, {2.4, 1}, {2.6, 2}, {4.9, 2}, {5.1, 5}, {6.4, 5}, {6.6, 6}, {99, 6}} {
		if got := ByteAt(s, c.cells); got != c.want {
			t.Errorf("ByteAt(%v) = %d, want %d", c.cells, got, c.want)
		}
	}
}

func FuzzClusters(f *testing.F) {
	for _, s := range []string{
		"", "abc", "a\tb", "e\u0301", "👩‍👩‍👧", "🇩🇪🇫", "日本", "\u0301", "\xff\xfe", "a\u200d\u0301日",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		cell := 0
		for i := 0; i < len(s); {
			size, cells := Next(s[i:], cell)
			if size < 1 || i+size > len(s) || cells < 1 || cells > tabWidth {
				t.Fatalf("Next(%q, %d) = %d, %d", s[i:], cell, size, cells)
			}
			if got := CellAt(s, i); got != cell {
				t.Fatalf("CellAt(%q, %d) = %d, want %d", s, i, got, cell)
			}
			if got := ByteAt(s, float64(cell)); got != i {
				t.Fatalf("ByteAt(%q, %d) = %d, want %d", s, cell, got, i)
			}
			if got := After(s, i); got != i+size {
				t.Fatalf("After(%q, %d) = %d, want %d", s, i, got, i+size)
			}
			if got := Before(s, i+size); got != i {
				t.Fatalf("Before(%q, %d) = %d, want %d", s, i+size, got, i)
			}
			i += size
			cell += cells
		}
		if got := Cells(s); got != cell {
			t.Fatalf("Cells(%q) = %d, want %d", s, got, cell)
		}
	})
}
