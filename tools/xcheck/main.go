// Command xcheck type-checks packages for another system, including cgo files, without that system's C compiler or SDK.
//
//	xcheck [-os darwin] [-arch arm64] [-test] [-nocgo] [packages]
//
// Names of package "C" are assumed to exist; everything else is checked as the compiler would. With -nocgo it checks
// nothing and prints the packages that need no cgo on that system: CGO_ENABLED=0 tools can process them completely.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
)

func main() {
	var q query
	flag.StringVar(&q.os, "os", "darwin", "system to check for (GOOS)")
	flag.StringVar(&q.arch, "arch", "arm64", "processor to check for (GOARCH)")
	flag.StringVar(&q.dir, "C", ".", "folder to run in")
	flag.BoolVar(&q.tests, "test", false, "check tests too")
	nocgo := flag.Bool("nocgo", false, "list the packages that need no cgo, and stop")
	flag.Parse()
	q.patterns = flag.Args()

	packages, err := q.load(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, "xcheck:", err)
		os.Exit(2)
	}
	if *nocgo {
		for _, path := range withoutCgo(packages) {
			fmt.Println(path)
		}
		return
	}
	found := check(packages, q.arch)
	for _, problem := range found.problems {
		fmt.Println(problem)
	}
	fmt.Printf("%s/%s: %d packages type-checked (%d with cgo), problems: %d\n",
		q.os, q.arch, found.packages, found.cgo, len(found.problems))
	if len(found.problems) > 0 {
		os.Exit(1)
	}
}
