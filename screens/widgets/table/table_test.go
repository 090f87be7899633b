package table

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

type animal struct {
	name string
	legs int
	own  bool
}

func TestTableSortsFiltersAndOpens(t *testing.T) {
	a := uitest.New(t)
	table := New(
		Column[animal]{Title: "Name", Cell: func(x animal) Cell { return Cell{Text: x.name, Badge: map[bool]string{true: "own"}[x.own]} }},
		Column[animal]{
			Title: "Legs", Width: 80,
			Cell:    func(x animal) Cell { return Cell{Text: strings.Repeat("|", x.legs)} },
			Compare: func(x, y animal) int { return cmp.Compare(x.legs, y.legs) },
		},
	)
	table.Pinned = func(x animal) bool { return x.own }
	a.Show(table.Content(), fyne.NewSize(400, 300))
	table.SetRows([]animal{{"Me", 2, true}, {"spider", 8, false}, {"Ant", 6, false}, {"hen", 2, false}})
	names := func() string {
		var all []string
		for _, x := range table.Rows() {
			all = append(all, x.name)
		}
		return strings.Join(all, " ")
	}
	check := func(what, want string) {
		t.Helper()
		if got := names(); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	check("as given", "Me spider Ant hen")
	test.Tap(table.heads[0])
	check("by name", "Me Ant hen spider")
	test.Tap(table.heads[1])
	check("by legs", "Me hen Ant spider")
	test.Tap(table.heads[1])
	check("by legs, down", "Me spider Ant hen")
	test.Tap(table.heads[1])
	check("as given again", "Me spider Ant hen")
	table.SetFilter("OWN")
	check("by badge", "Me")
	table.SetFilter("")
	var opened string
	table.OnOpened = func(x animal) { opened = x.name }
	table.list.TypedKey(uitest.Key(fyne.KeyDown))
	table.list.TypedKey(uitest.Key(fyne.KeyDown))
	table.list.TypedKey(uitest.Key(fyne.KeyReturn))
	if opened != "spider" {
		t.Errorf("opened %q", opened)
	}
	test.Tap(table.heads[0])
	if x, ok := table.Selected(); !ok || x.name != "spider" {
		t.Errorf("after sorting %q is selected", x.name)
	}
	table.SetFilter("hen")
	if _, ok := table.Selected(); ok {
		t.Error("a row that is not shown is selected")
	}
}

func TestALongTableCreatesOnlyVisibleRows(t *testing.T) {
	a := uitest.New(t)
	table := New(Column[int]{Title: "Number", Cell: func(n int) Cell { return Cell{Text: strconv.Itoa(n)} }})
	created := 0
	create := table.list.CreateItem
	table.list.CreateItem = func() fyne.CanvasObject { created++; return create() }
	a.Show(table.Content(), fyne.NewSize(300, 400))
	rows := make([]int, 10_000)
	for i := range rows {
		rows[i] = i
	}
	table.SetRows(rows)
	table.list.ScrollToBottom()
	table.SetFilter("99 9")
	if len(table.Rows()) == 0 || created > 200 {
		t.Errorf("%d rows are left, %d were created", len(table.Rows()), created)
	}
}

func TestTableRowsAreDragged(t *testing.T) {
	a := uitest.New(t)
	table := New(Column[int]{Title: "Number", Cell: func(n int) Cell { return Cell{Text: strconv.Itoa(n)} }})
	window := a.Show(table.Content(), fyne.NewSize(300, 400))
	table.SetRows([]int{10, 11, 12, 13})
	type move struct{ row, by int }
	var moves []move
	rowAt := func(n int) *tableRow {
		t.Helper()
		for _, o := range test.LaidOutObjects(window.Canvas().Content()) {
			if row, ok := o.(*tableRow); ok && row.index == n && row.Visible() {
				return row
			}
		}
		t.Fatalf("there is no row %d", n)
		return nil
	}
	pull := func(n int, way float32) {
		row := rowAt(n)
		for range 4 {
			row.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, way/4)})
		}
		if table.OnMoved != nil && !table.drop.Visible() {
			t.Error("no line shows where the row would go")
		}
		row.DragEnd()
		if table.drop.Visible() {
			t.Error("the line is still shown after the drop")
		}
	}
	pull(0, 200) // ignored without OnMoved
	table.OnMoved = func(row, by int) { moves = append(moves, move{row, by}) }
	pitch := rowAt(1).Size().Height + fynetheme.Padding()
	pull(0, 2.2*pitch)
	pull(3, -1.1*pitch)
	pull(1, 0.3*pitch) // too little
	pull(2, 40*pitch)  // past the end
	pull(1, -40*pitch) // past the beginning
	want := []move{{10, 2}, {13, -1}, {12, 1}, {11, -1}}
	if !slices.Equal(moves, want) {
		t.Errorf("got %v, want %v", moves, want)
	}
}

// TestTableTaps: one tap selects at once, two on one row open it, two on different rows select the second.
func TestTableTaps(t *testing.T) {
	for _, row := range []struct {
		name     string
		taps     []int
		selected string
		opened   string
	}{
		{"one", []int{1}, "b", ""},
		{"two on one row", []int{1, 1}, "b", "b"},
		{"three on one row", []int{1, 1, 1}, "b", "b"},
		{"two on different rows", []int{0, 2}, "c", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := uitest.New(t)
			table := New(Column[string]{Title: "Name", Cell: func(s string) Cell { return Cell{Text: s} }})
			opened := ""
			table.OnOpened = func(s string) { opened += s }
			table.SetRows([]string{"a", "b", "c"})
			w := a.Show(table.Content(), fyne.NewSize(400, 300))
			for _, n := range row.taps {
				at := fyne.CurrentApp().Driver().AbsolutePositionForObject(table.list)
				height := newTableRow(table.list, []float32{0}).MinSize().Height + fynetheme.Padding()
				test.TapCanvas(w.Canvas(), at.AddXY(20, (float32(n)+0.5)*height))
			}
			if got, _ := table.Selected(); got != row.selected || opened != row.opened {
				t.Errorf("selected %q, opened %q, want %q and %q", got, opened, row.selected, row.opened)
			}
		})
	}
}

func TestTableTicks(t *testing.T) {
	a := uitest.New(t)
	ticked := map[string]bool{}
	table := New(
		Column[string]{Width: 40, Cell: func(s string) Cell {
			if ticked[s] {
				return Cell{Tick: Ticked}
			}
			return Cell{Tick: Unticked}
		}},
		Column[string]{Title: "Name", Cell: func(s string) Cell { return Cell{Text: s} }},
	)
	opened := ""
	table.OnOpened = func(s string) { opened += s }
	table.OnTicked = func(s string) { ticked[s] = !ticked[s]; table.Refresh() }
	table.SetRows([]string{"a", "b", "c"})
	w := a.Show(table.Content(), fyne.NewSize(400, 300))
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(table.list)
	height := newTableRow(table.list, []float32{40, 0}).MinSize().Height + fynetheme.Padding()
	tap := func(x float32, row int) { test.TapCanvas(w.Canvas(), at.AddXY(x, (float32(row)+0.5)*height)) }
	tap(20, 1)
	tap(80, 2)
	if !ticked["b"] || ticked["c"] {
		t.Errorf("after a tap on the box of b and the name of c, %v", ticked)
	}
	tap(20, 0)
	tap(20, 0)
	if ticked["a"] || opened != "" {
		t.Errorf("two taps on the box of a: %v, opened %q", ticked, opened)
	}
	table.list.TypedKey(uitest.Key(fyne.KeyDown))
	table.list.TypedKey(uitest.Key(fyne.KeySpace))
	if ticked["b"] {
		t.Error("Space does not change the box of the selected row")
	}
	for _, o := range test.LaidOutObjects(w.Canvas().Content()) {
		if row, ok := o.(*tableRow); ok && row.Visible() && row.cells[1].tick.Visible() {
			t.Error("a cell without a box shows one")
		}
	}
}
