package script_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// logged returns a step's output as its log has it: a line for each line that is not at the level info, and for each message,
// in the order in which they came.
func logged(stdout, stderr string) string {
	var b strings.Builder
	lines := func(batch model.LogBatch) {
		rest := batch.Bytes
		for _, line := range batch.Lines {
			text := strings.TrimRight(string(rest[:line.Len]), "\r\n")
			rest = rest[line.Len:]
			if line.Level == model.LevelInfo {
				fmt.Fprintf(&b, "%s\n", text)
			} else {
				fmt.Fprintf(&b, "%s: %s\n", line.Level, text)
			}
		}
	}
	var log *joblog.Log
	log = joblog.New(joblog.Options{Emit: lines, FlushEvery: time.Hour, OnMessage: func(_ model.Stream, m joblog.Message) {
		log.Flush()
		fmt.Fprintf(&b, "[%s", m.Name)
		for _, key := range []string{"path", "name", "value", "sensitive", "length", "percentage", "message"} {
			if value, ok := m.Value(key); ok {
				fmt.Fprintf(&b, " %s=%s", key, value)
			}
		}
		b.WriteString("]\n")
	}})
	for _, line := range strings.SplitAfter(stdout, "\n") {
		log.Write(model.StreamStdout, []byte(line), time.Now())
	}
	log.Write(model.StreamStderr, []byte(stderr), time.Now())
	log.Close()
	return b.String()
}

// calls are the helpers, by language, and what the log says of them. FOLDER is the script's folder, and FILE its name.
var calls = []struct {
	name             string
	bash, powerShell string
	want             string
}{
	{"verbose", "echo a; write_verbose 'b  c'; echo d", "'a'; Write-Verbose 'b  c'; 'd'", "a\nverbose: [VERBOSE: ]b  c\nd\n"},
	{"warning", "write_warning b; echo d", "Write-Warning 'b'; 'd'", "warning: [WARNING: ]b\nd\n"},
	{"debug", "", "Write-Debug 'b'; 'd'", "verbose: [DEBUG: ]b\nd\n"},
	{"highlight", "write_highlight b; echo d", "Write-Highlight 'b'; 'd'", "highlight: b\nd\n"},
	{"wait", "write_wait b; echo d", "Write-Wait b; 'd'", "wait: b\nd\n"},
	{"several words", "write_verbose Checking it now", "", "verbose: Checking it now\n"},
	{"nothing", "write_highlight; write_highlight ''", "Write-Highlight; Write-Highlight ''", "highlight: \nhighlight: \n"},
	{"several lines", "write_warning $'a\\n\\nb'; echo d", "Write-Highlight \"a`n`nb\"; Write-Wait x; 'd'", "MORE"},
	{"odd text", `write_wait '%s \n "$x" naïve 🚀'`, `Write-Wait '%s \n "$x" naïve 🚀'`, `wait: %s \n "$x" naïve 🚀` + "\n"},
	{"pipeline", "", "'a', 'b' | Write-Highlight; 'c' | Write-Verbose", "highlight: a\nhighlight: b\nverbose: [VERBOSE: ]c\n"},
	{"strict", "set -euo pipefail; IFS=; write_verbose a; update_progress 5; new_octopusartifact x",
		"Set-StrictMode -Version Latest; Write-Verbose a; Update-Progress 5; New-OctopusArtifact x",
		"verbose: [VERBOSE: ]a\n[progress percentage=5 message=]\n" +
			"verbose: There is no file FOLDER/x now. It is kept if it is there when the step ends.\n" +
			"[createArtifact path=FOLDER/x name=x length=0]\n"},
	{"in a subshell or function", "f() { (write_wait a); }; f", "function f { & { Write-Wait a } }; f", "wait: a\n"},
	{"a level set by hand", `echo '##octopus[stdout-highlight]'; echo a; write_verbose b; echo c`,
		"'##octopus[stdout-highlight]'; 'a'; Write-Verbose 'b'; 'c'", "highlight: a\nverbose: [VERBOSE: ]b\nc\n"},

	{"verbose where it is off", "", "$VerbosePreference = 'SilentlyContinue'; Write-Verbose a", "verbose: VERBOSE: a\n"},
	{"verbose where it is on", "", "$VerbosePreference = 'Continue'; Write-Verbose a", "verbose: VERBOSE: a\n"},
	{"verbose that is not wanted", "", "Write-Verbose a -Verbose:$false; $VerbosePreference = 'Ignore'; Write-Verbose a", ""},
	{"warnings that are not wanted", "",
		"Write-Warning a -WarningAction SilentlyContinue; $WarningPreference = 'SilentlyContinue'; Write-Warning b; Write-Warning c 3>$null", ""},
	{"a warning that stops", "", "try { Write-Warning a -WarningAction Stop } catch { 'caught' }; 'on'", "warning: WARNING: a\ncaught\non\n"},
	{"a stream into a variable", "",
		"$w = & { Write-Warning a; Write-Verbose b } 3>&1 4>&1; $w | ForEach-Object { \"$($_.GetType().Name) $_\" }",
		"WarningRecord a\nVerboseRecord b\n"},
	{"a stream into a file", "", "Write-Warning a 3> w.txt; Write-Debug b 5> d.txt; Get-Content w.txt, d.txt", "a\nb\n"},
	{"all streams into one", "", "function f { Write-Warning a; 'b'; Write-Verbose c }; $x = f *>&1; \"$x\"", "a b c\n"},
	{"warnings into a variable", "", "Write-Warning a -WarningVariable w -WarningAction SilentlyContinue; \"got $w\"", "got a\n"},
	{"behind text without a line end", "printf a; write_verbose b", "Write-Host a -NoNewline; Write-Warning 'b'; 'c'", "MORE"},

	{"output", "set_octopusvariable A 'b c'", "Set-OctopusVariable A 'b c'", "[setVariable name=A value=b c]\n"},
	{"sensitive output", "set_octopusvariable -x v -sensitive", "Set-OctopusVariable -Name '-x' -Value v -Sensitive:$true",
		"SHORT[setVariable name=-x value=v sensitive=True]\n"},
	{"output in a captured value", "", "$x = Set-OctopusVariable A b; \"[$x]\"", "[setVariable name=A value=b]\n[]\n"},
	{"progress", "update_progress 50 'Half Way'; update_progress 100", "50 | Update-Progress -Message 'Half Way'; Update-Progress 100",
		"[progress percentage=50 message=Half Way]\n[progress percentage=100 message=]\n"},
	{"progress that is none", "update_progress abc; update_progress 150; update_progress -1; update_progress",
		"'abc', 150, -1, '' | Update-Progress", "[progress percentage=abc message=]\n[progress percentage=150 message=]\n" +
			"[progress percentage=-1 message=]\n[progress percentage= message=]\n"},
	{"artifact", "printf abc > 'a b.txt'; new_octopusartifact './a b.txt'; cd ..; new_octopusartifact \"$OLDPWD/a b.txt\"",
		"Set-Content 'a b.txt' 'abc' -NoNewline; New-OctopusArtifact './a b.txt'; New-OctopusArtifact (Join-Path $PWD 'a b.txt')",
		"[createArtifact path=FOLDER/a b.txt name=a b.txt length=3]\n[createArtifact path=FOLDER/a b.txt name=a b.txt length=3]\n"},
	{"artifact with a name", "printf abc > x; new_octopusartifact x 'the name'",
		"Set-Content x 'abc' -NoNewline; New-OctopusArtifact -Path x -Name 'the name'",
		"[createArtifact path=FOLDER/x name=the name length=3]\n"},
	{"artifacts of a pipeline", "", "Set-Content a 'x' -NoNewline; Set-Content b 'yz' -NoNewline; Get-Item a, b | New-OctopusArtifact",
		"[createArtifact path=FOLDER/a name=a length=1]\n[createArtifact path=FOLDER/b name=b length=2]\n"},
	{"values of service messages", "x=$(encode_servicemessagevalue 'naïve 🚀'); echo $x; decode_servicemessagevalue $x; echo; echo $-",
		"Convert-ServiceMessageValue 'naïve 🚀'; 'naïve 🚀'; 'hB'", "bmHDr3ZlIPCfmoA=\nnaïve 🚀\nhB\n"},
	{"a parameter of a service message", "", "Convert-ToServiceMessageParameter -name a -value b", "a='Yg=='\n"},

	{"server only", "set_environmentstate a b; echo on", "Set-EnvironmentState -Key a -Value b; 'on'",
		"warning: The script calls CALL (FILE, line 1), which is for an Octopus server and has no counterpart in Stepdeck. " +
			"Nothing was done.\non\n"},
	{"a target", "true; new_octopustarget -n x; echo on", "$null = 1; New-OctopusKubernetesTarget -Name x; 'on'",
		"warning: The script calls CALL (FILE, line 1), which is for an Octopus server and has no counterpart in Stepdeck. " +
			"Nothing was done.\non\n"},

	{"retry", "", "$n = 0; Execute-WithRetry { $script:n++; if ($n -lt 3) { throw 'bad' }; \"good $n\" } -SleepBetweenFailures 0",
		"warning: Attempt 1 of 3 failed: bad\nwarning: Attempt 2 of 3 failed: bad\ngood 3\n"},
	{"retry in vain", "", "try { Execute-WithRetry { throw 'bad' } -maxFailures 2 -sleepBetweenFailures 0 } catch { \"caught $_\" }",
		"warning: Attempt 1 of 2 failed: bad\ncaught bad\n"},
}

func TestHelpers(t *testing.T) {
	for _, c := range calls {
		for l, body := range map[language]string{bash: c.bash, powerShell: c.powerShell} {
			if body == "" {
				continue
			}
			t.Run(string(l.name)+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				got := run(t, l, step{body: body})
				want := wantedOf(l, c.want, body, filepath.Dir(got.script))
				if c.want == "MORE" {
					want = moreWanted[c.name][l.name]
				}
				if said := logged(got.stdout, got.stderr); said != want || got.code != 0 {
					t.Errorf("exit %d, it says\n%s\nwant\n%s", got.code, said, want)
				}
			})
		}
	}
}

// wantedOf fills in what depends on the language and the run.
func wantedOf(l language, want, body, folder string) string {
	call := ""
	for _, word := range []string{"set_environmentstate", "new_octopustarget", "Set-EnvironmentState", "New-OctopusKubernetesTarget"} {
		if strings.Contains(body, word) {
			call = word
		}
	}
	for _, own := range []string{"VERBOSE: ", "WARNING: ", "DEBUG: "} { // as PowerShell itself writes it
		if l == powerShell {
			want = strings.ReplaceAll(want, "["+own+"]", own)
		}
		want = strings.ReplaceAll(want, "["+own+"]", "")
	}
	short := "warning: The value of the sensitive output variable -x has fewer than 4 characters, so it stays visible.\n"
	return strings.NewReplacer("FOLDER/", folder+string(filepath.Separator), "FILE", l.file, "CALL", call, "SHORT", short).Replace(want)
}

// moreWanted is what the log says where the languages differ.
var moreWanted = map[string]map[model.Language]string{
	"several lines": {
		model.Bash: "warning: a\nwarning: \nwarning: b\nd\n", model.PowerShell: "highlight: a\nhighlight: \nhighlight: b\nwait: x\nd\n",
	},
	"behind text without a line end": {model.Bash: "a\nverbose: b\n", model.PowerShell: "aWARNING: b\nc\n"},
}

// What only an Octopus server can do is named, and the script goes on.
func TestHelpersOfAServer(t *testing.T) {
	for l, names := range map[language][]string{
		bash: {
			"set_environmentstate", "set_environmenturl", "new_octopustarget", "remove-octopustarget", "report_kubernetes_manifest",
			"report_kubernetes_manifest_file",
		},
		powerShell: {
			"Set-EnvironmentState", "Set-EnvironmentUrl", "New-OctopusTarget", "Remove-OctopusTarget", "Report-KubernetesManifest",
			"Report-KubernetesManifestFile", "Import-ScriptModule", "New-OctopusAwsAccount", "New-OctopusAwsOidcAccount", "New-OctopusTokenAccount",
			"New-OctopusSshKeyPairAccount", "New-OctopusUsernamePasswordAccount", "New-OctopusAzureServicePrincipalAccount",
			"New-OctopusGoogleCloudAccount", "New-OctopusAzureWebAppTarget", "New-OctopusKubernetesTarget", "New-OctopusKubernetesWorker",
		},
	} {
		t.Run(string(l.name), func(t *testing.T) {
			t.Parallel()
			got := run(t, l, step{body: strings.Join(names, " -x 'a b'\n") + "\necho end"})
			said := logged(got.stdout, got.stderr)
			for i, name := range names {
				want := fmt.Sprintf("warning: The script calls %s (%s, line %d), which is for", name, l.file, i+1)
				if !strings.Contains(said, want) {
					t.Errorf("%s is not named", name)
				}
			}
			if got.code != 0 || !strings.HasSuffix(said, "\nend\n") || strings.Count(said, "\n") != len(names)+1 {
				t.Errorf("exit %d, it says\n%s", got.code, said)
			}
		})
	}
}

// Bash 3.2 has the same helpers.
func TestHelpersOfOldBash(t *testing.T) {
	for _, c := range calls {
		if c.bash == "" || c.want == "MORE" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, bash, step{body: c.bash, bootstraps: oldBash(t)})
			if said, want := logged(got.stdout, got.stderr), wantedOf(bash, c.want, c.bash, filepath.Dir(got.script)); said != want {
				t.Errorf("it says\n%s\nwant\n%s", said, want)
			}
		})
	}
}
