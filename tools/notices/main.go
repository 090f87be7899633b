// Command notices lists what is in Go programs: notices [flags] PROGRAM... writes THIRD-PARTY-NOTICES.txt, the licences
// of everything in them, and sbom.cdx.json, a CycloneDX 1.5 list. Run it in the main module's folder. It reads the
// contents of a program from the program itself, so that nothing is forgotten. An unknown licence is an error: someone
// has to read it first.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	var o options
	flag.StringVar(&o.out, "out", ".", "folder for the two files")
	flag.StringVar(&o.version, "version", "", "version of Stepdeck")
	flag.Func("with", "NAME=LICENCE=FILE: what the C compiler adds to the programs (repeatable)", func(text string) error {
		parts := strings.SplitN(text, "=", 3)
		if len(parts) != 3 {
			return fmt.Errorf("%q is not NAME=LICENCE=FILE", text)
		}
		o.with = append(o.with, piece{name: parts[0], licence: parts[1], files: []string{parts[2]}})
		return nil
	})
	flag.Parse()
	o.programs = flag.Args()
	if err := write(o); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

type options struct {
	out, version string
	with         []piece
	programs     []string
}

// piece is a third-party part of a program.
type piece struct {
	name, version, sum string
	licence            string   // SPDX expression
	files              []string // of its licence
	module             bool
}

func write(o options) error {
	if len(o.programs) == 0 {
		return fmt.Errorf("no program is given")
	}
	pieces, err := collect(o.programs)
	if err != nil {
		return err
	}
	pieces = append(pieces, o.with...)
	text, err := notices(pieces)
	if err != nil {
		return err
	}
	made, err := builtAt()
	if err != nil {
		return err
	}
	list, err := sbom(o, pieces, made)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil { //nolint:gosec // shipped, so it is public
		return err
	}
	for name, content := range map[string][]byte{"THIRD-PARTY-NOTICES.txt": []byte(text), "sbom.cdx.json": list} {
		if err := os.WriteFile(filepath.Join(o.out, name), content, 0o644); err != nil { //nolint:gosec // shipped, so it is public
			return err
		}
	}
	fmt.Printf("%s: %d third-party pieces, all licences known\n", o.out, len(pieces))
	return nil
}

// builtAt returns the time of the sources, not of the build: the same sources yield the same files. Source:
// reproducible-builds.org, SOURCE_DATE_EPOCH.
func builtAt() (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		return time.Now().UTC(), nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
