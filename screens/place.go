// Package screens is the window's frame: the rail, the header of an open project, the status bar, and the navigation between places. Each
// place has a package of its own below it.
package screens

import "fyne.io/fyne/v2"

// Place is a page that the rail leads to. The frame shows one at a time. Places are used on the main goroutine only.
//
// A place may also implement Shower, Hider, Focuser, Opener, Homer, Follower, Guarded, Finder, Saver and Backer.
type Place interface {
	// Content returns what to show, the same object each time.
	Content() fyne.CanvasObject
}

// Shower is a place that is told when it is shown.
type Shower interface{ Shown() }

// Hider is a place that is told when it is hidden, so that it stops background work that only feeds the display.
type Hider interface{ Hidden() }

// Focuser is a place that gives the focus to its main control: a table, a log, the first field of a form. It must not take the focus from
// another object on the screen.
type Focuser interface{ Focus() }

// Opener is a place that can open something in particular: a run by its number, an account by its name.
type Opener interface{ Open(args ...any) }

// Homer is a place with several pages. Choosing it again in the rail calls Home, which shows the first one.
type Homer interface{ Home() }

// Follower is a place that shows data which others may change. While it is shown, Changed is called after every change of the database.
type Follower interface{ Changed() }

// Guarded is a place that may have unsaved edits. Leave calls then at once, or after the person has decided, or never.
type Guarded interface{ Leave(then func()) }

type Finder interface{ Find() }

// Finder is a place with a search.
// Saver is a place with something to save.
type Saver interface{ Save() }

// Backer is a place that goes back by a page for an Escape that no control handles.
type Backer interface{ Back() }

// Entry is a place of the frame, with its line in the rail.
type Entry struct {
	Key     string // for Frame.Go, such as "accounts"
	Label   string
	Icon    fyne.Resource
	Place   Place
	Project bool   // show the header of the open project above it
	Of      string // key of the place it belongs to; such an entry has no line of its own in the rail or the menu
	Bottom  bool   // at the bottom of the rail
}
