package forms

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

func key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

// sample is a form of two fields, the first of which must not be empty.
func sample() (f *Form, name, region *Entry) {
	f = NewForm()
	name, region = NewEntry(f.Keys), NewEntry(f.Keys)
	f.Add("name", "Name", "What it is called.", name)
	f.Add("region", "Region", "", region)
	f.Check = func() []Problem {
		if name.Text == "" {
			return []Problem{{"name", errors.New("no name")}}
		}
		return nil
	}
	f.Fill(func() {})
	return f, name, region
}

func TestAFaultShowsOnceItsFieldWasLeft(t *testing.T) {
	a := uitest.New(t)
	f, name, region := sample()
	w := a.Show(Rows(f.fields...), fyne.NewSize(600, 200))
	field := f.Field("name")
	if field.Err() != nil {
		t.Fatal("a fault before anything was typed")
	}
	w.Canvas().Focus(name)
	test.Type(name, "x")
	name.SetText("")
	if field.Err() != nil {
		t.Error("a fault while the person is still in the field")
	}
	w.Canvas().Focus(region)
	if field.Err() == nil || field.fault.Text != "no name" || !field.fault.Visible() {
		t.Errorf("left the field empty: err %v, shown %q", field.Err(), field.fault.Text)
	}
	name.SetText("web")
	if field.Err() != nil || field.fault.Visible() {
		t.Error("the fault stays after it was mended")
	}
	if !f.Dirty() {
		t.Error("edits do not make the form dirty")
	}
	f.Fill(func() { name.SetText("") })
	if f.Dirty() || field.Err() != nil {
		t.Error("filling counts as an edit")
	}
	if first := f.ShowAll(); first != field {
		t.Errorf("ShowAll gave %v", first)
	}
}

func TestEnterAndEscapeWorkInEveryPart(t *testing.T) {
	a := uitest.New(t)
	entered, escaped := 0, 0
	keys := &Keys{Enter: func() { entered++ }, Escape: func() { escaped++ }}
	pressed := 0
	parts := map[string]fyne.Focusable{
		"entry": NewEntry(keys), "check": NewCheck(keys, "c"), "select": NewSelect(keys, Option{"a", "A"}),
		"choice": NewChoice(keys, Option{"a", "A"}), "picker": NewPicker(keys, func() []Item { return nil }),
		"multiline": NewMultiline(keys, 2), "button": NewButton(keys, "b", func() { pressed++ }),
	}
	for name, part := range parts {
		a.Show(container.NewPadded(part.(fyne.CanvasObject)), fyne.NewSize(200, 100))
		entered, escaped = 0, 0
		part.TypedKey(key(fyne.KeyEscape))
		if escaped != 1 {
			t.Errorf("%s: Escape was heard %d times", name, escaped)
		}
		part.TypedKey(key(fyne.KeyReturn))
		want := 1
		if name == "multiline" || name == "button" {
			want = 0 // a line break; the button's own
		}
		if entered != want {
			t.Errorf("%s: Enter was heard %d times, want %d", name, entered, want)
		}
	}
	if pressed != 1 {
		t.Errorf("Enter pressed the button %d times", pressed)
	}
	if !strings.Contains(parts["multiline"].(*Entry).Text, "\n") {
		t.Error("Enter made no new line")
	}
}

func TestChoice(t *testing.T) {
	a := uitest.New(t)
	c := NewChoice(nil, Option{"no", "No"}, Option{"yes", "Yes"})
	var told []string
	c.OnChosen = func(v string) { told = append(told, v) }
	a.Show(container.NewHBox(c), fyne.NewSize(300, 60))
	c.SetValue("yes")
	if len(told) != 0 || c.Value() != "yes" {
		t.Fatalf("SetValue: %q, told %v", c.Value(), told)
	}
	c.TypedKey(key(fyne.KeyLeft))
	test.TapAt(c, fyne.NewPos(c.rights[0]+5, 10))
	if strings.Join(told, " ") != "no yes" {
		t.Errorf("told %v", told)
	}
}

func TestPickerFiltersAndPicks(t *testing.T) {
	a := uitest.New(t)
	opened := false
	items := []Item{
		{Value: "a", Title: "Sandbox", Detail: "access key …7Q4A"}, {Value: "b", Title: "Audit"},
		{Title: "New account…", Action: func() { opened = true }},
	}
	p := NewPicker(nil, func() []Item { return items })
	var picked []string
	p.OnPicked = func(i Item) { picked = append(picked, i.Value) }
	w := a.Show(container.NewVBox(p), fyne.NewSize(500, 400))
	w.Canvas().Focus(p)
	p.TypedRune('7')
	test.Type(p.list.filter, "q4a")
	if len(p.list.shown) != 2 || p.list.shown[0].Value != "a" {
		t.Fatalf("filtered to %v", p.list.shown)
	}
	p.list.filter.TypedKey(key(fyne.KeyReturn))
	if len(picked) != 1 || p.Value() != "a" || w.Canvas().Overlays().Top() != nil {
		t.Errorf("picked %v, value %q, list still open: %v", picked, p.Value(), w.Canvas().Overlays().Top() != nil)
	}
	p.TypedKey(key(fyne.KeyDown))
	p.list.filter.TypedKey(key(fyne.KeyEscape))
	if w.Canvas().Overlays().Top() != nil {
		t.Error("Escape leaves the list open")
	}
	p.Open()
	p.list.filter.TypedKey(key(fyne.KeyPageDown))
	p.list.filter.TypedKey(key(fyne.KeyReturn))
	if !opened || len(picked) != 1 {
		t.Errorf("the action: run %v, picked %v", opened, picked)
	}
	p.SetValue("gone")
	if p.Value() != "gone" {
		t.Error("a value that is not in the list is lost")
	}
}

func TestRegionByCity(t *testing.T) {
	a := uitest.New(t)
	c := NewRegionPicker(nil)
	w := a.Show(container.NewVBox(c.Entry), fyne.NewSize(500, 400))
	w.Canvas().Focus(c.Entry)
	c.TypedKey(key(fyne.KeyDown))
	test.Type(c.list.filter, "ireland")
	c.list.filter.TypedKey(key(fyne.KeyReturn))
	if c.Text != "eu-west-1" {
		t.Errorf("region %q", c.Text)
	}
	c.SetText("#{AWS.Region}")
	if c.Text != "#{AWS.Region}" || RegionPlace("eu-west-1") != "Europe (Ireland)" {
		t.Error("free text or the place of a region")
	}
}

type animal struct {
	name string
	legs int
	own  bool
}

func TestTableSortsFiltersAndOpens(t *testing.T) {
	a := uitest.New(t)
	table := NewTable(
		Column[animal]{Title: "Name", Cell: func(x animal) Cell { return Cell{Text: x.name, Badge: map[bool]string{true: "own"}[x.own]} }},
		Column[animal]{Title: "Legs", Width: 80, Cell: func(x animal) Cell { return Cell{Text: strings.Repeat("|", x.legs)} }, Less: func(x, y animal) int { return x.legs - y.legs }},
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
	table.list.TypedKey(key(fyne.KeyDown))
	table.list.TypedKey(key(fyne.KeyDown))
	table.list.TypedKey(key(fyne.KeyReturn))
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

func TestDialogGuardsEdits(t *testing.T) {
	a := uitest.New(t)
	f, name, _ := sample()
	w := a.Show(container.NewStack(), fyne.NewSize(800, 600))
	confirmed := 0
	d := &Dialog{Title: "Edit", Content: Rows(f.fields...), Keys: f.Keys, Confirm: "Save", Size: fyne.NewSize(500, 300), First: name, Dirty: f.Dirty, OnConfirm: func() { confirmed++ }}
	d.Show(w)
	if w.Canvas().Focused() != name {
		t.Error("the first field has no focus")
	}
	name.TypedKey(key(fyne.KeyReturn))
	if confirmed != 1 || !d.Visible() {
		t.Errorf("Enter confirmed %d times, open %v", confirmed, d.Visible())
	}
	test.Type(name, "x")
	name.TypedKey(key(fyne.KeyEscape))
	if !d.Visible() || len(w.Canvas().Overlays().List()) != 2 {
		t.Fatal("Escape lost edits without asking")
	}
	w.Canvas().OnTypedKey()(key(fyne.KeyEscape)) // keep editing
	if !d.Visible() || len(w.Canvas().Overlays().List()) != 1 {
		t.Fatal("the question can't be left by Escape")
	}
	f.Saved()
	name.TypedKey(key(fyne.KeyEscape))
	if d.Visible() {
		t.Error("Escape does not leave")
	}
}

func TestUndoBar(t *testing.T) {
	uitest.New(t)
	b := NewUndoBar()
	var log []string
	note := func(s string) func() { return func() { log = append(log, s) } }
	b.Show("one", note("undo 1"), note("final 1"))
	b.Show("two", note("undo 2"), note("final 2"))
	b.Undo()
	b.Undo()
	b.Show("three", note("undo 3"), note("final 3"))
	b.Flush()
	b.Flush()
	if got := strings.Join(log, ", "); got != "final 1, undo 2, final 3" || b.Visible() {
		t.Errorf("%s; visible %v", got, b.Visible())
	}
}

func TestLatestHearsOnlyTheLastAnswer(t *testing.T) {
	a := uitest.New(t)
	var l Latest
	var got []int
	first := make(chan struct{})
	Load(&l, func(ctx context.Context) (int, error) { <-ctx.Done(); close(first); return 1, nil }, func(n int, _ error) { got = append(got, n) })
	Load(&l, func(context.Context) (int, error) { <-first; return 2, nil }, func(n int, _ error) { got = append(got, n) })
	a.Until("the answer", func() bool { return len(got) > 0 })
	a.Pump()
	if len(got) != 1 || got[0] != 2 || l.Busy() {
		t.Errorf("heard %v, busy %v", got, l.Busy())
	}
}

func TestSecretIsWriteOnly(t *testing.T) {
	uitest.New(t)
	s := NewSecret(nil)
	s.SetSet(false)
	if s.Given() {
		t.Error("given without a value")
	}
	s.SetSet(true)
	if !s.Given() || s.Value() != "" || s.Text != "" {
		t.Errorf("a set secret shows %q", s.Text)
	}
	s.SetText("  abc ")
	if s.Value() != "abc" || !s.Password {
		t.Errorf("value %q", s.Value())
	}
	s.SetText("\ufeffabc ") // copied with the beginning of a file
	if s.Value() != "abc" || s.Whole() != "abc " {
		t.Errorf("values %q, %q", s.Value(), s.Whole())
	}
	if !s.paste("\ufeff-----BEGIN\nabc\n") || s.Value() != "-----BEGIN\nabc" || s.Whole() != s.Value() {
		t.Errorf("pasted %q, %q", s.Value(), s.Whole())
	}
}

func TestStageStates(t *testing.T) {
	a := uitest.New(t)
	s := NewStage()
	w := a.Show(s.Content(), fyne.NewSize(500, 300))
	if s.State() != StateLoading {
		t.Error("does not begin loading")
	}
	retried := false
	s.Error(errors.New("no disk"), func() { retried = true })
	for _, o := range test.LaidOutObjects(w.Content()) {
		if b, ok := o.(*Button); ok && b.Text == "Try again" {
			test.Tap(b)
		}
	}
	if !retried || s.Message() != "no disk" {
		t.Errorf("retried %v, message %q", retried, s.Message())
	}
}

func TestFold(t *testing.T) {
	a := uitest.New(t)
	e := NewEntry(nil)
	f := NewFold(nil, "AWS", true, e)
	f.Summary = func() string { return "aws.account" }
	a.Show(f.Content(), fyne.NewSize(400, 200))
	f.head.TypedKey(key(fyne.KeySpace))
	if f.Open() || f.head.summary != "aws.account" {
		t.Errorf("open %v, summary %q", f.Open(), f.head.summary)
	}
	test.Tap(f.head)
	if !f.Open() || f.head.summary != "" {
		t.Errorf("open %v, summary %q", f.Open(), f.head.summary)
	}
}

func TestALongTableHoldsOnlyTheRowsInSight(t *testing.T) {
	a := uitest.New(t)
	table := NewTable(Column[int]{Title: "Number", Cell: func(n int) Cell { return Cell{Text: strconv.Itoa(n)} }})
	made := 0
	create := table.list.CreateItem
	table.list.CreateItem = func() fyne.CanvasObject { made++; return create() }
	a.Show(table.Content(), fyne.NewSize(300, 400))
	rows := make([]int, 10_000)
	for i := range rows {
		rows[i] = i
	}
	table.SetRows(rows)
	table.list.ScrollToBottom()
	table.SetFilter("99 9")
	if len(table.Rows()) == 0 || made > 200 {
		t.Errorf("%d rows are left, %d were drawn", len(table.Rows()), made)
	}
}

func TestTableRowsAreDragged(t *testing.T) {
	a := uitest.New(t)
	table := NewTable(Column[int]{Title: "Number", Cell: func(n int) Cell { return Cell{Text: strconv.Itoa(n)} }})
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
			t.Error("nothing shows where the row would go")
		}
		row.DragEnd()
		if table.drop.Visible() {
			t.Error("the line stays")
		}
	}
	pull(0, 200) // nobody wants to hear of it
	table.OnMoved = func(row, by int) { moves = append(moves, move{row, by}) }
	pitch := rowAt(1).Size().Height + fynetheme.Padding()
	pull(0, 2.2*pitch)
	pull(3, -1.1*pitch)
	pull(1, 0.3*pitch) // too little
	pull(2, 40*pitch)  // beyond the end
	pull(1, -40*pitch) // and the beginning
	want := []move{{10, 2}, {13, -1}, {12, 1}, {11, -1}}
	if !slices.Equal(moves, want) {
		t.Errorf("got %v, want %v", moves, want)
	}
}
