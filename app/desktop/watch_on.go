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
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// seen is one thing on the screen, as the end-to-end tests find it. Places are in units of the window, from its upper
// left corner below the menu bar; Scale makes pixels of them.
type seen struct {
	Type     string  `json:"type"`
	Text     string  `json:"text"`
	X        float32 `json:"x"`
	Y        float32 `json:"y"`
	W        float32 `json:"w"`
	H        float32 `json:"h"`
	Focused  bool    `json:"focused,omitempty"`
	Disabled bool    `json:"disabled,omitempty"`
	Overlay  bool    `json:"overlay,omitempty"`
}

// watch prints READY when the window is there, and what it shows, as one line of JSON, for each line "look" on the
// standard input.
func watch(w *window) {
	if os.Getenv("STEPDECK_E2E") == "" {
		return
	}
	w.app.Lifecycle().SetOnStarted(func() { fmt.Println("READY") })
	go func() {
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			if strings.TrimSpace(lines.Text()) == "look" {
				fyne.Do(func() { look(w) })
			}
		}
	}()
}

func look(w *window) {
	c := w.win.Canvas()
	view := struct {
		Place string  `json:"place"`
		Scale float32 `json:"scale"`
		Width float32 `json:"width"`
		Seen  []seen  `json:"seen"`
	}{w.frame.Current(), c.Scale(), c.Size().Width, nil}
	walk := func(o fyne.CanvasObject, overlay bool) {
		visible(o, fyne.Position{}, func(o fyne.CanvasObject, at fyne.Position) {
			s, ok := describe(o)
			if !ok {
				return
			}
			s.X, s.Y, s.W, s.H, s.Overlay = at.X, at.Y, o.Size().Width, o.Size().Height, overlay
			if f, ok := o.(fyne.Focusable); ok {
				s.Focused = c.Focused() == f
			}
			if d, ok := o.(fyne.Disableable); ok {
				s.Disabled = d.Disabled()
			}
			view.Seen = append(view.Seen, s)
		})
	}
	walk(c.Content(), false)
	for _, o := range c.Overlays().List() {
		walk(o, true)
	}
	line, err := json.Marshal(view)
	if err != nil {
		line = []byte(`{"error":` + fmt.Sprintf("%q", err) + `}`)
	}
	fmt.Println(string(line))
}

// visible calls found for o and all that is seen in it.
func visible(o fyne.CanvasObject, parent fyne.Position, found func(fyne.CanvasObject, fyne.Position)) {
	if o == nil || !o.Visible() {
		return
	}
	at := parent.Add(o.Position())
	found(o, at)
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		inside = o.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	for _, child := range inside {
		visible(child, at, found)
	}
}

func describe(o fyne.CanvasObject) (seen, bool) {
	s := seen{Type: strings.TrimPrefix(reflect.TypeOf(o).String(), "*")}
	switch o := o.(type) {
	case *canvas.Text:
		s.Text = o.Text
	case *widget.Button:
		s.Text = o.Text
	case *widget.Label:
		s.Text = o.Text
	case interface{ SelectedText() string }:
		if e := reflect.Indirect(reflect.ValueOf(o)).FieldByName("Text"); e.IsValid() && e.Kind() == reflect.String {
			s.Text = e.String()
		}
	default:
		_, focusable := o.(fyne.Focusable)
		if v := reflect.Indirect(reflect.ValueOf(o)); v.Kind() == reflect.Struct {
			for _, name := range []string{"Text", "Selected", "PlaceHolder"} {
				if f := v.FieldByName(name); f.IsValid() && f.Kind() == reflect.String && s.Text == "" {
					s.Text = f.String()
				}
			}
		}
		return s, focusable || s.Text != ""
	}
	return s, true
}
