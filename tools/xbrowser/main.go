// Command xbrowser is a person's browser in tests: a headless Chromium that follows orders, one JSON object a line.
//
//	{"goto": "http://127.0.0.1:4566/start"}
//	{"type": "ann", "into": "input[name=user]"}
//	{"click": "button[value=allow]"}
//
// Each is answered with what the page then shows: {"url": …, "title": …, "text": …}, or {"error": …}. The browser ends
// with its standard input.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/chromedp/chromedp"
)

// order is what the browser is to do.
type order struct {
	Goto  string `json:"goto"`
	Type  string `json:"type"`
	Into  string `json:"into"`
	Click string `json:"click"`
}

// page is what the browser shows.
type page struct {
	URL   string `json:"url"`
	Title string `json:"title"`
	Text  string `json:"text"`
	Error string `json:"error"`
}

func main() {
	program := flag.String("program", "chromium", "the browser")
	patience := flag.Duration("patience", 30*time.Second, "how long an order may take")
	flag.Parse()
	profile, err := os.MkdirTemp("", "xbrowser")
	if err == nil {
		err = serve(*program, profile, *patience)
		_ = os.RemoveAll(profile)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "xbrowser:", err)
		os.Exit(1)
	}
}

func serve(program, profile string, patience time.Duration) error {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.UserDataDir(profile), chromedp.NoSandbox) // its sandbox doesn't start as root
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
	defer end()
	tab, end := chromedp.NewContext(allocator)
	defer end()
	if err := chromedp.Do(tab); err != nil { // starts it
		return err
	}
	answers := json.NewEncoder(os.Stdout)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var o order
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return err
		}
		if err := answers.Encode(follow(tab, o, patience)); err != nil {
			return err
		}
	}
	return nil
}

// follow does what is ordered and waits for the page that it leads to.
func follow(tab context.Context, o order, patience time.Duration) (shown page) {
	ctx, cancel := context.WithTimeout(tab, patience)
	defer cancel()
	var err error
	switch {
	case o.Goto != "":
		_, err = chromedp.RunResponse(ctx, chromedp.Navigate(o.Goto))
	case o.Into != "":
		err = chromedp.Do(ctx, chromedp.SendKeys(chromedp.CSS(o.Into), o.Type))
	case o.Click != "":
		_, err = chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(o.Click)))
	}
	if err == nil {
		shown, err = look(ctx)
	}
	if err != nil {
		shown.Error = err.Error()
	}
	return shown
}

// look returns what the tab shows.
func look(ctx context.Context) (shown page, err error) {
	for _, part := range []struct {
		of   chromedp.Action[string]
		into *string
	}{
		{chromedp.Location(), &shown.URL}, {chromedp.Title(), &shown.Title}, {chromedp.Text(chromedp.CSS("body")), &shown.Text},
	} {
		if *part.into, err = chromedp.Run(ctx, part.of); err != nil {
			return shown, err
		}
	}
	return shown, nil
}
