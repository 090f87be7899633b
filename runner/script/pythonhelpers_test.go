package script_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

func TestValuesArriveInPython(t *testing.T) {
	values := awkward()
	values["NUL"] = "a\x00b"
	var variables []model.InputValue
	var body strings.Builder
	body.WriteString("import binascii\ndef p(v): print(binascii.hexlify(v.encode()).decode())\n")
	var want strings.Builder
	for name, value := range values {
		variables = append(variables, model.InputValue{Name: "My." + name, Value: value, Sensitive: true})
		fmt.Fprintf(&body, "p(get_octopusvariable('my.%s')); p(octopusvariables['MY.%s'])\n", name, name)
		line := hex.EncodeToString([]byte(value)) + "\n"
		want.WriteString(line + line)
	}
	got := run(t, python, step{body: body.String(), variables: variables})
	if got.code != 0 || got.stdout != want.String() {
		t.Errorf("exit %d, %d bytes, want %d: %s", got.code, len(got.stdout), want.Len(), got.stderr)
	}
}

func TestOutputsOfPythonArrive(t *testing.T) {
	for name, value := range awkward() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := run(t, python, step{
				body:      "set_octopusvariable('Out é', get_octopusvariable('V'))\nprint(get_octopusvariable('out é') == octopusvariables['V'])\n",
				variables: []model.InputValue{{Name: "V", Value: value}},
			})
			outName, outValue, sensitive := got.output(t)
			if outName != "Out é" || outValue != value || sensitive || !strings.HasSuffix(got.stdout, "True\n") {
				t.Errorf("got %q = %.80q, %t, %s", outName, outValue, sensitive, got.stderr)
			}
		})
	}
}

func TestPythonVariables(t *testing.T) {
	variables := []model.InputValue{{Name: "AWS.Region", Value: "eu-west-1"}, {Name: "ünï Ä", Value: "u"}, {Name: "Empty", Value: ""}}
	for _, c := range []struct{ name, body, want string }{
		{"any case", "print(get_octopusvariable('aws.REGION'), octopusvariables['aws.region'], octopusvariables['ÜNÏ ä'])",
			"eu-west-1 eu-west-1 u\n"},
		{"contained", "print('aws.region' in octopusvariables, 'no' in octopusvariables, 5 in octopusvariables)", "True False False\n"},
		{"default", "print(octopusvariables.get('no'), octopusvariables.get('no', 1), octopusvariables.get('empty', 1))", "None 1 \n"},
		{"names as they are", "print(list(octopusvariables), len(octopusvariables))", "['AWS.Region', 'ünï Ä', 'Empty'] 3\n"},
		{"set", "octopusvariables['aws.region'] = 'x'\nprint(dict(octopusvariables)['AWS.Region'], len(octopusvariables))", "x 3\n"},
		{"deleted", "del octopusvariables['aws.region']\nprint('AWS.Region' in octopusvariables, len(octopusvariables))", "False 2\n"},
		{"a dictionary", "import json\nprint(isinstance(octopusvariables, dict), json.dumps({'a': octopusvariables})[:28])",
			"True {\"a\": {\"AWS.Region\": \"eu-wes\n"},
		{"a copy", "import copy\nprint(type(copy.copy(octopusvariables)).__name__, copy.deepcopy(octopusvariables)['Empty'] == '')",
			"dict True\n"},
		{"missing", "try:\n    get_octopusvariable('No')\nexcept KeyError as e:\n    print(repr(e))", "KeyError('No')\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			run(t, python, step{body: c.body, variables: variables}).want(t, 0, c.want)
		})
	}
}

// Errors name the script and its line, and never the bootstrap.
func TestErrorsOfPythonHelpersAreTheScripts(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"missing":           {"x = 1\nget_octopusvariable('No')", "script.py\", line 2, in <module>\n    get_octopusvariable('No')\n"},
		"missing, by index": {"octopusvariables['No']", "script.py\", line 1, in <module>\n    octopusvariables['No']\n"},
		"missing, in a chain": {"try:\n    get_octopusvariable('No')\nexcept KeyError:\n    raise ValueError('x')",
			"script.py\", line 4, in <module>\n"},
		"wrong arguments": {"set_octopusvariable()", "script.py\", line 1, in <module>\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := run(t, python, step{body: c.body})
			if got.code != 1 || !strings.Contains(got.stderr, c.want) || strings.Contains(got.stderr, "sitecustomize") {
				t.Errorf("exit %d, %s", got.code, got.stderr)
			}
		})
	}
}

var anyMessage = regexp.MustCompile(`'([A-Za-z0-9+/=]*)'`)

// plainMessages decodes the values of service messages.
func plainMessages(text string) string {
	return anyMessage.ReplaceAllStringFunc(text, func(quoted string) string {
		data, err := base64.StdEncoding.DecodeString(strings.Trim(quoted, "'"))
		if err != nil {
			return quoted
		}
		return "'" + string(data) + "'"
	})
}

func TestPythonHelpers(t *testing.T) {
	level := func(name, text string) string {
		return "##octopus[stdout-" + name + "]\n" + text + "\n##octopus[stdout-default]\n"
	}
	for _, c := range []struct{ name, body, want string }{
		{"verbose", "printverbose('a'); print_verbose('b'); write_verbose('c')",
			level("verbose", "a") + level("verbose", "b") + level("verbose", "c")},
		{"highlight", "printhighlight('a'); write_highlight('b')", level("highlight", "a") + level("highlight", "b")},
		{"wait", "printwait('a'); write_wait('b')", level("wait", "a") + level("wait", "b")},
		{"warning", "printwarning('a'); write_warning('b')", level("warning", "a") + level("warning", "b")},
		{"debug", "printdebug('a'); write_debug('b')", level("verbose", "a") + level("verbose", "b")},
		{"anything", "printverbose(5); printverbose(None); printverbose('naïve', [1]); printverbose()",
			level("verbose", "5") + level("verbose", "") + level("verbose", "naïve [1]") + level("verbose", "")},
		{"order", "print('1', end=''); print('2'); printverbose('3'); print('4')", "12\n" + level("verbose", "3") + "4\n"},
		{"order after replacing the stream",
			"import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer)\nprint('1'); printwarning('2'); print('3')",
			"1\n" + level("warning", "2") + "3\n"},
		{"output", "set_octopusvariable('A', 5); set_octopusvariable('B', None); set_octopusvariable('C', b'\\xc3\\xa9')",
			"##octopus[setVariable name='A' value='5']\n##octopus[setVariable name='B' value='']\n##octopus[setVariable name='C' value='é']\n"},
		{"sensitive output", "set_octopusvariable('A', 'x', True); set_octopusvariable('B', 'y', sensitive='False')",
			"##octopus[setVariable name='A' value='x' sensitive='True']\n##octopus[setVariable name='B' value='y']\n"},
		{"output in a captured stream",
			"import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    set_octopusvariable('A', 'x')",
			"##octopus[setVariable name='A' value='x']\n"},
		{"output after the stream was closed", "import sys\nprint('a')\nsys.stdout = None\nset_octopusvariable('A', 'x')",
			"a\n##octopus[setVariable name='A' value='x']\n"},
		{"progress", "updateprogress(50, 'half'); update_progress(100)",
			"##octopus[progress percentage='50' message='half']\n##octopus[progress percentage='100' message='']\n"},
		{"artifact", "open('a.txt', 'w').write('abc')\nimport os\nos.chdir('..')\nos.chdir(os.path.dirname(__file__))\ncreateartifact('a.txt')",
			"3##octopus[createArtifact path='FOLDER/a.txt' name='a.txt' length='3']\n"},
		{"artifact with a name", "import pathlib\nnew_octopusartifact(pathlib.Path('no'), 'n'); create_artifact('x', fileName='m')",
			level("verbose", "There is no file FOLDER/no now. It is kept if it is there when the step ends.") +
				"##octopus[createArtifact path='FOLDER/no' name='n' length='0']\n" +
				level("verbose", "There is no file FOLDER/x now. It is kept if it is there when the step ends.") +
				"##octopus[createArtifact path='FOLDER/x' name='m' length='0']\n"},
		{"progress that is none", "update_progress('abc'); update_progress(150); update_progress(-1); update_progress('')",
			"##octopus[progress percentage='abc' message='']\n##octopus[progress percentage='150' message='']\n" +
				"##octopus[progress percentage='-1' message='']\n##octopus[progress percentage='' message='']\n"},
		{"service message values", "print(encode_servicemessagevalue('naïve'), decode_servicemessagevalue('bmHDr3Zl'))", "bmHDr3Zl naïve\n"},
		{"server only", "x = 1\nset_environmentstate('k', 'v'); report_kubernetes_manifest(manifest='x')",
			level("warning", "The script calls set_environmentstate (script.py, line 2), which is for an Octopus server and has no counterpart "+
				"in Stepdeck. Nothing was done.") +
				level("warning", "The script calls report_kubernetes_manifest (script.py, line 2), which is for an Octopus server and has no "+
					"counterpart in Stepdeck. Nothing was done.")},
		{"retry",
			"n = []\ndef f():\n    n.append(1)\n    if len(n) < 3: raise ValueError('x')\n    return len(n)\nprint(execute_with_retry(f, 3, 0))",
			level("warning", "Attempt 1 of 3 failed: x") + level("warning", "Attempt 2 of 3 failed: x") + "3\n"},
		{"in modules", "open('mod.py', 'w').write('printverbose(\"m\")') and None\nimport mod", level("verbose", "m")},
		{"own functions come first", "def printverbose(x): print('own', x)\nfailstep = lambda: print('go on')\nprintverbose(1); failstep()",
			"own 1\ngo on\n"},
		{"own functions with a name like a helper", "def set_octopus_thing(x): print('own', x)\nset_octopus_thing(1)", "own 1\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, python, step{body: c.body})
			got.stdout = strings.ReplaceAll(plainMessages(got.stdout), "\r\n", "\n")
			folder := filepath.ToSlash(filepath.Dir(got.script))
			got.want(t, 0, strings.TrimPrefix(strings.ReplaceAll(c.want, "FOLDER", folder), "3"))
		})
	}
}

// Two threads and a forked process don't write into each other's messages.
func TestPythonMessagesAreWhole(t *testing.T) {
	got := run(t, python, step{body: "from concurrent.futures import ThreadPoolExecutor\n" +
		"with ThreadPoolExecutor(8) as pool:\n    list(pool.map(lambda i: set_octopusvariable('N%d' % i, str(i % 10) * 200000), range(24)))"})
	if got.code != 0 {
		t.Fatal(got.stderr)
	}
	lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
	if len(lines) != 24 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, line := range lines {
		if !message.MatchString(line + "\n") {
			t.Errorf("broken: %.100q", line)
		}
	}
}

// pythonPlaces are where a script may call what ends its step: CALL is the call, AFTER a command that must not run.
var pythonPlaces = []struct{ name, body string }{
	{"plain", "CALL\nAFTER"},
	{"function", "def f():\n    CALL\n    AFTER\nf()\nAFTER"},
	{"caught", "try:\n    CALL\n    AFTER\nexcept Exception:\n    AFTER\nAFTER"},
	{"caught by all means", "try:\n    CALL\n    AFTER\nexcept:\n    pass\nAFTER"},
	{"caught as the base", "try:\n    CALL\n    AFTER\nexcept BaseException as e:\n    print(type(e))\nAFTER"},
	{"suppressed", "import contextlib\nwith contextlib.suppress(BaseException):\n    CALL\n    AFTER\nAFTER"},
	{"caught and another", "try:\n    CALL\nexcept SystemExit:\n    raise ValueError('x')\nAFTER"},
	{"lambda", "list(map(lambda x: CALL, [1]))\nAFTER"},
	{"generator", "def g():\n    yield CALL\nfor x in g():\n    AFTER\nAFTER"},
	{"class", "class C:\n    CALL\n    AFTER\nAFTER"},
	{"finally", "try:\n    CALL\nfinally:\n    print('tidy')\nAFTER"},
	{"thread", "import threading, time\nt = threading.Thread(target=lambda: CALL)\nt.start()\nt.join()\ntime.sleep(60)\nAFTER"},
	{"signal handler", "import signal\ndef h(*a):\n    CALL\nsignal.signal(signal.SIGINT, h)\nsignal.raise_signal(signal.SIGINT)\nAFTER"},
	{"async", "import asyncio\nasync def f():\n    CALL\nasyncio.run(f())\nAFTER"},
	{"async task",
		"import asyncio\nasync def g():\n    CALL\nasync def f():\n    await asyncio.gather(g())\n    AFTER\nasyncio.run(f())\nAFTER"},
	{"thread pool",
		"from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor() as p:\n    p.submit(lambda: CALL).result()\nAFTER"},
	{"module", "open('mod.py', 'w').write('''CALL''')\nimport mod\nAFTER"},
	{"exec", "exec('''CALL''')\nAFTER"},
	{"atexit", "import atexit\natexit.register(print, 'bye')\nCALL\nAFTER"},
}

func TestNothingRunsAfterPythonHasFailed(t *testing.T) {
	for name, call := range map[string][2]string{
		"failstep": {`failstep("stop here")`, "stop here"}, "fail_step": {`fail_step("stop here")`, "stop here"},
		"misspelt":          {"printverbos(1)", "printverbos"},
		"of the family":     {"new_octopus_thing(1)", "new_octopus_thing"},
		"misspelt, capital": {"Get_OctopusVariable(1)", "Get_OctopusVariable"},
	} {
		for _, c := range pythonPlaces {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				after := filepath.Join(t.TempDir(), "after")
				reach := fmt.Sprintf("open(%q, 'w')", after)
				got := run(t, python, step{body: strings.NewReplacer("CALL", call[0], "AFTER", reach).Replace(c.body)})
				if reason, failed := got.command.Failure(); got.code != 1 || !failed || !strings.Contains(reason, call[1]) {
					t.Errorf("exit %d for the reason %q (%t), want 1 for %q\n%s%s", got.code, reason, failed, call[1], got.stdout, got.stderr)
				}
				if !strings.Contains(got.reason(t), call[1]) || !strings.Contains(got.stderr, call[1]) {
					t.Errorf("it says %q and %q", got.reason(t), got.stderr)
				}
				if _, err := os.Stat(after); err == nil {
					t.Errorf("the script went on\n%s%s", got.stdout, got.stderr)
				}
			})
		}
	}
}

func TestCleanupRunsWhenPythonHasFailed(t *testing.T) {
	run(t, python, step{body: `import atexit, threading, time
atexit.register(print, 'registered')
threading.Thread(target=lambda: (time.sleep(0.1), print('thread'))).start()
try:
    try:
        failstep()
    finally:
        print('tidy')
except:
    pass
print('on')
`}).want(t, 1, "tidy\nthread\nregistered\n")
}

// A process that the script starts can't end the script, but its step fails.
func TestFailureOfPythonsProcesses(t *testing.T) {
	for _, method := range []string{"fork", "spawn", "forkserver"} {
		t.Run(method, func(t *testing.T) {
			if method != "spawn" && runtime.GOOS == "windows" {
				t.Skip("no such start method")
			}
			t.Parallel()
			got := run(t, python, step{body: fmt.Sprintf(`import multiprocessing as mp
value = get_octopusvariable('V')
def work():
    if value == 'v':
        failstep('in child')
if __name__ == '__main__':
    p = mp.get_context(%q).Process(target=work)
    p.start()
    p.join()
    print(p.exitcode)
`, method), variables: []model.InputValue{{Name: "V", Value: "v"}}})
			reason, failed := got.command.Failure()
			if got.stdout = resultMessage.ReplaceAllString(got.stdout, ""); got.code != 0 || got.stdout != "1\n" || !failed || reason != "in child" {
				t.Errorf("exit %d, %q, %q, %t: %s", got.code, got.stdout, reason, failed, got.stderr)
			}
		})
	}
}

// Once the script runs, values and arguments must be only in its memory.
func TestPythonsValuesAreGoneBeforeTheScript(t *testing.T) {
	dir := t.TempDir()
	file, err := script.WriteInline(t.TempDir(), model.Python, `import os, sys
print(sys.argv[1:], sum('canary' in v for v in os.environ.values()))
line = open('/proc/self/cmdline').read() + open('/proc/self/environ').read() if os.path.exists('/proc/self/cmdline') else ''
print('canary' in line)
print(sorted(os.listdir(sys.argv[2])))
`)
	if err != nil {
		t.Fatal(err)
	}
	command, err := script.Prepare(t.Context(), script.Input{
		Language: model.Python, Tool: python.tool(t), Script: file, Dir: dir, Bootstraps: bootstraps(t), Parameters: "canary \"" + dir + `"`,
		Variables: []model.InputValue{{Name: "Key", Value: "s3cret-canary-value", Sensitive: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range command.Files {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
			t.Errorf("%s: %v, %v", f, info.Mode(), err)
		}
	}
	got := start(t, command, nil)
	got.want(t, 0, "['canary', '"+strings.ReplaceAll(dir, `\`, `\\`)+"'] 0\nFalse\n['sitecustomize.py']\n")
	command.Remove()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// The sitecustomize and the PYTHONPATH that the script would have by itself stay.
func TestPythonsOwnSetup(t *testing.T) {
	modules := t.TempDir()
	for name, text := range map[string]string{"sitecustomize.py": "import builtins\nbuiltins.own = 'own'\n", "more.py": "x = 1\n"} {
		if err := os.WriteFile(filepath.Join(modules, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		site, want string
		code       int
	}{
		"there":  {"import builtins\nbuiltins.own = 'own'\n", "own own True True PATH v\n", 0},
		"broken": {"raise ValueError('broken')\n", "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(filepath.Join(modules, "sitecustomize.py"), []byte(c.site), 0o600); err != nil {
				t.Fatal(err)
			}
			body := "import os, sys, more, sitecustomize\nprint(own, sitecustomize.builtins.own, sys.path[1] == os.environ['PYTHONPATH'], " +
				"sitecustomize.__file__.startswith(sys.path[1]), 'PATH', get_octopusvariable('V'))\n"
			file, err := script.WriteInline(t.TempDir(), model.Python, body)
			if err != nil {
				t.Fatal(err)
			}
			command, err := script.Prepare(t.Context(), script.Input{
				Language: model.Python, Tool: python.tool(t), Script: file, Dir: t.TempDir(), Bootstraps: bootstraps(t),
				Variables: []model.InputValue{{Name: "V", Value: "v"}}, EnvVars: []model.InputValue{{Name: "PYTHONPATH", Value: modules}},
			})
			if err != nil {
				t.Fatal(err)
			}
			got := start(t, command, nil)
			got.want(t, c.code, c.want)
			if c.code != 0 && !strings.Contains(got.stderr, "broken") {
				t.Errorf("it says %q", got.stderr)
			}
		})
	}
}

// What a script prints appears line by line, in the order of its and its programs' lines.
func TestPythonPrintsLineByLine(t *testing.T) {
	got := run(t, python, step{body: `import os, subprocess, sys
print('first')
subprocess.run([sys.executable, '-c', 'print("second")'])
sys.stdout.buffer.write(b'third\n')
print('fourth')
print(sys.stdout.line_buffering, sys.stderr.line_buffering)
os._exit(3)
`})
	got.want(t, 3, "first\nsecond\nthird\nfourth\nTrue True\n")
}

func TestPythonPrintsUTF8(t *testing.T) {
	for _, setting := range []string{"LC_ALL=", "LC_ALL=C", "LC_ALL=POSIX", "LC_ALL=C.UTF-8", "PYTHONIOENCODING=latin-1"} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			got := run(t, python, step{body: "import sys\nprint('naïve 🚀')\nprint('naïve 🚀', file=sys.stderr)\nprintverbose('naïve')",
				env: []string{setting, "PYTHONUTF8=0", "PYTHONCOERCECLOCALE=0"}})
			got.want(t, 0, "naïve 🚀\n##octopus[stdout-verbose]\nnaïve\n##octopus[stdout-default]\n")
			if strings.TrimSpace(got.stderr) != "naïve 🚀" {
				t.Errorf("errors: %q", got.stderr)
			}
		})
	}
}

func TestPythonFromPackages(t *testing.T) {
	for _, c := range []struct{ name, bytes, want, warning string }{
		{name: "UTF-8", bytes: "print('naïve')", want: "naïve\n"},
		{name: "windows-1252", bytes: "print('na\xefve \x80')\r\n", want: "naïve €\n", warning: "script.file.windows1252"},
		{name: "windows-1252 that says UTF-8", bytes: "# coding: utf-8\nprint('na\xefve')\n", want: "naïve\n",
			warning: "script.file.windows1252"},
		{name: "latin-1 by its cookie", bytes: "#!/usr/bin/python\n# -*- coding: latin-1 -*-\nprint('na\xefve')\n", want: "naïve\n"},
		{name: "no cookie after code", bytes: "x = 1\n# coding: latin-1\nprint('na\xefve')\n", want: "naïve\n",
			warning: "script.file.windows1252"},
		{name: "UTF-16", bytes: "\xff\xfep\x00r\x00i\x00n\x00t\x00(\x00'\x00\xef\x00'\x00)\x00", want: "ï\n", warning: "script.file.utf16"},
		{name: "byte order mark", bytes: "\xef\xbb\xbfprint('naïve')\r\n", want: "naïve\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "script.py")
			if err := os.WriteFile(file, []byte(c.bytes), 0o600); err != nil {
				t.Fatal(err)
			}
			got := run(t, python, step{file: file})
			got.want(t, 0, c.want)
			warned := ""
			for _, w := range got.command.Warnings {
				warned += w.Code
			}
			if warned != c.warning {
				t.Errorf("warned %q, want %q", warned, c.warning)
			}
			if data, err := os.ReadFile(file); err != nil || c.warning == "" && string(data) != c.bytes {
				t.Errorf("the file became %q, %v", data, err)
			}
		})
	}
}

func TestPythonInAwkwardPaths(t *testing.T) {
	for _, name := range awkwardNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS == "windows" && strings.Contains(name, `"`) {
				t.Skip("no name of a file there")
			}
			dir := filepath.Join(t.TempDir(), name)
			private := filepath.Join(dir, "private")
			if err := os.MkdirAll(private, 0o700); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, name+".py")
			text := "import os, sys\nprint(__file__)\nprint(sys.argv)\nprint(get_octopusvariable('V'), os.getcwd() == sys.path[0])\n"
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			command, err := script.Prepare(t.Context(), script.Input{
				Language: model.Python, Tool: python.tool(t), Script: file, Dir: private, Bootstraps: bootstraps(t),
				Variables: []model.InputValue{{Name: "V", Value: "v"}},
			})
			if strings.ContainsRune(name, os.PathListSeparator) {
				if model.ErrorCode(err) != "script.folder.separator" {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := start(t, command, nil)
			if got.code != 0 || !strings.HasPrefix(got.stdout, file+"\n") || !strings.HasSuffix(got.stdout, "\nv True\n") {
				t.Errorf("exit %d, %q, %s", got.code, got.stdout, got.stderr)
			}
		})
	}
}
