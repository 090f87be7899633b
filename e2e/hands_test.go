//go:build e2e

package e2e

import (
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

// finder finds a thing among those that can be reached now.
type finder struct {
	name string
	find func(v view) (thing, bool)
}

// reach returns the things of the topmost layer.
func (v view) reach() []thing {
	return slices.DeleteFunc(slices.Clone(v.Seen), func(x thing) bool { return x.Layer != v.Layers })
}

// texts returns every text once.
func (v view) texts() []string {
	var list []string
	for _, x := range v.Seen {
		if x.Text != "" && !slices.Contains(list, x.Text) {
			list = append(list, x.Text)
		}
	}
	return list
}

func (v view) has(words string) bool {
	return slices.ContainsFunc(v.Seen, func(x thing) bool { return strings.Contains(x.Text, words) })
}

// words finds a thing with exactly this text: a button rather than a label, and a visible thing rather than one to scroll to.
func words(text string) finder {
	return finder{fmt.Sprintf("%q", text), func(v view) (best thing, ok bool) {
		rank := -1
		for _, x := range v.reach() {
			if x.Text != text {
				continue
			}
			r := 0
			if x.Focusable {
				r++
			}
			if !x.Out {
				r += 2
			}
			if r > rank {
				best, rank = x, r
			}
		}
		return best, rank >= 0
	}}
}

// field finds the input beside or below a label.
func field(label string) finder {
	return finder{fmt.Sprintf("the field %q", label), func(v view) (thing, bool) {
		list := v.reach()
		for _, l := range list {
			if l.Text != label || l.Focusable {
				continue
			}
			var best thing
			near := math.Inf(1)
			for _, x := range list {
				if !x.Focusable || x.X+x.W <= l.X {
					continue
				}
				beside := x.X > l.X && x.Y < l.Y+l.H && x.Y+x.H > l.Y
				below := x.Y >= l.Y+l.H-8 && x.Y < l.Y+l.H+30
				distance := math.Hypot(x.X-l.X, x.Y-l.Y)
				if !beside {
					distance += 500
				}
				if (beside || below) && distance < near {
					best, near = x, distance
				}
			}
			if !math.IsInf(near, 1) {
				return best, true
			}
		}
		return thing{}, false
	}}
}

// kind finds a thing by its type.
func kind(name string) finder {
	return finder{"a " + name, func(v view) (thing, bool) {
		for _, x := range v.reach() {
			if x.Type == name {
				return x, true
			}
		}
		return thing{}, false
	}}
}

// read waits until a text that contains words is shown.
func (w *window) read(words string) {
	w.t.Helper()
	w.await(fmt.Sprintf("%q is shown", words), func(v view) bool { return v.has(words) })
}

// gone waits until no text that contains words is shown.
func (w *window) gone(words string) {
	w.t.Helper()
	w.await(fmt.Sprintf("%q is gone", words), func(v view) bool { return !v.has(words) })
}

// point waits until f is shown, enabled and not moving, scrolls to it if necessary, and moves the mouse onto it.
func (w *window) point(f finder) {
	w.t.Helper()
	var last, at thing
	scale, same := 1.0, 0
	w.await(f.name+" can be clicked", func(v view) bool {
		x, ok := f.find(v)
		if ok && x == last {
			same++
		} else {
			same = 0
		}
		last, at, scale = x, x, v.Scale
		const rests = 2 // looks in which it must not move
		if same < rests || x.Disabled {
			return false
		}
		if x.Out {
			w.scrollTo(v, x)
			last = thing{}
			return false
		}
		return true
	})
	x := at.X + at.W/2
	if !at.Focusable { // a text may be much narrower than its label
		x = at.X + math.Min(at.W/2, 24)
	}
	w.move(x*scale, (at.Y+at.H/2)*scale)
}

// scrollTo turns the wheel once. If the widget under the mouse scrolls itself or does not scroll, it tries elsewhere next time.
func (w *window) scrollTo(v view, x thing) {
	w.t.Helper()
	spots := []float64{0.5, 0.8, 0.65, 0.3}
	if w.scrolled == x.Y {
		w.spot = (w.spot + 1) % len(spots)
	}
	w.scrolled = x.Y
	over := math.Min(math.Max(x.X+4, 0), v.Width-4) // the left edge of a field is over its form, however far that is scrolled
	w.move(over*v.Scale, v.Height*spots[w.spot]*v.Scale)
	button := "5"
	if x.Y+x.H/2 < v.Height/2 {
		button = "4"
	}
	w.tool("xdotool", "click", button)
}

func (w *window) move(x, y float64) {
	w.t.Helper()
	w.tool("xdotool", "mousemove", "--window", w.id, strconv.Itoa(int(x)), strconv.Itoa(int(y)))
}

func (w *window) click(f finder) {
	w.t.Helper()
	w.point(f)
	w.inputs++
	w.press()
}

// pace is the shortest time in which a person clicks on two different things. Fyne takes two clicks within 300 ms for a double click,
// wherever they are.
const pace = 350 * time.Millisecond

func (w *window) press() {
	w.t.Helper()
	time.Sleep(time.Until(w.pressed.Add(pace)))
	w.tool("xdotool", "click", "1")
	w.pressed = time.Now()
}

// key presses keys, such as ctrl+s.
func (w *window) key(names ...string) {
	w.t.Helper()
	w.inputs += len(names)
	w.tool("xdotool", append([]string{"key", "--clearmodifiers"}, names...)...)
}

// typing types into the focused control.
func (w *window) typing(text string) {
	w.t.Helper()
	w.inputs++
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			w.tool("xdotool", "key", "--clearmodifiers", "Return")
		}
		if line != "" {
			w.tool("xdotool", "type", "--delay", "6", "--clearmodifiers", "--", line)
		}
	}
}

// script types a script into the editor.
func (w *window) script(text string) {
	w.t.Helper()
	editor := kind("codeedit.Editor")
	w.fill(editor, text)
}

// fill clicks on a field and replaces its text by typing.
func (w *window) fill(f finder, text string) {
	w.t.Helper()
	w.focus(f)
	w.tool("xdotool", "key", "--clearmodifiers", "ctrl+a")
	w.typing(text)
	w.await(f.name+" has the typed text", func(v view) bool {
		x, ok := f.find(v)
		return ok && holds(x, text)
	})
}

// focus gives the focus to a field. Filling in a field counts as one input, however many keys that takes.
func (w *window) focus(f finder) {
	w.t.Helper()
	if x, ok := f.find(w.look()); ok && x.Focused {
		return
	}
	w.point(f)
	w.press()
	w.await(f.name+" has the keyboard", func(v view) bool {
		x, ok := f.find(v)
		return ok && x.Focused
	})
}

// pick opens the list of a field and chooses an item.
func (w *window) pick(f finder, item string) {
	w.t.Helper()
	w.focus(f)
	w.key("Down")
	w.click(words(item))
	w.await(f.name+" holds "+item, func(v view) bool {
		x, ok := f.find(v)
		return ok && x.Text == item
	})
}

// holds reports whether a field has this text. Of a secret, the window reports only the length.
func holds(x thing, text string) bool {
	if strings.HasPrefix(x.Text, "•") {
		return len([]rune(x.Text)) == len([]rune(text))
	}
	return x.Text == text
}

// paste pastes text from the clipboard.
func (w *window) paste(text string) {
	w.t.Helper()
	w.setClipboard(text)
	w.key("ctrl+v")
}

func (w *window) setClipboard(text string) {
	w.t.Helper()
	cmd := exec.Command("xclip", "-selection", "clipboard", "-i")
	cmd.Env = append(os.Environ(), "DISPLAY="+w.display)
	in, err := cmd.StdinPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	if _, err := io.WriteString(in, text); err != nil {
		w.t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		w.t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil { // the process that owns the clipboard stays in the background
		w.t.Fatal(err)
	}
	w.until("the clipboard is filled", func() bool { return w.clipboard() == strings.TrimSpace(text) })
}

func (s *stage) clipboard() string {
	return s.try("timeout", "2", "xclip", "-selection", "clipboard", "-o")
}

// drop drops files on the window, as a file manager does.
func (w *window) drop(paths ...string) {
	w.t.Helper()
	w.inputs++
	v := w.look()
	args := append([]string{"-window", w.id, "-at", fmt.Sprintf("%d,%d", int(v.Width*v.Scale/2), int(v.Height*v.Scale/2))}, paths...)
	w.tool(program(w.t, "xdrop"), args...)
}

// resize sets the size of the window's content in pixels. It tries again, because a window that is being placed may ignore it.
func (w *window) resize(width, height int) {
	w.t.Helper()
	looks := 0
	w.await("the window has its size", func(v view) bool {
		if looks%20 == 0 {
			w.tool("xdotool", "windowsize", w.id, strconv.Itoa(width), strconv.Itoa(height))
		}
		looks++
		return looks > 1 && math.Abs(v.Width*v.Scale-float64(width)) < 1.5 && math.Abs(v.Height*v.Scale-float64(height)) < 1.5
	})
}

// still waits until two looks, some frames apart, show the same.
func (w *window) still() view {
	w.t.Helper()
	var last string
	same := 0
	return w.await("the window comes to rest", func(v view) bool {
		now := fmt.Sprint(v)
		if now == last {
			same++
		} else {
			same = 0
		}
		last = now
		time.Sleep(20 * time.Millisecond)
		return same >= 3
	})
}
