//go:build e2e

package desktop

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// view describes what the window shows, for the end-to-end tests. Positions and sizes are in Fyne's units from the upper left
// corner; multiplied by Scale they are pixels.
type view struct {
	Place  string  `json:"place"`
	Scale  float32 `json:"scale"`
	Width  float32 `json:"width"`
	Height float32 `json:"height"`
	Layers int     `json:"layers"` // number of dialogs and menus over the content
	Seen   []seen  `json:"seen"`
}

// seen is one thing on the screen.
type seen struct {
	Type      string  `json:"type"`
	Text      string  `json:"text"`
	Hint      string  `json:"hint,omitempty"` // placeholder
	X         float32 `json:"x"`
	Y         float32 `json:"y"`
	W         float32 `json:"w"`
	H         float32 `json:"h"`
	Layer     int     `json:"layer,omitempty"` // only the topmost layer can be clicked
	Out       bool    `json:"out,omitempty"`   // its centre is scrolled out of view
	Focusable bool    `json:"focusable,omitempty"`
	Focused   bool    `json:"focused,omitempty"`
	Disabled  bool    `json:"disabled,omitempty"`
	Checked   bool    `json:"checked,omitempty"`
}

// serveView prints READY, then a view as one line of JSON for each line "look" on standard input.
func serveView(w *window) {
	if os.Getenv("STEPDECK_E2E") == "" {
		return
	}
	send("READY")
	go func() {
		lines := bufio.NewScanner(os.Stdin) //nolint:forbidigo // only in builds for the tests
		for lines.Scan() {
			if strings.TrimSpace(lines.Text()) == "look" {
				fyne.Do(func() { look(w) })
			}
		}
	}()
}

func look(w *window) {
	c := w.win.Canvas()
	over := c.Overlays().List()
	v := view{Place: w.frame.Current(), Scale: c.Scale(), Width: c.Size().Width, Height: c.Size().Height, Layers: len(over)}
	for layer, root := range append([]fyne.CanvasObject{c.Content()}, over...) {
		walk(root, fyne.Position{}, area{0, 0, v.Width, v.Height}, func(o fyne.CanvasObject, at fyne.Position, clip area) {
			s, ok := describe(o)
			if !ok {
				return
			}
			s.X, s.Y, s.W, s.H, s.Layer = at.X, at.Y, o.Size().Width, o.Size().Height, layer
			s.Out = !clip.holds(at.X+s.W/2, at.Y+s.H/2)
			var f fyne.Focusable
			if f, s.Focusable = o.(fyne.Focusable); s.Focusable {
				s.Focused = c.Focused() == f
			}
			if d, ok := o.(fyne.Disableable); ok {
				s.Disabled = d.Disabled()
			}
			v.Seen = append(v.Seen, s)
		})
	}
	line, err := json.Marshal(v)
	if err != nil {
		line = fmt.Appendf(nil, `{"error":%q}`, err)
	}
	send(string(line))
}

// send writes a line to the tests.
func send(line string) {
	fmt.Println(line) //nolint:forbidigo // as above
}

type area struct{ left, top, right, bottom float32 }

func (a area) holds(x, y float32) bool {
	return x >= a.left && x < a.right && y >= a.top && y < a.bottom
}

func (a area) within(b area) area {
	return area{max(a.left, b.left), max(a.top, b.top), min(a.right, b.right), min(a.bottom, b.bottom)}
}

// walk calls found for o and everything visible in it, with the area of the window that shows it.
func walk(o fyne.CanvasObject, parent fyne.Position, clip area, found func(fyne.CanvasObject, fyne.Position, area)) {
	if o == nil || !o.Visible() {
		return
	}
	at := parent.Add(o.Position())
	found(o, at, clip)
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		inside = o.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	if _, ok := o.(*container.Scroll); ok {
		clip = clip.within(area{at.X, at.Y, at.X + o.Size().Width, at.Y + o.Size().Height})
	}
	for _, child := range inside {
		walk(child, at, clip, found)
	}
}

// describe returns what o shows. ok is false if tests have no use for it.
func describe(o fyne.CanvasObject) (s seen, ok bool) {
	s = seen{Type: strings.TrimPrefix(reflect.TypeOf(o).String(), "*")}
	switch o := o.(type) {
	case *canvas.Text:
		s.Text = o.Text
		return s, s.Text != ""
	case *widget.Label:
		s.Text = o.Text
		return s, s.Text != ""
	case interface{ Text() string }: // the script editor
		s.Text = o.Text()
	default:
		v := reflect.Indirect(reflect.ValueOf(o))
		if v.Kind() != reflect.Struct {
			break
		}
		text := func(name string) string {
			if f := v.FieldByName(name); f.IsValid() && f.Kind() == reflect.String {
				return f.String()
			}
			return ""
		}
		on := func(name string) bool {
			f := v.FieldByName(name)
			return f.IsValid() && f.Kind() == reflect.Bool && f.Bool()
		}
		s.Text, s.Hint, s.Checked = text("Text"), text("PlaceHolder"), on("Checked")
		if s.Text == "" {
			s.Text = text("Selected")
		}
		if on("Password") { // keep secrets out of the tests' output
			s.Text = strings.Repeat("•", len([]rune(s.Text)))
		}
	}
	_, focusable := o.(fyne.Focusable)
	return s, focusable || s.Text != ""
}
