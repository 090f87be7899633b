// Command xframes counts how often a window of an X display is painted, until its standard input ends; then it prints the
// number:
//
//	xframes -window ID
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/damage"
	"github.com/jezek/xgb/xproto"
)

func main() {
	window := flag.Uint("window", 0, "id of the window")
	flag.Parse()
	if err := count(xproto.Window(*window)); err != nil { //nolint:gosec // ids have 32 bits
		fmt.Fprintln(os.Stderr, "xframes:", err)
		os.Exit(1)
	}
}

func count(window xproto.Window) error {
	conn, err := xgb.NewConn()
	if err != nil {
		return fmt.Errorf("open the display: %w", err)
	}
	defer conn.Close()
	if err := damage.Init(conn); err != nil {
		return fmt.Errorf("the display doesn't report damage: %w", err)
	}
	if _, err := damage.QueryVersion(conn, 1, 1).Reply(); err != nil {
		return err
	}
	id, err := damage.NewDamageId(conn)
	if err != nil {
		return err
	}
	if err := damage.CreateChecked(conn, id, xproto.Drawable(window), damage.ReportLevelRawRectangles).Check(); err != nil {
		return fmt.Errorf("watch the window: %w", err)
	}
	fmt.Println("counting")
	painted := make(chan error, 1)
	frames := 0
	done := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(done)
	}()
	events := make(chan xgb.Event)
	go func() {
		for {
			event, err := conn.WaitForEvent()
			if err != nil || event == nil {
				painted <- fmt.Errorf("the display is gone")
				return
			}
			events <- event
		}
	}()
	// A frame comes in one piece or in several bands, each of which begins further down than the previous one.
	last := int16(-1)
	for {
		select {
		case event := <-events:
			if e, ok := event.(damage.NotifyEvent); ok {
				if e.Area.Y <= last || last < 0 {
					frames++
				}
				last = e.Area.Y
			}
		case err := <-painted:
			return err
		case <-done:
			fmt.Println(frames)
			return nil
		}
	}
}
