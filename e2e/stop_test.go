//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// marked returns a duration in seconds for which no other process sleeps, so that it identifies a process.
func marked(t testing.TB) string {
	t.Helper()
	return fmt.Sprintf("86399.%d%d", os.Getpid(), len(t.Name()))
}

// importProject imports a project file with the command. files are the names and texts of files that it refers to.
func (s *stage) importProject(text string, files ...string) {
	s.t.Helper()
	for i := 0; i+1 < len(files); i += 2 {
		s.write(files[i], files[i+1])
	}
	s.command("import", s.write("project.stepdeck", text), "--yes")
}

// openProject opens a project from the list.
func (w *window) openProject(name string) {
	w.t.Helper()
	w.click(words(name))
	w.click(words("Open"))
	w.read("Project settings…")
}

// importScript imports a project with one step that needs no AWS account.
func (s *stage) importScript(project, step, body string) {
	s.t.Helper()
	var indented strings.Builder
	for line := range strings.Lines(body) {
		indented.WriteString("        " + line)
	}
	s.importProject(fmt.Sprintf(`stepdeck: 1
project: %s
steps:
  - name: %s
    aws: {account: none}
    script:
      language: bash
      body: |
%s
`, project, step, indented.String()))
}

// runProject opens a project from the list and runs it. An imported script is shown once before it runs.
func (w *window) runProject(name string) {
	w.t.Helper()
	w.openProject(name)
	w.click(words("Run"))
	w.read("Run · " + name)
	w.click(words("Run"))
	w.gone("Run · " + name)
}

// TestStopEndsTheTree stops a run whose processes detach themselves and ignore signals, and checks that none is left.
func TestStopEndsTheTree(t *testing.T) {
	s := newStage(t)
	sleep := "sleep " + marked(t)
	s.importScript("Tree", "Grow", fmt.Sprintf(`
%[1]s &
setsid %[1]s &
(trap '' TERM INT HUP; exec %[1]s) &
bash -c "trap '' TERM; %[1]s & wait; %[1]s" &
nohup %[1]s >/dev/null 2>&1 &
(%[1]s & disown)
echo grown
wait
`, sleep))
	w := s.open()
	w.runProject("Tree")
	w.read("● Running")
	s.until("the tree has grown", func() bool { return len(running(sleep)) >= 6 })

	w.click(words("Stop"))
	w.read("asked to stop")
	w.click(words("Force now"))
	w.read("0 left")
	w.read("Stopped")
	if left := running(sleep); len(left) > 0 {
		t.Errorf("processes are left: %v", left)
	}
	w.close()
}

// TestRunOutlivesTheWindow kills the window during a run. The run continues; the next window finds it, follows it and stops it.
func TestRunOutlivesTheWindow(t *testing.T) {
	s := newStage(t)
	sleep := "sleep " + marked(t)
	s.importScript("Long", "Count", fmt.Sprintf(`
%s &
for i in $(seq 100000); do echo "line $i"; read -rt 0.05 <> <(:) || :; done
`, sleep))
	w := s.open()
	w.runProject("Long")
	w.read("1 running: Long")
	s.until("the run has begun", func() bool { return len(running(sleep)) == 1 })
	w.kill()
	seen := s.logged(1)
	s.until("the log grows without a window", func() bool { return s.logged(1) > seen+20 })

	w = s.open()
	w.click(words("1 running: Long"))
	w.read("● Running")
	seen = s.logged(1)
	s.until("the window follows", func() bool {
		w.click(kind("logview.View")) // clears the selection, so that the whole log is copied
		w.click(words("Copy"))
		return lastCount(s.clipboard()) > seen
	})
	w.click(words("Stop"))
	w.read("■ Stopped")
	w.gone("1 running")
	s.until("nothing is left", func() bool { return len(running(sleep)) == 0 })
	if text := s.command("runs", "list"); !strings.Contains(strings.ToLower(text), "stopped") {
		t.Errorf("the command lists\n%s", text)
	}
	w.close()
}

// logged returns how far the script of a run has counted, according to its log.
func (s *stage) logged(run int) int {
	s.t.Helper()
	return lastCount(s.command("runs", "log", strconv.Itoa(run)))
}

func lastCount(log string) int {
	at := strings.LastIndex(log, "line ")
	if at < 0 {
		return 0
	}
	word, _, _ := strings.Cut(log[at+len("line "):], "\n")
	n, _ := strconv.Atoi(strings.TrimSpace(word)) // the last line may be incomplete
	return n
}
