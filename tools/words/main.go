// Command words writes the catalogue of the window's words in English: go run ./words .. writes assets/words/en.json.
// A translation is a file like it with another language's code as its name.
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
		err = os.WriteFile(file(os.Args[1]), text, 0o644) //nolint:gosec // everybody may read it
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "words:", err)
		os.Exit(1)
	}
}
