package focus

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Caret is a widget with a text caret, which a scroll area keeps in view.
type Caret interface {
	fyne.Focusable
	// CaretArea returns the part of the widget to keep in view. It must change whenever the caret moves.
	CaretArea() (fyne.Position, fyne.Size)
}

// Pressable is a widget that takes the focus when a mouse button goes down on it.
type Pressable interface {
	fyne.Focusable
	Pressed() bool // whether the button is still down
}

// Scroll returns a vertical scroll area that follows the focus and, in a Caret, the caret.
func Scroll(content fyne.CanvasObject) *container.Scroll {
	f := &follower{}
	f.scroll = container.NewVScroll(container.New(f, content)) //nolint:forbidigo // this is what makes it follow
	return f.scroll
}

// follower is the layout of the scrolled content. Fyne reports no change of focus, but asks a layout for its minimum size before each
// frame: that is where follower looks.
type follower struct {
	scroll  *container.Scroll
	pending bool

	last   fyne.Focusable // the object that had the focus when it was last checked
	inside bool           // last is in the content
	area   span           // of last, in the content
	caret  area           // in last
	view   fyne.Size
	seen   bool // area was in view
}

// span is a part of a column, and area a part of a widget.
type (
	span struct{ top, height float32 }
	area struct {
		at   fyne.Position
		size fyne.Size
	}
)

func (f *follower) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
}

func (f *follower) MinSize(objects []fyne.CanvasObject) fyne.Size {
	f.look()
	var least fyne.Size
	for _, o := range objects {
		least = least.Max(o.MinSize())
	}
	return least
}

// look schedules follow if the focus, the caret or a size has changed. The wheel changes none of them, so that people can scroll away.
func (f *follower) look() {
	if f.pending || f.scroll == nil || len(fyne.CurrentApp().Driver().AllWindows()) == 0 {
		return
	}
	cv := CanvasOf(f.scroll)
	if cv == nil || pressed(cv.Focused()) {
		return
	}
	if cv.Focused() == f.last {
		if !f.inside {
			return
		}
		if span, caret := f.measure(); span == f.area && caret == f.caret && f.scroll.Size() == f.view {
			f.seen = f.inSight()
			return
		}
	}
	f.pending = true
	later(f.follow)
}

// pressed reports whether the mouse holds o. Fyne takes the focus away from it if the button goes up over something else, so nothing may
// move before that.
func pressed(o fyne.Focusable) bool {
	p, ok := o.(Pressable)
	return ok && p.Pressed()
}

// follow scrolls to the focused object if the focus or its caret has moved, or if it was pushed out of view.
func (f *follower) follow() {
	f.pending = false
	cv := CanvasOf(f.scroll)
	if cv == nil || pressed(cv.Focused()) {
		return
	}
	was, caretWas := f.last, f.caret
	if f.last = cv.Focused(); f.last != was {
		f.inside = f.holds(f.last)
	}
	if o, ok := f.last.(fyne.CanvasObject); ok && !Shown(o) {
		f.inside = false
	}
	if !f.inside {
		return
	}
	f.area, f.caret = f.measure()
	f.view = f.scroll.Size()
	if f.last != was || f.caret != caretWas || f.seen {
		f.reveal()
	}
	f.seen = f.inSight()
}

// holds reports whether o is in the content. Fyne does not know an object's parents, so holds hides the content for a moment and checks
// whether o is hidden with it.
func (f *follower) holds(o fyne.Focusable) bool {
	object, ok := o.(fyne.CanvasObject)
	content, _ := f.scroll.Content.(*fyne.Container)
	if !ok || content == nil || !Shown(object) {
		return false
	}
	content.Hidden = true
	defer func() { content.Hidden = false }()
	return !Shown(object)
}

func (f *follower) measure() (where span, caret area) {
	object, ok := f.last.(fyne.CanvasObject)
	if !ok {
		return where, caret
	}
	caret.size = object.Size()
	if c, ok := f.last.(Caret); ok {
		caret.at, caret.size = c.CaretArea()
	}
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(object).Y - driver.AbsolutePositionForObject(f.scroll.Content).Y
	return span{top + caret.at.Y, caret.size.Height}, caret
}

func (f *follower) inSight() bool {
	top, bottom := f.scroll.Offset.Y, f.scroll.Offset.Y+f.scroll.Size().Height
	return f.area.top >= top && f.area.top+f.area.height <= bottom
}

// reveal scrolls as little as possible, leaving some room around the object.
func (f *follower) reveal() {
	const room = 28 // for a label above it or a help text below it
	height, offset := f.scroll.Size().Height, f.scroll.Offset.Y
	top, bottom := f.area.top-room, f.area.top+f.area.height+room
	switch {
	case f.inSight():
		return
	case bottom-top > height || top < offset:
		offset = top
	default:
		offset = bottom - height
	}
	most := max(0, f.scroll.Content.MinSize().Height-height)
	f.scroll.ScrollToOffset(fyne.NewPos(f.scroll.Offset.X, min(max(0, offset), most)))
}
