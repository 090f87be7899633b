package script_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

var resultMessage = regexp.MustCompile(`##octopus\[resultMessage message='([^']*)'\]\r?\n`)

// reason returns the last failure that the script reported for its record.
func (o outcome) reason(t *testing.T) string {
	t.Helper()
	told := resultMessage.FindAllStringSubmatch(o.stdout+o.stderr, -1)
	if len(told) == 0 {
		return ""
	}
	text, err := base64.StdEncoding.DecodeString(told[len(told)-1][1])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// places are where a script may call what ends its step: CALL is the call, AFTER a command that must not run.
var places = []struct {
	name string
	l    language
	body string
}{
	{"plain", bash, "CALL; AFTER"},
	{"function", bash, "f() { local x=1; CALL; AFTER; }; f; AFTER"},
	{"if", bash, "if CALL; then AFTER; else AFTER; fi; AFTER"},
	{"or", bash, "CALL || AFTER; AFTER"},
	{"not", bash, "! CALL; AFTER"},
	{"loop", bash, "for i in 1 2; do CALL; AFTER; done; AFTER"},
	{"eval", bash, "eval 'CALL; AFTER'; AFTER"},
	{"strict", bash, "set -euo pipefail; x=$(CALL) || AFTER; AFTER"},
	{"other options", bash, "set -fCu; IFS=0123456789/; (CALL; AFTER); AFTER"},
	{"redirected", bash, "CALL > /dev/null; AFTER"},
	{"subshell", bash, "(CALL; AFTER); AFTER"},
	{"subshell in a subshell", bash, "( (CALL; AFTER); AFTER ) || AFTER; AFTER"},
	{"substitution", bash, "x=$(CALL; AFTER); AFTER"},
	{"substitution in a subshell", bash, "(x=$(CALL; AFTER); AFTER); AFTER"},
	{"substitution as an argument", bash, "echo \"$(CALL)\"; AFTER"},
	{"substitution without an error stream", bash, "x=$(CALL 2> /dev/null); AFTER"},
	{"local", bash, "f() { local x=$(CALL); AFTER; }; f || AFTER"},
	{"pipeline, first", bash, "CALL | cat; AFTER"},
	{"pipeline, last", bash, "echo x | CALL; AFTER"},
	{"pipeline, loop", bash, "echo x | while read -r x; do CALL; AFTER; done; AFTER"},
	{"pipeline with one that takes its time", bash, "mkfifo go; { read -r x < go; CALL; } | { echo x > go; exec sleep 100; }; AFTER"},
	{"process substitution", bash, "while read -r x; do AFTER; done < <(CALL; AFTER); wait; AFTER"},
	{"background", bash, "CALL & wait; AFTER"},
	{"sourced", bash, "echo 'CALL; AFTER' > child; . ./child; AFTER"},
	{"exit trap", bash, "trap 'CALL; AFTER' EXIT; exit 0"},
	{"debug trap", bash, "f() { CALL; AFTER; }; trap f USR1; kill -USR1 $$; AFTER"},

	{"plain", powerShell, "CALL; AFTER"},
	{"function", powerShell, "function f { CALL; AFTER }; f; AFTER"},
	{"catch", powerShell, "try { CALL; AFTER } catch { AFTER }; AFTER"},
	{"trap", powerShell, "trap { AFTER; continue }; CALL; AFTER"},
	{"errors go on", powerShell, "$ErrorActionPreference = 'SilentlyContinue'; CALL; AFTER"},
	{"loop", powerShell, "foreach ($x in 1..2) { CALL; AFTER }; AFTER"},
	{"pipeline", powerShell, "1..2 | ForEach-Object { CALL; AFTER }; AFTER"},
	{"value", powerShell, "$x = CALL; AFTER"},
	{"text", powerShell, "\"$(CALL)\"; AFTER"},
	{"block", powerShell, "& { CALL; AFTER }; AFTER"},
	{"calculated", powerShell, "1 | Select-Object @{ n = 'x'; e = { CALL; AFTER } } | Out-Null; AFTER"},
	{"text as code", powerShell, "Invoke-Expression 'CALL; AFTER'; AFTER"},
	{"callback", powerShell, "[regex]::Replace('a', 'a', { CALL; AFTER }) | Out-Null; AFTER"},
	{"file", powerShell, "Set-Content child.ps1 'CALL; AFTER'; try { & ./child.ps1; AFTER } catch { AFTER }; AFTER"},
	{"dot-sourced file", powerShell, "Set-Content child.ps1 'CALL; AFTER'; . ./child.ps1; AFTER"},
	{"module", powerShell, "Set-Content child.psm1 'function f { CALL; AFTER }'; Import-Module ./child.psm1; f; AFTER"},
	{"class", powerShell, "class C { [string] F() { CALL; AFTER; return '' } }; [C]::new().F(); AFTER"},
}

func TestNothingRunsAfterTheStepHasFailed(t *testing.T) {
	calls := map[string]map[string][2]string{ // the call, and the reason
		"bash":       {"fail_step": {`fail_step "stop here"`, "stop here"}, "missing": {"write_error x", "write_error"}},
		"powershell": {"fail_step": {`Fail-Step "stop here"`, "stop here"}, "missing": {"Write-Highlite x", "Write-Highlite"}},
	}
	for _, c := range places {
		for name, call := range calls[string(c.l.name)] {
			variants := map[string]script.Bootstraps{"": bootstraps(t)}
			if c.l == bash {
				variants[", as Bash 3.2"] = oldBash(t)
			}
			for variant, with := range variants {
				t.Run(string(c.l.name)+"/"+c.name+"/"+name+variant, func(t *testing.T) {
					t.Parallel()
					if strings.Contains(c.body, "timeout ") && runtime.GOOS != "linux" {
						t.Skip("no timeout")
					}
					after := filepath.Join(t.TempDir(), "after")
					reach := map[language]string{bash: ": >| " + after, powerShell: "[IO.File]::WriteAllText(\"" + after + "\", \"x\")"}[c.l]
					got := run(t, c.l, step{body: strings.NewReplacer("CALL", call[0], "AFTER", reach).Replace(c.body), bootstraps: with})
					if got.code != 1 || !strings.Contains(got.reason(t), call[1]) {
						t.Errorf("exit %d for the reason %q, want 1 for %q\n%s%s", got.code, got.reason(t), call[1], got.stdout, got.stderr)
					}
					if _, err := os.Stat(after); err == nil {
						t.Errorf("the script went on\n%s%s", got.stdout, got.stderr)
					}
				})
			}
		}
	}
}

// oldBash makes the helpers believe that they run in Bash 3.2, which has no handler for missing commands.
func oldBash(t *testing.T) script.Bootstraps {
	t.Helper()
	texts := bootstraps(t)
	for _, modern := range [][2]string{{"${BASH_VERSINFO[0]}", "3"}, {"${BASHPID-}", ""}} {
		changed := strings.ReplaceAll(texts.BashHelpers, modern[0], modern[1])
		if changed == texts.BashHelpers {
			t.Fatalf("the helpers lack %s", modern[0])
		}
		texts.BashHelpers = changed
	}
	return texts
}

// Commands that the script defines itself, and programs with such names, are not missing helpers.
func TestOwnCommandsComeFirst(t *testing.T) {
	for _, c := range []struct {
		name string
		l    language
		body string
		want string
		code int
	}{
		{name: "function", l: bash,
			body: "write_error() { echo \"own $1\"; }; fail_step() { echo go on; }; write_error a; fail_step; x=$(write_error b); " +
				"echo \"$x\"", want: "own a\ngo on\nown b\n"},
		{name: "program", l: bash,
			body: "printf '#!/bin/sh\necho \"program $1\"' > write_error; chmod +x write_error; PATH=$PWD:$PATH; write_error a",
			want: "program a\n"},
		{name: "unknown command", l: bash, body: "no-such-command a || echo \"on $?\"; octopus x; write-error || echo \"on $?\"",
			want: "on 127\non 127\n"},
		{name: "handler", l: bash, body: "command_not_found_handle() { echo \"own $1\"; }; no-such-command", want: "own no-such-command\n"},
		{name: "without a message", l: bash, body: "fail_step; echo on", code: 1},
		{name: "function", l: powerShell,
			body: "function Write-Highlight($x) { \"own $x\" }; function Fail-Step { 'go on' }; Write-Highlight a; Fail-Step",
			want: "own a\ngo on\n"},
		{name: "look-up", l: powerShell,
			body: "if (Get-Command New-OctopusTarget -ErrorAction SilentlyContinue) { 'there' } else { 'none' }; Test-Path " +
				"function:New-OctopusTarget", want: "none\nFalse\n"},
		{name: "unknown command", l: powerShell, body: "try { No-SuchThing } catch { 'caught' }", want: "caught\n"},
		{name: "without a message", l: powerShell, body: "Fail-Step; 'on'", code: 1},
	} {
		t.Run(string(c.l.name)+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, c.l, step{body: c.body})
			got.want(t, c.code, c.want)
			if got.reason(t) != "" {
				t.Errorf("it gave a reason: %q", got.reason(t))
			}
		})
	}
	t.Run("bash/look-up", func(t *testing.T) {
		run(t, bash, step{body: "command -v write_error || echo none"}).want(t, 0, "none\n")
	})
}

// A missing command is reported as Bash reports it.
func TestUnknownCommandsAreReportedAsByBash(t *testing.T) {
	for name, body := range map[string]string{
		"plain":     "\n\nno-such-command a b",
		"function":  "f() {\n no-such-command\n}\nf\n(no-such-command)",
		"sourced":   "echo no-such-command > child; . ./child",
		"child":     "echo no-such-command > child; bash child; bash -c 'no-such-command'",
		"with path": "/no/such/command; ./no-such-command",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := script.WriteInline(t.TempDir(), model.Bash, body)
			if err != nil {
				t.Fatal(err)
			}
			plain := start(t, script.Command{Path: bash.tool(t).Path, Args: []string{"--noprofile", "--norc", file}, Dir: filepath.Dir(file)}, nil)
			got := run(t, bash, step{file: file, dir: filepath.Dir(file)})
			got.want(t, plain.code, plain.stdout)
			if got.stderr != plain.stderr {
				t.Errorf("it says %q, want %q", got.stderr, plain.stderr)
			}
		})
	}
}

// A script that uses the helpers' signal itself can't be stopped from a subshell, but its step fails.
func TestFailureIsKeptWithoutTheSignal(t *testing.T) {
	got := run(t, bash, step{body: "trap 'true' USR2; (fail_step 'stop here'); exec 2>/dev/null; true"})
	if reason, failed := got.command.Failure(); !failed || reason != "stop here" {
		t.Errorf("failed %t for the reason %q\n%s", failed, reason, got.stderr)
	}
}

// Cleanup code still runs.
func TestCleanupRunsWhenTheStepHasFailed(t *testing.T) {
	run(t, bash, step{body: "trap 'echo tidy' EXIT; (fail_step) || true; echo on"}).want(t, 1, "tidy\n")
	run(t, powerShell, step{body: "try { Fail-Step } finally { 'tidy' }; 'on'"}).want(t, 1, "tidy\n")
}

// A name of the helpers' family that does not exist ends the step.
func TestMisspeltHelpersEndTheStep(t *testing.T) {
	for _, name := range []string{
		"new_octopusartefact", "write_error", "write_debug", "set_octopusvariables", "get_octopusvariables", "failstep", "fail_steps",
		"execute_with_retry", "new_octopus_target", "create_octopusartifact", "update_progression", "set_environment",
		"report_kubernetes_manifests", "write_log", "print_highlite", "printwarn", "execute_with_retries",
	} {
		for variant, with := range map[string]script.Bootstraps{"": bootstraps(t), ", as Bash 3.2": oldBash(t)} {
			t.Run("bash/"+name+variant, func(t *testing.T) {
				t.Parallel()
				got := run(t, bash, step{body: name + " a b || true; echo on", bootstraps: with})
				if variant != "" && !strings.Contains(with.BashHelpers, " "+name+" ") && !strings.Contains(with.BashHelpers, " "+name+";") {
					got.want(t, 0, "on\n") // 3.2 knows the names of its list only: others are commands that are not found
					return
				}
				if !strings.Contains(got.reason(t), name) {
					t.Errorf("the reason is %q", got.reason(t))
				}
				got.stdout = resultMessage.ReplaceAllString(got.stdout, "")
				got.want(t, 1, "")
			})
		}
	}
	t.Run("powershell", func(t *testing.T) {
		names := []string{
			"New-OctopusArtefact", "Set-OctopusVariables", "Get-OctopusVariable", "Write-Highlite", "Write-HighLighted", "Write-Waiting",
			"Update-Progression", "Fail-TheStep", "Execute-WithRetries", "Set-EnvironmentLink", "Report-KubernetesManifests",
			"Convert-ServiceMessage", "Import-ScriptModules", "Write-Log",
		}
		got := run(t, powerShell, step{
			body: "foreach ($n in '" + strings.Join(names, "', '") +
				"') { :StepdeckStep do { try { & $n 1 } catch {}; \"on after $n\" } while ($false) }",
		})
		var reasons []string
		for _, m := range resultMessage.FindAllStringSubmatch(got.stdout, -1) {
			text, _ := base64.StdEncoding.DecodeString(m[1])
			reasons = append(reasons, string(text))
		}
		got.stdout = resultMessage.ReplaceAllString(got.stdout, "")
		got.want(t, 1, "")
		for _, name := range names {
			if !strings.Contains(strings.Join(reasons, "\n"), name+" (script.ps1, line 1)") {
				t.Errorf("%s was ignored: %q", name, reasons)
			}
		}
	})
}
