package app_test

import (
	"fmt"
	"slices"
	"strings"
)

// The packages and which of them may import which: the docs explain why, this file is the rule. Paths are relative to
// the module; "." is the window's main package. A room is everything below its path, unless a longer path names a
// room of its own.
var rooms = []room{
	{path: ".", knows: []string{"screens/desktop"}},
	{path: "cmd/stepdeck", knows: []string{"command"}},
	{path: "cmd/stepdeck-supervisor", knows: []string{"runner/process/supervisor"}, why: eachStep},
	{path: "app", knows: []string{"app...", "model...", "runner...", "assets"},
		why: "app is what both faces can do: it knows neither of them"},
	{path: "app/secrets", knows: []string{"model..."}, why: "secrets are kept with whatever owns them, by whichever use case"},
	{path: "app/accounts", knows: []string{"app/secrets", "model...", "runner..."}, why: useCase},
	{path: "app/browser", knows: []string{"model"}, why: "it opens a page, whoever shows it"},
	{path: "app/terminal", knows: []string{"model"}, why: "it opens a terminal, whatever runs in it"},
	{path: "app/signin", knows: []string{"app/secrets", "model...", "runner..."}, why: useCase},
	{path: "app/projects", knows: []string{"app/secrets", "app/library", "app/octopusimport", "model...", "runner..."}, why: useCase},
	{path: "app/octopusimport", knows: []string{"model", "model/document", "model/octopusjson", "runner", "runner/octopus", "runner/script"},
		why: "it makes projects of exports, and neither reads nor saves anything"},
	{path: "app/library", knows: []string{"model...", "runner..."}, why: useCase},
	{path: "app/runs", knows: []string{"model...", "runner..."}, why: useCase},
	{path: "app/settings", knows: []string{"model...", "runner..."}, why: useCase},
	{path: "app/doctor", knows: []string{"app/secrets", "app/settings", "model...", "runner..."}, why: useCase},
	{path: "app/sandbox", knows: []string{"runner/sandbox"}, why: useCase},
	{path: "app/looks", knows: []string{"assets"}, why: "it hands out pieces of the program's data"},
	// The command also owns a script's processes, where no supervisor is beside it.
	{
		path: "command", why: face,
		knows: []string{"app...", "model", "model/atomicfile", "runner", "runner/engine", "runner/process/supervisor"},
	},
	{path: "screens/desktop", knows: []string{"app...", "screens...", "model", "model/atomicfile", "runner", "runner/engine"}, why: face},
	{path: "screens", knows: []string{"app...", "screens...", "model", "runner", "runner/engine"}, why: face},
	{path: "screens/widgets", knows: []string{"screens/theme"}, why: "widgets know nothing of AWS, steps or runs"},
	{path: "screens/theme", why: "the theme is colours and sizes, whatever they are for"},
	{path: "model", why: "the model is plain Go: whoever uses it brings the rest"},
	{path: "model/store", knows: []string{"model"}, why: "the model's technologies know the model alone"},
	{path: "model/vault", knows: []string{"model"}, why: "the model's technologies know the model alone"},
	{path: "model/document", knows: []string{"model"}, why: "the model's technologies know the model alone"},
	{path: "model/octopusjson", knows: []string{"model"}, why: "the model's technologies know the model alone"},
	{path: "model/atomicfile", why: "it replaces files, whosever they are"},
	{
		path: "runner", why: "what a run needs beyond the model is handed in as an interface",
		knows: []string{
			"model", "runner/octopus", "runner/substitute", "runner/substitute/filters",
			"runner/awsenv", "runner/awsenv/credentialserver", "runner/awsenv/profile", "runner/awsenv/refresh",
			"runner/awslist", "runner/archive", "runner/artifact", "runner/script", "runner/process", "runner/joblog",
			"runner/engine", "runner/rehearsal", "runner/sandbox", "runner/trust",
		},
	},
	{path: "runner/octopus", knows: []string{"model"}, why: leaf},
	{path: "runner/substitute", knows: []string{"model", "runner/substitute/filters"}, why: leaf},
	{path: "runner/substitute/filters", why: "a filter makes a text of a text, wherever that comes from"},
	{path: "runner/awsenv", knows: []string{"model", "runner/awsenv/..."}, why: leaf},
	{path: "runner/awsenv/clicache", knows: []string{"model/atomicfile"}, why: "it knows files, and not what is in them"},
	{path: "runner/awsenv/console", knows: signInParts, why: signIn},
	{path: "runner/awsenv/credentialprocess", knows: []string{"model"}, why: "it runs a command line, whoever has it"},
	{path: "runner/awsenv/identitycenter", knows: signInParts, why: signIn},
	{path: "runner/awsenv/credentialserver", knows: []string{"model"}, why: "it hands out credentials, wherever they come from"},
	{path: "runner/awsenv/federation", knows: []string{"model", "runner/awsenv/transport"}, why: "it opens the console with keys, whosever"},
	{path: "runner/awsenv/loopback", knows: []string{"model"}, why: "it receives a browser's answer, whoever asked for it"},
	{path: "runner/awsenv/profile", knows: []string{"model"}, why: "it says how a profile gets its credentials, and gets none"},
	{path: "runner/awsenv/refresh", why: "it keeps anything fresh that expires"},
	{path: "runner/awsenv/transport", knows: []string{"model"}, why: "requests are sent in one way, whoever sends them"},
	{path: "runner/awake", why: "it keeps the system awake, whatever for"},
	{path: "runner/awslist", knows: []string{"model"}, why: leaf},
	{path: "runner/archive", knows: []string{"model"}, why: leaf},
	{path: "runner/artifact", knows: []string{"model", "model/atomicfile"}, why: leaf},
	{path: "runner/script", knows: []string{"model"}, why: leaf},
	{path: "runner/process", knows: []string{"model", "runner/process/supervisor"}, why: leaf},
	{path: "runner/process/supervisor", why: eachStep},
	{path: "runner/joblog", knows: []string{"model"}, why: leaf},
	{path: "runner/engine", knows: []string{"model"}, why: leaf},
	{path: "runner/rehearsal", knows: []string{"model"}, why: leaf},
	{path: "runner/trust", knows: []string{"model"}, why: leaf},
	{path: "runner/sandbox", knows: []string{"model"}, why: leaf},
	{path: "assets", why: "assets are data: app hands them to whoever needs a piece"},
	{path: "e2e", knows: []string{"app...", "screens...", "model...", "runner...", "assets"}},
	{path: "packaging"}, // tests of what is installed, from outside
}

const useCase = "a use case knows no other: app joins them"

const face = "a face knows what app can do, the types of model and runner, and runner/engine, the wire that both faces speak"

// barred says why a face imports none of these, though it knows app, which does.
var barred = map[string]string{
	"model/store":       "what a face reads and saves goes through app, which keeps a secret and its owner together",
	"model/vault":       "secrets are sealed and opened in one place, app/secrets",
	"model/octopusjson": "exports of Octopus are read and converted in one place, app/projects",
	"model/document":    "project files are read and written in one place, app/projects",
	"runner/archive":    "app/library looks into packages and folders, and names what is in them",
	"runner/awake":      "a run keeps the system awake, and app says whether",
	"runner/awsenv":     "app/accounts asks AWS who an account is, and runner who a step is",
	"runner/awslist":    "runner asks AWS for choices, as a step",
	"runner/joblog":     "app/runs gives the lines of a log as they are shown",
	"runner/rehearsal":  "runner rehearses, and the run says what was refused",
	"runner/process":    "runner starts and stops processes",
	"runner/sandbox":    "app/sandbox serves the sandbox, and runner that of a run",
	"runner/script":     "app/settings finds programs, and app/library reads scripts",
	"runner/octopus":    "runner says what a script uses that nobody defines",
	"runner/substitute": "runner.Known says what an expression comes to, by the precedence that a run goes by",
}

// signInParts are what every way to sign in is made of.
var signInParts = []string{"model", "runner/awsenv/clicache", "runner/awsenv/loopback", "runner/awsenv/refresh", "runner/awsenv/transport"}

const signIn = "one way to sign in knows no other: runner/awsenv joins them"

const eachStep = "the supervisor starts for each step, and all that it links costs each of them"

const leaf = "the parts of runner know the model alone, and runner joins them"

// Technologies that only some rooms know.
var technologies = []technology{
	{name: "the window toolkit", imports: []string{"fyne.io/...", "github.com/go-gl/..."}, rooms: []string{".", "screens...", "e2e"}},
	{name: "SQL", imports: []string{"database/sql...", "github.com/mattn/go-sqlite3..."}, rooms: []string{"model/store"}},
	{name: "the AWS SDK", imports: []string{"github.com/aws/..."}, rooms: []string{"runner/awsenv...", "runner/sandbox"}},
	{name: "the archive library", imports: []string{"github.com/mholt/..."}, rooms: []string{"runner/archive"}},
	{name: "the message bus", imports: []string{"github.com/godbus/..."}, rooms: []string{"runner/awake"}},
	{name: "the keychain", imports: []string{"github.com/zalando/go-keyring..."}, rooms: []string{"model/vault"}},
}

// outsideWorld is what the model itself has no business with: files, processes, the network, the system. Package net is
// not among it, since it also takes addresses apart; a linter sees to what is called there.
var outsideWorld = []string{"os...", "net/http...", "syscall", "golang.org/x/sys..."}

// windowless are the packages that must not import the window toolkit, even indirectly.
var windowless = []string{"cmd/stepdeck", "app...", "command", "model...", "runner...", "assets"}

type room struct {
	path  string
	knows []string // patterns of the rooms' packages that it may import
	why   string
}

type technology struct {
	name    string
	imports []string
	rooms   []string
}

// graph holds what each package imports. Packages of this module are relative to it, others have their full path.
type graph map[string][]string

// violations names every arrow in g that turns round.
func violations(g graph, ours func(path string) bool) []string {
	var found []string
	say := func(format string, args ...any) { found = append(found, fmt.Sprintf(format, args...)) }
	for _, from := range sortedKeys(g) {
		if !ours(from) {
			continue
		}
		home, known := roomOf(from)
		if !known {
			say("%s lies in no room of the architecture", from)
			continue
		}
		for _, to := range g[from] {
			if ours(to) {
				if there, _ := roomOf(to); there.path != home.path && !matchesAny(home.knows, to) {
					say("%s imports %s: %s", from, to, home.reason(to))
				}
				continue
			}
			for _, t := range technologies {
				if matchesAny(t.imports, to) && !matchesAny(t.rooms, home.path) {
					say("%s imports %s: %s belongs to %s", from, to, t.name, strings.Join(t.rooms, ", "))
				}
			}
			if home.path == "model" && matchesAny(outsideWorld, to) {
				say("%s imports %s: the model knows no file, no process and no network", from, to)
			}
		}
		if matchesAny(windowless, from) {
			if way := wayTo(g, from, technologies[0].imports); len(way) > 2 {
				say("%s reaches %s: %s", from, technologies[0].name, strings.Join(way, " -> "))
			}
		}
	}
	return found
}

func (r room) reason(to string) string {
	if why := barred[to]; why != "" && r.why == face {
		return why
	}
	if r.why != "" {
		return r.why
	}
	return fmt.Sprintf("the room %q knows %s", r.path, strings.Join(r.knows, ", "))
}

// roomOf returns the room with the longest path that contains the package.
func roomOf(path string) (room, bool) {
	var home room
	for _, r := range rooms {
		inside := path == r.path || r.path != "." && strings.HasPrefix(path, r.path+"/")
		if inside && len(r.path) > len(home.path) {
			home = r
		}
	}
	return home, home.path != ""
}

// wayTo returns the shortest chain of imports from a package to one that matches, both included, or nil.
func wayTo(g graph, from string, goal []string) []string {
	ways, seen := [][]string{{from}}, map[string]bool{from: true}
	for len(ways) > 0 {
		way := ways[0]
		ways = ways[1:]
		last := way[len(way)-1]
		if matchesAny(goal, last) {
			return way
		}
		for _, next := range g[last] {
			if !seen[next] {
				seen[next] = true
				ways = append(ways, append(slices.Clone(way), next))
			}
		}
	}
	return nil
}

// matchesAny reports whether a pattern matches the path: the path itself, or with "..." at its end also everything below it.
func matchesAny(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		base, below := strings.CutSuffix(pattern, "...")
		base = strings.TrimSuffix(base, "/")
		return path == base || below && strings.HasPrefix(path, base+"/")
	})
}
