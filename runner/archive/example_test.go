package archive_test

import (
	"fmt"

	"github.com/stepdeck/stepdeck/runner/archive"
)

func ExampleParseFileName() {
	for _, name := range []string{"Acme.Scripts.1.4.2-beta.1.tar.gz", "deploy.zip"} {
		n, err := archive.ParseFileName(name)
		fmt.Printf("%s %q %s guessed=%v %v\n", n.ID, n.Version, n.Format, n.Guessed, err)
	}
	// Output:
	// Acme.Scripts "1.4.2-beta.1" tar.gz guessed=false <nil>
	// deploy "" zip guessed=true <nil>
}
