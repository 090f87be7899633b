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
	roots := []fyne.CanvasObject{c.Content()}
	overlays := c.Overlays().List()
	for i, root := range append(roots, overlays...) {
		for _, o := range test.LaidOutObjects(root) {
			if s, ok := describe(o); ok && o.Visible() {
				at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
				s.X, s.Y, s.W, s.H = at.X, at.Y, o.Size().Width, o.Size().Height
				s.Overlay = i > 0
				if f, ok := o.(fyne.Focusable); ok {
					s.Focused = c.Focused() == f
				}
				if d, ok := o.(fyne.Disableable); ok {
					s.Disabled = d.Disabled()
				}
				view.Seen = append(view.Seen, s)
			}
		}
	}
	line, err := json.Marshal(view)
	if err != nil {
		line = []byte(`{"error":` + fmt.Sprintf("%q", err) + `}`)
	}
	fmt.Println(string(line))
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
