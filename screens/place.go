// Package screens is what a person sees. This package holds the frame: the rail, the header of an open project, the status
// bar, and the way from one place to another. The places are packages of their own below it.
package screens

import "fyne.io/fyne/v2"

// Place is what a line of the rail leads to. The frame shows one at a time. All of it belongs to the main goroutine.
//
// A place may have more: see Shower, Hider, Focuser, Opener, Homer, Follower, Guarded, Finder, Saver and Backer.
type Place interface {
	// Content gives what to show, the same object each time.
	Content() fyne.CanvasObject
}

// Shower is a place that hears when it comes into sight.
type Shower interface{ Shown() }

// Hider is a place that hears when it goes out of sight: what it does in the background for the eye's sake ends.
type Hider interface{ Hidden() }

// Focuser is a place that gives the keyboard to what it shows: a table, a log, the first field of a form. It takes it from nothing
// else on the screen.
type Focuser interface{ Focus() }

// Opener is a place that can be asked for something in particular: a run by its number, an account by its name.
type Opener interface{ Open(args ...any) }

// Homer is a place with pages of its own; choosing it in the rail once more leads back to its first one.
type Homer interface{ Home() }

// Follower is a place that shows what others may change. It hears while it is in sight that anything has changed in the
// database, by whomever.
type Follower interface{ Changed() }

// Guarded is a place that may hold what nobody has saved. It calls then at once, or after the person has decided, or never.
type Guarded interface{ Leave(then func()) }

// Finder is a place in which something can be searched for.
type Finder interface{ Find() }

// Saver is a place in which something can be saved.
type Saver interface{ Save() }

// Backer is a place that hears Escape where no field has the focus: it goes back by one page.
type Backer interface{ Back() }

// Entry is a line of the rail.
type Entry struct {
	Key     string // for Navigate, such as "accounts"
	Label   string
	Icon    fyne.Resource
	Place   Place
	Project bool   // the open project's pickers stand above it
	Of      string // the key of the place that it belongs to: it has no line of its own in the rail, nor in the menu
	Bottom  bool   // at the foot of the rail
}
