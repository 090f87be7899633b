package script_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// unreadable are the ways in which a file can be one that Bash can't read.
var unreadable = map[string]func(text string) string{
	"Windows line ends":          func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") },
	"mark":                       func(text string) string { return "\ufeff" + text },
	"mark and Windows line ends": func(text string) string { return "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n") },
}

// A script's files have the same effect with Windows line ends and marks as with line feeds by themselves.
func TestFilesBeside(t *testing.T) {
	needsUnix(t)
	for _, c := range []struct {
		name, script string
		files        map[string]string // lib.sh and run.sh stand for themselves
	}{
		{name: "declarations", script: `set -euo pipefail
. ./lib.sh
echo "$a ${b[1]} $c"; f; declare -p a b; set +u; echo "$d"`, files: map[string]string{
			"lib.sh": "declare a=1\ndeclare -a b=(x 'y z')\nreadonly c=3\nf() {\n  local d=4\n  echo \"f $d\"\n}\n"}},
		{name: "heredoc and continuation", script: "source lib.sh; show", files: map[string]string{
			"lib.sh": "show() {\n  cat <<END\nline 1\nline 2\nEND\n  echo a \\\n    b\n}\n"}},
		{name: "arguments", script: `. ./lib.sh a 'b c'; echo "[$*]"; . ./lib.sh; echo "[$*]"; set -- '' 'x  y'; . ./lib.sh; . ./lib.sh '*'
f() { . ./lib.sh; . ./lib.sh "$@" more; echo "f[$*]"; }; f in`, files: map[string]string{"lib.sh": "printf '%s:' $# \"$@\"; echo\n"}},
		{name: "shifted", script: `set -- a b c; . ./lib.sh; echo "$*"; set -- -x d; source ./lib.sh; echo "$*"`,
			files: map[string]string{"lib.sh": "while [ $# -gt 1 ]; do\n  shift\ndone\nset -- \"$1\" new\n"}},
		{name: "statuses", script: `. ./lib.sh 3; echo $?; if . ./lib.sh 1; then echo yes; else echo no; fi; . ./lib.sh 0 && echo and
! . ./lib.sh 4; echo $?; R=5 . ./lib.sh; echo $?; (. ./lib.sh 6; echo $?); x=$(. ./lib.sh 7); echo "$x"`,
			files: map[string]string{"lib.sh": "[ -z \"$R\" ] || return \"$R\"\nreturn $1\n"}},
		{name: "stops at an error", script: "set -e; trap 'echo \"end $?\"' EXIT; f() { . ./lib.sh; }; f; echo never", files: map[string]string{
			"lib.sh": "echo before\nfalse\necho never\n"}},
		{name: "stops at a status", script: "set -e; . ./lib.sh; echo never", files: map[string]string{"lib.sh": "return 3\n"}},
		{name: "conditions", script: `set -eE; trap 'echo end' EXIT; if . ./lib.sh 3; then echo yes; else echo no; fi
. ./lib.sh 4 || echo "$?"; f() { . ./lib.sh 5 && echo yes; }; f || echo no; set -- 6; . ./lib.sh || echo "$?"
! . ./lib.sh; . ./lib.sh; echo never`,
			files: map[string]string{"lib.sh": "echo in\nreturn $1\n"}},
		{name: "exits", script: ". ./lib.sh; echo never", files: map[string]string{"lib.sh": "exit 7\n"}},
		{name: "undefined", script: "set -u; . ./lib.sh; echo never", files: map[string]string{"lib.sh": "\necho $nothing\n"}},
		{name: "lines", script: ". ./lib.sh; where; echo $LINENO", files: map[string]string{
			"lib.sh": "echo $LINENO\n\nwhere() {\n  echo $LINENO ${BASH_LINENO[0]}\n}\n"}},
		{name: "folder", script: `cd /; . "$(dirname "$0")/lib/one.sh"`, files: map[string]string{
			"lib/one.sh": "here=$(cd \"$(dirname \"${BASH_SOURCE[0]}\")\" && pwd)\necho \"${here##*/}\"\n. \"$here/two.sh\"\n",
			"lib/two.sh": "echo two $#; cat \"$(dirname \"${BASH_SOURCE[0]}\")/data\"\n", "lib/data": "data\n"}},
		{name: "sourced or run", script: ". ./lib.sh; bash ./lib.sh", files: map[string]string{
			"lib.sh": "(return 0 2>/dev/null) && echo sourced || echo run\nif [[ \"${BASH_SOURCE[0]}\" == \"$0\" ]]; then echo main; fi\n"}},
		{name: "run", script: `bash ./run.sh a 'b  c'; echo $?; bash -eu -o pipefail run.sh; echo $?
sh ./run.sh x; bash -- run.sh y; exec bash "$PWD/run.sh" z`,
			files: map[string]string{"run.sh": "echo \"$# $*\"\nfalse\necho on; exit 4\n"}},
		{name: "run, which sources", script: "bash ./run.sh; bash -c '. ./lib.sh; echo $a'; cd ..; bash c/run.sh", files: map[string]string{
			"run.sh": "cd \"$(dirname \"$0\")\" || exit\n. ./lib.sh\necho \"run $a\"\nbash ./three.sh\n", "lib.sh": "a=1\n",
			"three.sh": ". ./lib.sh\necho \"three $a\"\n"}},
		{name: "run in the background", script: "bash ./run.sh & kill $!; wait $!; echo $?",
			files: map[string]string{"run.sh": "exec sleep 30\n"}},
		{name: "several at once", script: `for i in 1 2 3 4 5 6 7 8; do (. ./lib.sh $i) & done | sort; wait; bash ./run.sh & bash ./run.sh; wait`,
			files: map[string]string{"lib.sh": "echo \"$1\"\n", "run.sh": "echo run\n"}},
		{name: "every file of a folder", script: `for f in lib/*.sh; do . "$f"; done; ls -A lib; find . -name '*.sh' | sort`,
			files: map[string]string{"lib/a.sh": "echo a\n", "lib/b.sh": "echo b\n"}},
		{name: "variables", script: "set -a; . ./.env; set +a; env | grep -e ^STAGE= -e ^__; . prod.env; echo \"[$STAGE]\"",
			files: map[string]string{".env": "# settings\nSTAGE=test\n", "prod.env": "STAGE=production\n"}},
		{name: "without extension", script: ". ./functions; f", files: map[string]string{"functions": "#!/bin/bash\nf() { echo f; }\n"}},
		{name: "by PATH", script: `PATH=$PWD/bin:$PATH; . tool.sh; . lib.sh`, files: map[string]string{
			"bin/tool.sh": "echo bin\n", "tool.sh": "echo beside\n", "lib.sh": "echo lib\n"}},
		{name: "by links", script: "ln -s lib other; ln -s lib/a.sh b.sh; . other/a.sh; . ./b.sh; . ./lib/../lib/a.sh", files: map[string]string{
			"lib/a.sh": "echo a\n"}},
		{name: "changed by the script", script: `tr -d '\r' < lib.sh | sed 's/^.*echo old/echo new/' > t
touch -t 203001010000 t; mv t lib.sh; . ./lib.sh`,
			files: map[string]string{"lib.sh": "echo old\n"}},
		{name: "made by the script", script: "echo 'echo \"own $*\"' > own.sh; . ./own.sh a; bash own.sh b; . ./nothing.sh; echo $?",
			files: map[string]string{"lib.sh": "echo lib\n"}},
		{name: "nested, shifted", script: "set -- 1 2 3; . ./lib.sh; echo \"$*\"; f() { . ./lib.sh; }; f a b",
			files: map[string]string{"lib.sh": "shift\n. ./run.sh\necho \"lib $*\"\n. ./run.sh x\n", "run.sh": "echo \"run $*\"\n"}},
		{name: "traps", script: `trap 'echo "err $?"' ERR; trap 'echo exit' EXIT; trap '. ./lib.sh trapped' USR1
kill -USR1 $$; . ./lib.sh; . ./run.sh`,
			files: map[string]string{"lib.sh": "echo lib $1\n", "run.sh": "trap - ERR\nfalse\n"}},
		{name: "stop in a nested file", script: "set -eE; . ./lib.sh; echo never", files: map[string]string{
			"lib.sh": "trap 'echo failed' ERR\n. ./run.sh || echo caught\n. ./run.sh\necho never\n", "run.sh": "echo run\n(exit 9)\n"}},
		{name: "standard input", script: `printf 'a\nb\n' | while read -r x; do . ./lib.sh; done; echo text | . ./lib.sh | cat
. ./lib.sh < /dev/null`,
			files: map[string]string{"lib.sh": "cat\n"}},
		{name: "recursion", script: ". ./lib.sh 3", files: map[string]string{
			"lib.sh": "echo \"down $1\"\n[ \"$1\" = 0 ] || . ./lib.sh $(($1 - 1))\necho \"up $1\"\n"}},
		{name: "as in other programs", script: "printf 'run.sh\\n' | xargs -n 1 bash; find . -name run.sh -exec bash {} x \\;; env sh run.sh y",
			files: map[string]string{"run.sh": "echo \"run $*\"\n"}},
		{name: "words", script: `case . in source) echo 1 ;; .) echo 2 ;; esac; echo source . ; for source in a; do echo $source; done
v=source; a=(. source); echo "${a[@]} $v"; { . ./lib.sh; }; while . ./lib.sh; do break; done
true && source ./lib.sh || echo no; eval '. ./lib.sh'`,
			files: map[string]string{"lib.sh": "echo lib\n"}},
		{name: "without aliases", script: `\unalias -a
alias hi='echo hi'
unalias hi; unalias nothing 2> /dev/null || echo "$?"
f() { . ./lib.sh "$@"; }
f a; source ./lib.sh b; bash ./run.sh`,
			files: map[string]string{"lib.sh": "echo \"lib $*\"\n", "run.sh": "unalias -a\n. ./lib.sh c\n"}},
		{name: "odd separators", script: "IFS=$'\\n\\t'; set -f; . ./lib.sh 'a b'; . ./lib.sh",
			files: map[string]string{"lib.sh": "echo \"$*\"\n"}},
		{name: "first lines", script: ". ./a.sh; f; . ./b.sh; echo $?; . ./c.sh; . ./d.sh; echo $?", files: map[string]string{
			"a.sh": "f() {\n  echo f\n}\n", "b.sh": "\n", "c.sh": "cat <<END\ntext\nEND\n", "d.sh": "# only a comment\n"}},
		{name: "after they were read", script: ". ./lib.sh; . ./run.sh a; ls -A",
			files: map[string]string{"lib.sh": "echo lib\n", "run.sh": "echo run\n"}},
	} {
		for kind, as := range unreadable {
			t.Run(c.name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				alone := besideBash(t, c.script, c.files, nil)
				asStep := besideBash(t, c.script, c.files, as)
				if asStep.code != alone.code || asStep.stdout != alone.stdout {
					t.Errorf("as a step exit %d\n%s%s\nby itself, with line feeds, exit %d\n%s%s", asStep.code, asStep.stdout, asStep.stderr,
						alone.code, alone.stdout, alone.stderr)
				}
			})
		}
	}
}

// differsBeside are the scripts that do see that there are such files, with what they look at. docs/scripts.md says so.
var differsBeside = map[string]string{
	"sourced_in_library":      "the stack, while a file is sourced",
	"options":                 "expand_aliases",
	"environment_of_children": "the variables of a Bash that it starts",
}

// Where there are such files, scripts still run as by themselves, but for what docs/scripts.md says.
func TestScriptsRunAsByThemselvesWithFilesBeside(t *testing.T) {
	needsUnix(t)
	files, err := filepath.Glob(filepath.Join("testdata", "bash", "*.sh"))
	if err != nil || len(files) < 60 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".sh"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			plain, got := bothWays(t, bash, bash.tool(t), string(text)+"\n# . lib.sh\n", false, besideFile{"windows.sh", "echo\r\n"})
			same := got.code == plain.code && got.stdout == plain.stdout && got.stderr == plain.stderr
			if sees := differsBeside[strings.TrimSuffix(filepath.Base(file), ".sh")]; sees != "" {
				if same {
					t.Errorf("it no longer sees a difference in %s", sees)
				}
				return
			}
			if !same {
				t.Errorf("as a step: exit %d\n%s\n--- stderr\n%s\nby itself: exit %d\n%s\n--- stderr\n%s",
					got.code, got.stdout, got.stderr, plain.code, plain.stdout, plain.stderr)
			}
		})
	}
}

var besideRow = regexp.MustCompile("(?m)^\\| `(.+?)` \\| (.+?) \\| (.+?) \\|$")

// The table of docs/scripts.md says what differs where there are such files.
func TestDocumentedDifferencesWithFilesBeside(t *testing.T) {
	needsUnix(t)
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "scripts.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "### Bash files with Windows line ends\n")
	section, _, _ = strings.Cut(section, "\n## ")
	_, rest, _ := strings.Cut(section, "```sh\n")
	lib, table, _ := strings.Cut(rest, "```\n")
	rows := besideRow.FindAllStringSubmatch(table, -1)
	if len(rows) < 5 {
		t.Fatalf("%d rows", len(rows))
	}
	files := map[string]string{"lib.sh": lib}
	for _, row := range rows {
		t.Run(row[1], func(t *testing.T) {
			t.Parallel()
			if said := asCell(besideBash(t, row[1], files, nil)); said != row[2] {
				t.Errorf("by itself it gives %s, and the table says %s", said, row[2])
			}
			if said := asCell(besideBash(t, row[1], files, unreadable["Windows line ends"])); said != row[3] {
				t.Errorf("in a step it gives %s, and the table says %s", said, row[3])
			}
		})
	}
}

// besideBash runs a script with files beside it: by itself, or as a step with the files changed.
func besideBash(t *testing.T, text string, files map[string]string, change func(string) string) outcome {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "c")
	for name, content := range files {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if change != nil && name != "lib/data" {
			content = change(content)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	main := filepath.Join(folder, "script.sh")
	if err := os.WriteFile(main, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if change == nil {
		return start(t, script.Command{Path: bash.tool(t).Path, Args: []string{main}, Dir: folder}, nil)
	}
	before := hashes(t, folder)
	command, err := script.Prepare(t.Context(), script.Input{
		Language: model.Bash, Tool: bash.tool(t), Script: main, Folder: folder, Dir: t.TempDir(), Bootstraps: bootstraps(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	if after := hashes(t, folder); fmt.Sprint(before) != fmt.Sprint(after) {
		t.Errorf("the files were\n%v\nand are\n%v", before, after)
	}
	if len(command.Notes) != 1 || !strings.Contains(command.Notes[0], "with Windows line ends or a byte order mark") {
		t.Errorf("the log says %q", command.Notes)
	}
	return start(t, command, nil)
}

// hashes returns the hash of each file in a folder.
func hashes(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		sum := sha256.Sum256(data)
		all[path] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func needsUnix(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("Git's Bash leaves carriage returns out by itself")
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Fatal(err)
	}
}
