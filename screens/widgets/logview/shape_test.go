package logview

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/screens/widgets/ansi"
	"github.com/stepdeck/stepdeck/screens/widgets/find"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

func shaped(t *testing.T, base Source, shape Shape) *Shaped {
	t.Helper()
	s := NewShaped(base, shape)
	if err := s.Grow(t.Context(), func() {}); err != nil {
		t.Fatal(err)
	}
	return s
}

func all(t *testing.T, s Source) []Line {
	t.Helper()
	lines, err := s.Page(t.Context(), 0, s.Len())
	if err != nil || len(lines) != s.Len() {
		t.Fatalf("%d lines of %d, %v", len(lines), s.Len(), err)
	}
	return lines
}

func words(d time.Duration) string { return "quiet for " + d.String() }

// levelled returns a log of n lines in which every seventh line is a warning and every thousandth an error.
func levelled(n int) *store {
	s := numbered(n)
	for i := range s.lines {
		switch {
		case (i+1)%1000 == 0:
			s.lines[i].Level = Error
		case (i+1)%7 == 0:
			s.lines[i].Level = Warning
		}
	}
	return s
}

// TestAShapeReadsTheSameFromAnyRow compares every way of reading with one pass over the lines.
func TestAShapeReadsTheSameFromAnyRow(t *testing.T) {
	base := levelled(5000)
	for i := 100; i < 5000; i += 331 {
		base.lines[i].Text = "\x1b[31m" + strings.Repeat("long and red ", 40) + "\x1b[0mplain"
	}
	for i := 3000; i < len(base.lines); i++ {
		base.lines[i].Time = base.lines[i].Time.Add(5 * time.Minute)
	}
	for _, row := range []struct {
		name  string
		shape Shape
	}{
		{"unchanged", Shape{}},
		{"warnings hidden", Shape{Hidden: Levels(0).With(Warning, true)}},
		{"errors only", Shape{Hidden: Levels(0).With(Warning, true).With(Info, true)}},
		{"wrapped", Shape{Wrap: 20}},
		{"pauses", Shape{Quiet: time.Minute, Pause: words}},
		{"wrapped errors and warnings", Shape{Wrap: 11, Hidden: Levels(0).With(Info, true)}},
		{"wrapped with pauses", Shape{Wrap: 30, Quiet: time.Minute, Pause: words}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var want []string
			for i, l := range base.lines {
				if row.shape.Quiet > 0 && i == 3000 {
					want = append(want, "0 quiet for 5m0.217s")
				}
				if row.shape.Hidden.Has(l.Level) {
					continue
				}
				for _, part := range wrap(l.Text, row.shape.Wrap) {
					want = append(want, fmt.Sprintf("%d %s", l.N, part))
				}
			}
			s := shaped(t, base, row.shape)
			if s.Len() != len(want) {
				t.Fatalf("%d rows, want %d", s.Len(), len(want))
			}
			for _, count := range []int{1, 63, 256, 5000} {
				for from := 0; from < len(want); from += max(97, count-3) {
					got, err := s.Page(t.Context(), from, count)
					if err != nil || len(got) != min(count, len(want)-from) {
						t.Fatalf("%d rows from %d on: got %d, %v", count, from, len(got), err)
					}
					for i, l := range got {
						if text := fmt.Sprintf("%d %s", l.N, l.Text); text != want[from+i] {
							t.Fatalf("row %d is %q, want %q", from+i, text, want[from+i])
						}
					}
				}
			}
			for _, number := range []int{1, 64, 65, 432, 3001, 4999} {
				at, err := s.RowOf(t.Context(), number)
				if err != nil {
					t.Fatal(err)
				}
				var n int
				if _, err := fmt.Sscan(want[at], &n); err != nil || n < number && at != len(want)-1 {
					t.Errorf("RowOf(%d) = %d, which is %q", number, at, want[at])
				}
				if at > 0 && !row.shape.Hidden.Has(base.lines[number-1].Level) && strings.HasPrefix(want[at-1], fmt.Sprint(number, " ")) {
					t.Errorf("row %d is not the first one of line %d", at, number)
				}
			}
		})
	}
}

func TestFacts(t *testing.T) {
	base := levelled(2500)
	s := shaped(t, base, Shape{Remark: func(l Line) bool { return l.N == 7 || l.N == 70 }})
	f := s.Facts()
	if f.Lines != 2500 || f.FirstError != 1000 || f.Remarked != 70 || f.Counts[Error] != 2 || f.Counts[Warning] != 2500/7 {
		t.Errorf("got %+v", f)
	}
}

func TestAShapeGrowsWithItsLog(t *testing.T) {
	base := numbered(10)
	s := shaped(t, base, Shape{Quiet: time.Minute, Pause: words})
	base.add("later")
	base.lines[10].Time = base.lines[9].Time.Add(3 * time.Minute)
	if s.Len() != 10 {
		t.Error("a line is shown before Grow")
	}
	reports := 0
	if err := s.Grow(t.Context(), func() { reports++ }); err != nil || reports != 1 {
		t.Errorf("%d reports, %v", reports, err)
	}
	lines := all(t, s)
	if len(lines) != 12 || lines[10].Text != "quiet for 3m0s" || lines[10].N != 0 || lines[11].Text != "later" {
		t.Errorf("got %+v", lines[9:])
	}
}

func TestAShapeReportsReadErrors(t *testing.T) {
	base := numbered(10)
	base.err = context.DeadlineExceeded
	if err := NewShaped(base, Shape{}).Grow(t.Context(), func() {}); err == nil {
		t.Error("no error")
	}
}

func TestFindInAShape(t *testing.T) {
	base := &store{}
	base.add("needle", "hay", "a hay needle in \x1b[32mthe ne\x1b[0medle hay", "hay")
	base.lines[3].Level = Verbose
	for _, row := range []struct {
		name  string
		shape Shape
		text  string
		want  []Match
	}{
		{"lines", Shape{}, "needle", []Match{{0, 0, 6}, {2, 6, 12}, {2, 20, 26}}},
		{"hidden lines are not found", Shape{Hidden: Levels(0).With(Verbose, true)}, "hay", []Match{{1, 0, 3}, {2, 2, 5}, {2, 27, 30}}},
		{"rows", Shape{Wrap: 14}, "needle", []Match{{0, 0, 6}, {2, 6, 12}, {3, 6, 12}}},
		{"a match across a cut", Shape{Wrap: 10}, "needle", []Match{{0, 0, 6}, {2, 6, 10}, {4, 0, 6}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := shaped(t, base, row.shape)
			var got []Match
			if err := s.Find(t.Context(), find.Query{Text: row.text}, 0, func(m []Match) { got = append(got, m...) }); err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got) != fmt.Sprint(row.want) {
				t.Errorf("found %v, want %v", got, row.want)
			}
		})
	}
}

// TestOnlyTheWindowChangesTheWidthOfARow: growing line numbers and a source without lines do not, otherwise wrapping would never settle.
func TestOnlyTheWindowChangesTheWidthOfARow(t *testing.T) {
	base := &store{}
	f := open(t, base)
	changes := 0
	f.OnCols = func() { changes++ }
	before, wide := f.ColsFor(100), f.ColsFor(100_000)
	if before-wide != 3 {
		t.Errorf("%d cells beside numbers of three digits, %d beside those of six", before, wide)
	}
	for range 20_000 {
		base.add("line")
	}
	s := shaped(t, base, Shape{Wrap: 2})
	f.SetSource(s)
	f.until("the rows", func() bool { return f.Rows() == 40_000 })
	if changes != 0 || f.ColsFor(100) != before || f.digits() != 5 {
		t.Errorf("%d changes, %d cells, %d digits", changes, f.ColsFor(100), f.digits())
	}
	f.win.Resize(fyne.NewSize(f.win.Canvas().Size().Width/2, 300))
	f.until("the width of a narrow window", func() bool { return changes > 0 && f.ColsFor(100) < before })
}

func TestWrap(t *testing.T) {
	for _, row := range []struct {
		name, text string
		cells      int
		want       []string
	}{
		{"short", "abc", 5, []string{"abc"}},
		{"nothing", "", 5, []string{""}},
		{"exact", "abcde", 5, []string{"abcde"}},
		{"cut", "abcdef", 5, []string{"abcde", "f"}},
		{"wide letters", "日本語", 5, []string{"日本", "語"}},
		{"a letter wider than the row", "日本", 1, []string{"日", "本"}},
		{"colour continues", "\x1b[31mabcdef\x1b[0mgh", 5, []string{"\x1b[31mabcde", "\x1b[31mf\x1b[0mgh"}},
		{"colour has ended", "\x1b[31mab\x1b[0mcdefg", 5, []string{"\x1b[31mab\x1b[0mcde", "fg"}},
		{"a tab", "a\tb", 4, []string{"a\t", "b"}},
		{"no wrapping", "abcdef", 0, []string{"abcdef"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := wrap(row.text, row.cells); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", row.want) {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("\x1b[31mabcdef\x1b[0mgh 日本語\t.", 5)
	f.Add("\x1b[", 1)
	f.Fuzz(func(t *testing.T, text string, cells int) {
		cells = 1 + abs(cells)%200
		rows := wrap(text, cells)
		if len(rows) != rowsOf(text, cells) {
			t.Fatalf("%d rows, counted %d", len(rows), rowsOf(text, cells))
		}
		if ends := pieces(rows); !strings.ContainsRune(text, '\x1b') && ends[len(ends)-1] != len(ansi.Strip(text)) {
			t.Errorf("%q is not the text of %q", rows, text)
		}
		for _, r := range rows {
			if !strings.ContainsAny(r, "\x1b\t") && monogrid.Cells(r) > max(cells, 2) {
				t.Errorf("%q takes more than %d cells", r, cells)
			}
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}

func BenchmarkShapeOfAMillionLines(b *testing.B) {
	base := numbered(1_000_000)
	for b.Loop() {
		if err := NewShaped(base, Shape{Wrap: 100, Quiet: time.Minute, Pause: words}).Grow(b.Context(), func() {}); err != nil {
			b.Fatal(err)
		}
	}
}
