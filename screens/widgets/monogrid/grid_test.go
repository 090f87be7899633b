package monogrid

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"github.com/go-text/typesetting/font"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

type rows []Row

func (r rows) Rows() int     { return len(r) }
func (r rows) Row(i int) Row { return r[i] }

func plainRows(text ...string) rows {
	var out rows
	for _, t := range text {
		out = append(out, Row{Text: t})
	}
	return out
}

func newFonts(t testing.TB) *Fonts {
	t.Helper()
	fonts, err := NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	return fonts
}

func newGrid(t testing.TB, src Source) *Grid {
	t.Helper()
	uitest.New(t)
	g := NewGrid(src, newFonts(t))
	g.Fonts().FindSystem = nil
	g.Resize(fyne.NewSize(600, 200))
	return g
}

// ink returns the number of pixels in a box that are not background.
func ink(img image.Image, box image.Rectangle, background color.Color) int {
	n := 0
	r0, g0, b0, _ := background.RGBA()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); r != r0 || g != g0 || b != b0 {
				n++
			}
		}
	}
	return n
}

// sameInk reports whether two boxes of the same size look the same.
func sameInk(img image.Image, a, b image.Rectangle) bool {
	for y := range a.Dy() {
		for x := range a.Dx() {
			if img.At(a.Min.X+x, a.Min.Y+y) != img.At(b.Min.X+x, b.Min.Y+y) {
				return false
			}
		}
	}
	return true
}

func (g *Grid) cellBox(row, cell int) image.Rectangle {
	s := g.set()
	width, inset := g.gutter()
	x := width + inset + (cell-g.Left)*s.w
	return image.Rect(x, g.pad()+row*s.h, x+s.w, g.pad()+(row+1)*s.h)
}

func TestEveryCharacterLeavesInkInItsCell(t *testing.T) {
	g := newGrid(t, plainRows("a Ω é e\u0301 ✓ 日 🚀 ← ─ \x01 \u200b|"))
	img := g.paint(600, 200)
	if ink(img, g.cellBox(0, 1), g.Colors.Background) != 0 {
		t.Error("a space has ink")
	}
	text := g.Source.Row(0).Text
	for i, cell := 0, 0; i < len(text); {
		size, cells := Next(text[i:], cell)
		if ink(img, g.cellBox(0, cell), g.Colors.Background) == 0 && text[i] != ' ' {
			t.Errorf("%q at cell %d has no ink", text[i:i+size], cell)
		}
		i += size
		cell += cells
	}
}

func TestAMissingCharacterIsABoxUntilTheSystemsFontsAreLoaded(t *testing.T) {
	a := uitest.New(t)
	g := NewGrid(plainRows("日"), newFonts(t))
	g.Resize(fyne.NewSize(100, 40))
	load := make(chan struct{})
	g.Fonts().FindSystem = func() (resolver, error) { <-load; return anyFace{g.fonts.mono}, nil }
	g.paint(100, 40)
	if gl := g.set().get("日", 2, false); !gl.missing {
		t.Fatal("there is a glyph for a character that no font has")
	}
	close(load)
	a.Until("the system's fonts", func() bool { return g.fonts.system != nil })
	if gl := g.set().get("日", 2, false); !gl.missing {
		t.Error("a face without the character was used")
	}
	if g.fonts.generation != 1 {
		t.Error("cached glyphs are not drawn again")
	}
}

// anyFace returns its face whether that has the character or not, as the real resolver does.
type anyFace struct{ face *font.Face }

func (a anyFace) Resolve(rune) *font.Face { return a.face }

// An emoji is painted in its font's colours, whatever the colour of the text, and stays within its two cells.
func TestEmojiKeepTheirColours(t *testing.T) {
	g := newGrid(t, plainRows("🚀"))
	box := g.cellBox(0, 0).Union(g.cellBox(0, 1))
	black := g.paint(600, 200).(*image.RGBA)
	before := slices.Clone(black.Pix)
	if n, all := colourful(black, box), ink(black, box, g.Colors.Background); n < all/3 || n == 0 {
		t.Errorf("%d of %d painted pixels have a colour", n, all)
	}
	if all, inside := ink(black, black.Rect, g.Colors.Background), ink(black, box, g.Colors.Background); all > inside {
		t.Errorf("%d pixels are outside of its cells", all-inside)
	}
	g.Colors.Text = color.NRGBA{0, 0, 0xff, 0xff}
	if blue := g.paint(600, 200).(*image.RGBA); !bytes.Equal(blue.Pix, before) {
		t.Error("the text's colour changes the emoji")
	}
	g.Source = plainRows("R")
	if n := colourful(g.paint(600, 200).(*image.RGBA), box); n == 0 {
		t.Error("a letter does not take the text's colour")
	}
}

// colourful returns the number of pixels in a box that are not grey.
func colourful(img *image.RGBA, box image.Rectangle) int {
	n := 0
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			c := img.RGBAAt(x, y)
			if max(c.R, c.G, c.B)-min(c.R, c.G, c.B) > 40 {
				n++
			}
		}
	}
	return n
}

func TestLongLinesArePaintedAtAnyPlace(t *testing.T) {
	long := strings.Repeat("0123456789", 20_000)
	g := newGrid(t, plainRows(long, "é"+long))
	for _, left := range []int{0, 1000, 199_000} {
		g.Left = left
		img := g.paint(600, 200)
		for row := range 2 {
			for _, cell := range []int{left, left + 10, left + g.Cols() - 1} {
				if ink(img, g.cellBox(row, cell), g.Colors.Background) == 0 {
					t.Errorf("left %d: row %d is empty at cell %d", left, row, cell)
				}
			}
			if row == 1 && !sameInk(img, g.cellBox(1, left+5), g.cellBox(0, left+4)) {
				t.Errorf("left %d: row 1, one character longer at its start, is not row 0 moved by one cell", left)
			}
			full := g.set().w * g.set().h
			if got := ink(img, g.cellBox(row, left+3), g.Colors.Background); got > full*3/4 {
				t.Errorf("left %d: row %d is a black bar (%d of %d pixels)", left, row, got, full)
			}
		}
	}
}

func TestAtFindsTheCharacterUnderThePointer(t *testing.T) {
	g := newGrid(t, plainRows("ab\tcd", "日本", "", "last"))
	g.GutterSize = 3
	c := g.Cell()
	width, inset := g.gutter()
	x := func(cells float32) float32 { return float32(width+inset) + cells*c.Width }
	for _, p := range []struct {
		name string
		at   fyne.Position
		want TextPos
	}{
		{"first cell", fyne.NewPos(x(.2), 1), TextPos{0, 0}},
		{"nearer to the next boundary", fyne.NewPos(x(.8), 1), TextPos{0, 1}},
		{"in a tab", fyne.NewPos(x(2.5), 1), TextPos{0, 2}},
		{"after a tab", fyne.NewPos(x(4.1), 1), TextPos{0, 3}},
		{"half of a wide character", fyne.NewPos(x(1.2), c.Height*1.7), TextPos{1, 3}},
		{"after the end of the line", fyne.NewPos(x(50), 1), TextPos{0, 5}},
		{"empty line", fyne.NewPos(x(3), c.Height*2.7), TextPos{2, 0}},
		{"above", fyne.NewPos(x(3), -5), TextPos{0, 3}},
		{"below", fyne.NewPos(x(1), 190), TextPos{3, 4}},
		{"in the gutter", fyne.NewPos(2, c.Height*3.7), TextPos{3, 0}},
	} {
		if got := g.At(p.at); got != p.want {
			t.Errorf("%s: %v, want %v", p.name, got, p.want)
		}
	}
	if !g.InGutter(fyne.NewPos(5, 5)) || g.InGutter(fyne.NewPos(x(0), 5)) {
		t.Error("InGutter is wrong")
	}
}

func TestScaleAndTextSizeFollow(t *testing.T) {
	g := newGrid(t, plainRows("a", "b"))
	g.paint(600, 200)
	one := g.Cell()
	g.paint(1200, 400)
	if g.scale != 2 {
		t.Errorf("scale %v at twice the pixels", g.scale)
	}
	if two := g.Cell(); two.Width < one.Width*.9 || two.Width > one.Width*1.1 {
		t.Errorf("a cell is %v wide at scale 2, %v at scale 1", two.Width, one.Width)
	}
	g.TextSize = 26
	if big := g.Cell(); big.Height < one.Height*1.5 {
		t.Errorf("text size 26 gives cells %v high, before %v", big.Height, one.Height)
	}
	g.Resize(fyne.NewSize(600.4, 200.3)) // a size between pixels must not change the scale
	g.paint(1201, 401)
	if g.scale != 2 {
		t.Errorf("scale %v after an uneven size", g.scale)
	}
}

func TestRevealShowsThePlace(t *testing.T) {
	var src rows
	for i := range 1000 {
		src = append(src, Row{Text: strings.Repeat(strconv.Itoa(i)+" ", 100)})
	}
	g := newGrid(t, src)
	for _, p := range []TextPos{{0, 0}, {999, 399}, {500, 10}, {500, 300}, {497, 0}, {0, 0}} {
		g.Reveal(p, 2)
		g.paint(600, 200)
		first, end := g.Visible()
		cell := CellAt(src[p.Row].Text, p.Col)
		if p.Row < first || p.Row >= end || cell < g.Left || cell >= g.Left+g.Cols() {
			t.Errorf("%v is not in rows %d to %d, cells %d to %d", p, first, end, g.Left, g.Left+g.Cols())
		}
	}
	if g.Left != 0 {
		t.Error("the start of a line is revealed without its first cells")
	}
}

func TestSelectionMark(t *testing.T) {
	bg := color.White
	for _, c := range []struct {
		name string
		a, b TextPos
		row  int
		want Mark
		ok   bool
	}{
		{"nothing", TextPos{1, 2}, TextPos{1, 2}, 1, Mark{}, false},
		{"in one row", TextPos{1, 2}, TextPos{1, 5}, 1, Mark{From: 2, To: 5, BG: bg}, true},
		{"backwards", TextPos{1, 5}, TextPos{1, 2}, 1, Mark{From: 2, To: 5, BG: bg}, true},
		{"first row", TextPos{1, 2}, TextPos{3, 5}, 1, Mark{From: 2, To: ToEdge, BG: bg}, true},
		{"between", TextPos{1, 2}, TextPos{3, 5}, 2, Mark{From: 0, To: ToEdge, BG: bg}, true},
		{"last row", TextPos{1, 2}, TextPos{3, 5}, 3, Mark{From: 0, To: 5, BG: bg}, true},
		{"last row, of which nothing is selected", TextPos{1, 2}, TextPos{3, 0}, 3, Mark{From: 0, To: 0, BG: bg}, false},
		{"outside", TextPos{1, 2}, TextPos{3, 5}, 4, Mark{}, false},
	} {
		got, ok := SelectionMark(c.a, c.b, c.row, bg)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%s: %+v %v", c.name, got, ok)
		}
	}
}

func TestWords(t *testing.T) {
	const s = "aws s3 cp --recursive $dir/größe_1"
	for _, c := range []struct {
		at   int
		want string
	}{{0, "aws"}, {2, "aws"}, {3, " "}, {4, "s3"}, {10, "--"}, {13, "recursive"}, {22, "$"}, {28, "größe_1"}, {len(s), "größe_1"}} {
		from, to := word(s, c.at)
		if s[from:to] != c.want {
			t.Errorf("Word at %d = %q, want %q", c.at, s[from:to], c.want)
		}
	}
	var stops []int
	for at := 0; at < len(s); {
		at = NextWord(s, at)
		stops = append(stops, at)
	}
	var back []int
	for at := len(s); at > 0; {
		at = PreviousWord(s, at)
		back = append([]int{at}, back...)
	}
	if got, want := len(stops), 9; got != want || stops[len(stops)-1] != len(s) {
		t.Errorf("NextWord stops at %v", stops)
	}
	if len(back) != len(stops) || back[0] != 0 || back[1] != stops[0] {
		t.Errorf("PreviousWord stops at %v, NextWord at %v", back, stops)
	}
	if from, to := word("", 0); from != 0 || to != 0 {
		t.Error("a word in an empty line")
	}
}

func TestClicks(t *testing.T) {
	uitest.New(t)
	now := time.Unix(0, 0)
	c := Clicks{Now: func() time.Time { return now }}
	p := fyne.NewPos(10, 10)
	press := func(after time.Duration, at fyne.Position, want int) {
		t.Helper()
		now = now.Add(after)
		if got := c.Press(at); got != want {
			t.Errorf("counted %d, want %d", got, want)
		}
	}
	press(0, p, 1)
	press(100*time.Millisecond, p, 2)
	press(100*time.Millisecond, p, 3)
	press(100*time.Millisecond, p, 1) // a fourth starts over
	press(2*time.Second, p, 1)
	press(100*time.Millisecond, p.AddXY(20, 0), 1)
}

// many is a source of that many equal rows.
type many int

func (m many) Rows() int   { return int(m) }
func (m many) Row(int) Row { return Row{Text: "x"} }

func TestBarsScroll(t *testing.T) {
	g := newGrid(t, many(1_000_000))
	p := NewPane(g)
	p.Width = func() int { return 500 }
	moved := 0
	p.Scrolled = func() { moved++ }
	p.Layout(fyne.NewSize(600, 200))
	p.Update()
	if !p.across.Visible() {
		t.Error("no horizontal bar for wide text")
	}
	p.down.Tapped(&fyne.PointEvent{Position: fyne.NewPos(3, p.down.Size().Height/2)})
	if g.Top < 450_000 || g.Top > 550_000 {
		t.Errorf("a tap in the middle shows row %v", g.Top)
	}
	p.down.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, 1000)})
	if g.Top != g.MaxTop() {
		t.Errorf("dragged to the end: row %v of %v", g.Top, g.MaxTop())
	}
	p.across.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(1000, 0)})
	if g.Left == 0 {
		t.Error("the horizontal bar does not scroll")
	}
	p.Wheel(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 40)})
	if g.Top >= g.MaxTop() {
		t.Error("the wheel does not scroll")
	}
	if moved != 4 {
		t.Errorf("%d of 4 moves were reported", moved)
	}
	p.Layout(fyne.NewSize(20, 20))
	p.Layout(fyne.NewSize(6000, 200))
	if p.across.Visible() || g.Raster.Size().Height < 190 {
		t.Error("the horizontal bar, or the space for it, is still there in a view that is wide enough")
	}
	p.Layout(fyne.NewSize(600, 200))
	if !p.across.Visible() {
		t.Error("the horizontal bar does not come back")
	}
	p.Width = func() int { return 3 }
	p.Update()
	if p.across.Visible() || g.Left != 0 {
		t.Error("the horizontal bar is still there for narrow text")
	}
}

func TestPicture(t *testing.T) {
	red, blue, yellow := color.NRGBA{0xb3, 0x1f, 0x27, 0xff}, color.NRGBA{0x2b, 0x59, 0xd0, 0xff}, color.NRGBA{0xff, 0xe7, 0x9a, 0xff}
	g := newGrid(t, rows{
		{
			Text: "plain, bold, underlined, struck", Gutter: []Piece{{Cell: 3, Text: "1"}},
			Spans: []Span{
				{From: 7, To: 11, Bold: true}, {From: 13, To: 23, Underline: true}, {From: 25, To: 31, Strike: true, FG: blue},
			},
		},
		{
			Text: "\ttab, e\u0301, 日本, 🚀, │─┤", Gutter: []Piece{{Cell: 3, Text: "2", Colour: blue}},
			Marks: []Mark{{From: 1, To: 4, BG: yellow}}, Bar: red,
		},
		{Text: "a fault here", Marks: []Mark{{From: 2, To: 7, Wave: red}}, Sign: red, Ground: color.NRGBA{0xf3, 0xf6, 0xfc, 0xff}},
		{Text: "on colour", Spans: []Span{{From: 3, To: 9, FG: color.White, BG: red}}},
	})
	g.GutterSize = 4
	g.Colors.GutterBackground, g.Colors.Gutter = color.NRGBA{0xf0, 0xf1, 0xf4, 0xff}, color.NRGBA{0x62, 0x6b, 0x79, 0xff}
	g.Colors.Separator = color.NRGBA{0xd7, 0xdb, 0xe2, 0xff}
	g.ShowCaret, g.Caret = true, TextPos{2, 3}
	img := canvas.NewImageFromImage(g.paint(480, 90))
	img.SetMinSize(fyne.NewSize(480, 90))
	w := test.NewWindow(img)
	defer w.Close()
	w.SetPadded(false)
	test.AssertImageMatches(t, "grid.png", w.Canvas().Capture())
}

func TestStainIsDrawMask(t *testing.T) {
	mask := image.NewAlpha(image.Rect(3, 5, 3+16, 5+16))
	for i := range mask.Pix {
		mask.Pix[i] = uint8(i)
	}
	for _, c := range []color.Color{color.Black, color.White, color.NRGBA{0x12, 0x80, 0xfe, 0xff}, color.NRGBA{0xff, 0x40, 0x20, 0x70}} {
		var got, want image.RGBA = *image.NewRGBA(image.Rect(0, 0, 16, 16)), *image.NewRGBA(image.Rect(0, 0, 16, 16))
		draw.Draw(&got, got.Rect, image.NewUniform(color.NRGBA{0x30, 0xa0, 0x50, 0xff}), image.Point{}, draw.Src)
		draw.Draw(&want, want.Rect, &got, image.Point{}, draw.Src)
		in := image.Rect(2, 1, 15, 16)
		stain(&got, in, c, mask, image.Pt(4, 5))
		draw.DrawMask(&want, in, image.NewUniform(c), image.Point{}, mask, image.Pt(4, 5), draw.Over)
		for i := range got.Pix {
			if d := int(got.Pix[i]) - int(want.Pix[i]); d < -1 || d > 1 {
				t.Fatalf("%v: byte %d is %d, draw.DrawMask makes it %d", c, i, got.Pix[i], want.Pix[i])
			}
		}
	}
}

func BenchmarkPaint(b *testing.B) {
	var src rows
	for i := range 60 {
		text := strings.Repeat("upload: ./site/index.html to s3://bucket ", 5)
		green := []Span{{From: 8, To: 25, FG: color.NRGBA{0, 0x80, 0, 0xff}}}
		src = append(src, Row{Text: text, Spans: green, Gutter: []Piece{{Text: strconv.Itoa(i)}}})
	}
	g := newGrid(b, src)
	g.GutterSize = 6
	for name, scale := range map[string]int{"1200x800": 1, "2400x1600": 2} {
		b.Run(name, func(b *testing.B) {
			g.Resize(fyne.NewSize(1200, 800))
			g.paint(1200*scale, 800*scale)
			b.ReportAllocs()
			for b.Loop() {
				g.paint(1200*scale, 800*scale)
			}
		})
	}
}
