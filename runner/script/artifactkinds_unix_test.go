//go:build unix

package script_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// A helper says of a path what there is, and what to do if it is no file.
func TestArtifactsThatAreNoFiles(t *testing.T) {
	const prepare = "mkdir folder; mkfifo pipe; ln -s pipe to-pipe; printf abc > file; ln -s file to-file; ln -s none to-none; ln -s loop loop"
	const want = `verbose: FOLDER/folder is a folder, and only files are kept. Pack it into a file, and keep that.
[createArtifact path=FOLDER/folder name=folder length=0]
verbose: FOLDER/pipe is a pipe, and only files are kept. Write what comes from it into a file, and keep that.
[createArtifact path=FOLDER/pipe name=pipe length=0]
verbose: FOLDER/to-pipe is a pipe, and only files are kept. Write what comes from it into a file, and keep that.
[createArtifact path=FOLDER/to-pipe name=to-pipe length=0]
verbose: /dev/null is a device, and only files are kept. Write what comes from it into a file, and keep that.
[createArtifact path=/dev/null name=null length=0]
[createArtifact path=FOLDER/to-file name=to-file length=3]
verbose: There is no file FOLDER/to-none now. It is kept if it is there when the step ends.
[createArtifact path=FOLDER/to-none name=to-none length=0]
verbose: There is no file FOLDER/loop now. It is kept if it is there when the step ends.
[createArtifact path=FOLDER/loop name=loop length=0]
`
	for l, body := range map[language]string{
		bash: "set -euo pipefail\n" + prepare +
			"\nfor a in folder pipe to-pipe /dev/null to-file to-none loop; do new_octopusartifact $a; done",
		powerShell: "Set-StrictMode -Version Latest\nbash -c '" + prepare +
			"'\n'folder', 'pipe', 'to-pipe', '/dev/null', 'to-file', 'to-none', 'loop' | New-OctopusArtifact",
		python: "import subprocess\nsubprocess.run('" + prepare + "', shell=True, check=True)\n" +
			"for a in 'folder', 'pipe', 'to-pipe', '/dev/null', 'to-file', 'to-none', 'loop': createartifact(a)",
	} {
		t.Run(string(l.name), func(t *testing.T) {
			t.Parallel()
			got := run(t, l, step{body: body})
			if said := strings.ReplaceAll(logged(got.stdout, got.stderr), filepath.Dir(got.script), "FOLDER"); said != want || got.code != 0 {
				t.Errorf("exit %d, it says\n%s\nwant\n%s", got.code, said, want)
			}
		})
	}
}
