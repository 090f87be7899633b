// Command words writes the catalogue of the window's English texts: go run ./words .. writes assets/words/en.json. A
// translation is a file like it, named by its language's code.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: words FOLDER-OF-THE-MODULE")
		os.Exit(2)
	}
	text, err := catalogue(os.Args[1])
	if err == nil {
		err = os.WriteFile(file(os.Args[1]), text, 0o644) //nolint:gosec // it is public
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "words:", err)
		os.Exit(1)
	}
}
