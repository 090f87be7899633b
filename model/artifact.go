package model

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Artifact is a file that a script asked to keep with its run.
type Artifact struct {
	Number      int       // in its step run, from 1
	Name        string    // safe as the name of a file on every system, and in its step run unique in any case; see ArtifactName
	Size        int64     // in bytes; of one that was not kept as far as it is known
	SHA256      string    // of its contents
	At          time.Time // when it was kept, or could not be
	HoldsSecret bool      // a secret of the run stands in it
	Missing     string    // why it was not kept, in one sentence; empty: it was
}

// Kept reports whether the file is there.
func (a Artifact) Kept() bool { return a.Missing == "" }

// ArtifactLimits bounds what scripts can keep with a run.
type ArtifactLimits struct {
	FileBytes int64 // of one file
	RunBytes  int64 // of all files of a run
	Files     int   // of a run, with those that were not kept
}

// DefaultArtifactLimits returns the limits that hold if nothing else is set.
func DefaultArtifactLimits() ArtifactLimits {
	return ArtifactLimits{FileBytes: 1 << 30, RunBytes: 4 << 30, Files: 1000}
}

// maxArtifactName is the longest name of an artifact in bytes. Paths on Windows are limited to 260 characters.
const maxArtifactName = 100

// ArtifactName returns text as the name of a file that no system refuses or takes for something else: no folder, device, option or
// hidden file.
func ArtifactName(text string) string {
	name := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || IsHidden(r) || strings.ContainsRune("<>:\"/\\|?*", r) {
			return '_'
		}
		return r
	}, text)
	name = strings.TrimRight(strings.TrimLeft(name, " "), " .")
	if name == "" {
		return "artifact"
	}
	if IsDeviceName(name) || name[0] == '.' || name[0] == '-' {
		name = "_" + name
	}
	stem, ending := endingOf(name)
	return shortened(stem, ending, maxArtifactName)
}

// maxEnding is the longest ending of a name in bytes: what is longer is no ending.
const maxEnding = 16

// endingOf splits the name of a file before its ending, which begins with a dot or is empty.
func endingOf(name string) (stem, ending string) {
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 || len(name)-dot > maxEnding {
		return name, ""
	}
	return name[:dot], name[dot:]
}

// shortened cuts the stem of a file's name so that the name has at most a number of bytes.
func shortened(stem, ending string, most int) string {
	if most -= len(ending); len(stem) > most {
		for most > 0 && !utf8.RuneStart(stem[most]) {
			most--
		}
		stem = strings.TrimRight(stem[:most], " ")
	}
	return stem + ending
}

// Numbered returns a name of a file that is not taken: the name itself, or one with a number before its ending: report (2).txt.
func Numbered(name string, taken func(string) bool) string {
	stem, ending := endingOf(name)
	free := name
	for n := 2; taken(free); n++ {
		free = shortened(stem, " ("+strconv.Itoa(n)+")"+ending, maxArtifactName)
	}
	return free
}

// MaxHighlights is how many highlights of a step are recorded.
const MaxHighlights = 100

// Highlight is a line that a script printed to be seen: Write-Highlight.
type Highlight struct {
	Line int64  `json:"line" about:"its number in the step's log"`
	Text string `json:"text"`
}
