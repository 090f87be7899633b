package focus

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Caret is a widget that is written in: a part of it, or all, is what is to be seen whenever the caret moves.
type Caret interface {
	fyne.Focusable
	// CaretArea is that part. Typing makes it another one.
	CaretArea() (fyne.Position, fyne.Size)
}

// Scroll lets content scroll up and down, by itself to what has the keyboard, and to where that is written in.
func Scroll(content fyne.CanvasObject) *container.Scroll {
	f := &follower{}
	f.scroll = container.NewVScroll(container.New(f, content)) //nolint:forbidigo // this is what makes it follow
	return f.scroll
}

// follower is the layout of what scrolls: it is asked for the least size before each frame, and nothing else tells of the focus.
type follower struct {
	scroll *container.Scroll
	asked  bool

	last   fyne.Focusable // what had the keyboard when it was looked at
	inside bool           // in the content
	area   span           // of it, in the content
	caret  area           // in the widget
	view   fyne.Size
	seen   bool // the area was in sight
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

// look asks to follow where anything has changed. The wheel changes none of it, so that a person can look elsewhere.
func (f *follower) look() {
	if f.asked || f.scroll == nil || len(fyne.CurrentApp().Driver().AllWindows()) == 0 {
		return
	}
	cv := CanvasOf(f.scroll)
	if cv == nil {
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
	f.asked = true
	later(f.follow)
}

// follow scrolls to what has the keyboard: where that or its caret is another, or where it would be pushed out of sight.
func (f *follower) follow() {
	f.asked = false
	cv := CanvasOf(f.scroll)
	if cv == nil {
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

// holds reports whether o is in the content. The toolkit tells of no parents: what is gone while the content counts as hidden is in it.
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

// reveal scrolls no farther than it has to, and so far that there is room around.
func (f *follower) reveal() {
	const room = 28 // a label above it, or what helps below it
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
