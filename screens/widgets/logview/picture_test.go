package logview

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/screens/theme"
	"github.com/stepdeck/stepdeck/screens/widgets/find"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// sample returns a log with one line of every kind.
func sample() *store {
	s := &store{}
	add := func(level Level, stream Stream, text string) {
		s.add(text)
		l := &s.lines[len(s.lines)-1]
		l.Level, l.Stream = level, stream
	}
	add(Verbose, Note, "Acts in 123456789012 Website-prod as role/deployer in eu-west-1")
	add(Verbose, Stdout, "aws-cli/2.31.4 Python/3.13.7 Linux/6.8 exe/x86_64")
	add(Info, Stdout, "upload: ./site/index.html to s3://web-prod/index.html")
	add(Info, Stdout, "upload: ./site/größe/日本語.html to s3://web-prod/größe/日本語.html 🚀")
	add(Info, Stdout, "\x1b[1;32mPASS\x1b[0m \x1b[36mhealth\x1b[0m check \x1b[4mhttps://example.org\x1b[0m in \x1b[33m217 ms\x1b[0m "+
		"\x1b[30;42m ok \x1b[0m \x1b[7m reverse \x1b[0m \x1b[2mdim\x1b[0m")
	add(Highlight, Stdout, "Version 1.3.0 is live")
	add(Wait, Stdout, "Waiting for the instances to drain")
	add(Info, Stderr, "Completed 4.2 MiB/12.4 MiB (3.1 MiB/s) with 7 file(s) remaining")
	add(Warning, Stdout, "The bucket has no lifecycle rule; old versions are kept for ever")
	add(Error, Stderr, "An error occurred (AccessDenied) when calling the DeleteObject operation: User:")
	s.lines[len(s.lines)-1].Continued = true
	add(Error, Stderr, "arn:aws:sts::123456789012:assumed-role/deployer/stepdeck is not authorized to perform s3:DeleteObject")
	add(Info, Stdout, "+----------------+-----------+")
	add(Info, Stdout, "|  InstanceId    |  State    |")
	for i := range 4 {
		add(Info, Stdout, fmt.Sprintf("|  i-0a1b2c3d4e%d |  running  |", i))
	}
	return s
}

func TestPictures(t *testing.T) {
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		t.Run(name, func(t *testing.T) {
			f := open(t, sample())
			f.app.Settings().SetTheme(theme.New(mode))
			f.win.Resize(fyne.NewSize(820, 300))
			f.SetTimes(Clock, time.Time{})
			f.Find(find.Query{Text: "upload"})
			f.until("the search", func() bool { return !f.FindState().Running })
			f.sel.Anchor, f.sel.Head = monogrid.TextPos{Row: 7, Col: 10}, monogrid.TextPos{Row: 8, Col: 17}
			f.shown = 9
			f.FocusGained()
			test.AssertRendersToImage(t, name+".png", f.win.Canvas())
		})
	}
}
