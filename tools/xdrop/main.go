// Command xdrop drops files on a window of an X display, as a file manager does:
//
//	xdrop -window ID -at X,Y FILE...
//
// It implements the drag-and-drop protocol (XDND) as the source of the files, and ends when the window has received them.
package main

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

func main() {
	window := flag.Uint("window", 0, "id of the window")
	at := flag.String("at", "10,10", "where in the window, in pixels")
	patience := flag.Duration("patience", 20*time.Second, "how long to wait for the window")
	flag.Parse()
	var x, y int16
	if _, err := fmt.Sscanf(*at, "%d,%d", &x, &y); err != nil || *window == 0 || flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: xdrop -window ID -at X,Y FILE...")
		os.Exit(2)
	}
	done := make(chan error, 1)
	go func() { done <- drop(xproto.Window(*window), x, y, flag.Args()) }() //nolint:gosec // ids have 32 bits
	select {
	case err := <-done:
		if err == nil {
			return
		}
		fmt.Fprintln(os.Stderr, "xdrop:", err)
	case <-time.After(*patience):
		fmt.Fprintln(os.Stderr, "xdrop: the window doesn't respond")
	}
	os.Exit(1)
}

// version is the newest version of the protocol. Source: https://www.freedesktop.org/wiki/Specifications/XDND/
const version = 5

// source is the source of the files: an invisible window that owns the selection with them.
type source struct {
	x      *xgb.Conn
	atoms  map[string]xproto.Atom
	window xproto.Window // the source's own
	target xproto.Window
	list   []byte // the files as text/uri-list
}

func drop(target xproto.Window, x, y int16, files []string) error {
	list, err := uriList(files)
	if err != nil {
		return err
	}
	conn, err := xgb.NewConn()
	if err != nil {
		return fmt.Errorf("open the display: %w", err)
	}
	defer conn.Close()
	s := &source{x: conn, target: target, list: list, atoms: map[string]xproto.Atom{}}
	if err := s.prepare(); err != nil {
		return err
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	place, err := xproto.TranslateCoordinates(conn, target, root, x, y).Reply()
	if err != nil {
		return fmt.Errorf("find the window: %w", err)
	}
	if err := s.send("XdndEnter", version<<24, uint32(s.atoms["text/uri-list"]), 0, 0); err != nil {
		return err
	}
	here := uint32(uint16(place.DstX))<<16 | uint32(uint16(place.DstY)) //nolint:gosec // as the protocol packs them
	if err := s.send("XdndPosition", 0, here, xproto.TimeCurrentTime, uint32(s.atoms["XdndActionCopy"])); err != nil {
		return err
	}
	answer, err := s.serve("XdndStatus")
	if err != nil {
		return err
	}
	if answer[1]&1 == 0 {
		return fmt.Errorf("the window accepts no files here")
	}
	if err := s.send("XdndDrop", 0, xproto.TimeCurrentTime, 0, 0); err != nil {
		return err
	}
	_, err = s.serve("XdndFinished")
	return err
}

// uriList returns the files in the selection's format. Source: RFC 2483 §5.
func uriList(files []string) ([]byte, error) {
	var list strings.Builder
	for _, f := range files {
		path, err := filepath.Abs(f)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(path); err != nil {
			return nil, err
		}
		list.WriteString((&url.URL{Scheme: "file", Path: path}).String() + "\r\n")
	}
	return []byte(list.String()), nil
}

// prepare creates the window and takes the selection.
func (s *source) prepare() error {
	names := []string{"XdndEnter", "XdndPosition", "XdndStatus", "XdndDrop", "XdndFinished", "XdndSelection", "XdndActionCopy",
		"text/uri-list"}
	for _, name := range names {
		atom, err := xproto.InternAtom(s.x, false, uint16(len(name)), name).Reply() //nolint:gosec // short names
		if err != nil {
			return fmt.Errorf("name %s: %w", name, err)
		}
		s.atoms[name] = atom.Atom
	}
	var err error
	if s.window, err = xproto.NewWindowId(s.x); err != nil {
		return err
	}
	screen := xproto.Setup(s.x).DefaultScreen(s.x)
	if err := xproto.CreateWindowChecked(s.x, screen.RootDepth, s.window, screen.Root, 0, 0, 1, 1, 0,
		xproto.WindowClassInputOutput, screen.RootVisual, 0, nil).Check(); err != nil {
		return fmt.Errorf("create a window: %w", err)
	}
	if err := xproto.SetSelectionOwnerChecked(s.x, s.window, s.atoms["XdndSelection"], xproto.TimeCurrentTime).Check(); err != nil {
		return fmt.Errorf("take the selection: %w", err)
	}
	return nil
}

// send sends the target a message; the first value is always the source's window.
func (s *source) send(kind string, data ...uint32) error {
	event := xproto.ClientMessageEvent{
		Format: 32, Window: s.target, Type: s.atoms[kind],
		Data: xproto.ClientMessageDataUnionData32New(append([]uint32{uint32(s.window)}, data...)),
	}
	if err := xproto.SendEventChecked(s.x, false, s.target, 0, string(event.Bytes())).Check(); err != nil {
		return fmt.Errorf("send %s to the window: %w", kind, err)
	}
	return nil
}

// serve answers requests for the list of files until the target sends the wanted message.
func (s *source) serve(wanted string) ([]uint32, error) {
	for {
		event, err := s.x.WaitForEvent()
		if err != nil {
			return nil, err
		}
		switch e := event.(type) {
		case nil:
			return nil, fmt.Errorf("the display is gone")
		case xproto.ClientMessageEvent:
			if e.Type == s.atoms[wanted] {
				return e.Data.Data32, nil
			}
		case xproto.SelectionRequestEvent:
			if err := s.answer(e); err != nil {
				return nil, err
			}
		}
	}
}

func (s *source) answer(e xproto.SelectionRequestEvent) error {
	notify := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target}
	if e.Target == s.atoms["text/uri-list"] {
		notify.Property = e.Property
		if err := xproto.ChangePropertyChecked(s.x, xproto.PropModeReplace, e.Requestor, e.Property, e.Target, 8,
			uint32(len(s.list)), s.list).Check(); err != nil { //nolint:gosec // a command line is not that long
			return fmt.Errorf("send the list: %w", err)
		}
	}
	if err := xproto.SendEventChecked(s.x, false, e.Requestor, 0, string(notify.Bytes())).Check(); err != nil {
		return fmt.Errorf("answer the window: %w", err)
	}
	return nil
}
