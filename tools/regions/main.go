// Command regions writes the AWS partitions and regions that the pinned AWS SDK knows into the model: go run ./regions ..
// writes model/regionsdata.go. Run it after each update of the SDK.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: regions FOLDER-OF-THE-MODULE")
		os.Exit(2)
	}
	code, err := source(os.Args[1])
	if err == nil {
		err = os.WriteFile(file(os.Args[1]), code, 0o644) //nolint:gosec // it is public
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "regions:", err)
		os.Exit(1)
	}
}
