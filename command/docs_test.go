package command

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const docsFile = "docs/command.md"

var codeSpan = regexp.MustCompile("`([^`]+)`")

// documented is what docs/command.md says of a command: the text around each place that names it.
type documented map[*cobra.Command]string

// readDocs reads the tables of commands. In a row the first code span names a command by its full path, the others either
// do the same or name a command of the same group. A section with the name of a command belongs to it as well.
func readDocs(t *testing.T, root *cobra.Command) documented {
	t.Helper()
	text, err := os.ReadFile("../" + docsFile)
	if err != nil {
		t.Fatal(err)
	}
	d := documented{root: string(text)}
	var section *cobra.Command
	for line := range strings.Lines(string(text)) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			section = named(root, title)
		}
		if section != nil {
			d[section] += line
		}
		if strings.HasPrefix(line, "| `") && section == nil {
			d.row(root, line)
		}
	}
	return d
}

func (d documented) row(root *cobra.Command, line string) {
	cells := strings.SplitN(line, "|", 4) // before the first bar, the command, what it does, the exit code
	group := root
	for _, span := range codeSpan.FindAllStringSubmatch(cells[1], -1) {
		cmd := named(group, span[1])
		if cmd == nil {
			cmd = named(root, span[1])
		}
		if cmd != nil {
			d[cmd] += span[1] + " " + cells[2]
			group = cmd.Parent()
		}
	}
}

// named returns the command below root that text begins with; nil if it begins with none.
func named(root *cobra.Command, text string) *cobra.Command {
	found := root
	for word := range strings.FieldsSeq(text) {
		i := slices.IndexFunc(found.Commands(), func(c *cobra.Command) bool { return c.Name() == word })
		if i < 0 {
			break
		}
		found = found.Commands()[i]
	}
	if found == root {
		return nil
	}
	return found
}

func TestEveryCommandAndFlagIsDocumented(t *testing.T) {
	root := (&cli{}).root()
	root.InitDefaultCompletionCmd()
	d := readDocs(t, root)
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		if cmd.Hidden {
			return
		}
		if !cmd.HasSubCommands() || cmd.Name() == "completion" { // its commands are the names of shells
			d.check(t, cmd)
			return
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(root)
	root.PersistentFlags().VisitAll(func(f *pflag.Flag) {
		if !strings.Contains(d[root], "--"+f.Name) {
			t.Errorf("%s does not tell of the flag --%s, which every command has: add it before the table", docsFile, f.Name)
		}
	})
}

// check fails for a command or flag that the document leaves out.
func (d documented) check(t *testing.T, cmd *cobra.Command) {
	t.Helper()
	text, ok := d[cmd]
	if !ok {
		t.Errorf("%s does not tell of the command %q: add a row for it", docsFile, cmd.CommandPath())
		return
	}
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		if !regexp.MustCompile(`--` + regexp.QuoteMeta(f.Name) + `\b`).MatchString(text) {
			t.Errorf("%s does not tell of the flag --%s of %q: add it where the command stands", docsFile, f.Name, cmd.CommandPath())
		}
	})
}

// Each command with --json has an entry in recordKinds, which schema --of prints. TestRecords wants a run of it.
func TestEveryJSONCommandHasASchema(t *testing.T) {
	kindOf := map[string]string{}
	for _, k := range recordKinds() {
		for of := range strings.SplitSeq(k.about, "; ") {
			kindOf[strings.TrimPrefix(of, "a line of ")] = k.name
		}
	}
	commands := JSONCommands()
	if len(commands) == 0 {
		t.Fatal("the walk finds no command with --json")
	}
	for _, path := range commands {
		if kindOf[path+" --json"] == "" {
			t.Errorf("no schema tells of %q: add an entry to recordKinds (schema.go), or name the command in one", path+" --json")
		}
	}
}

func TestEverySchemaIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../" + docsFile)
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "\n| `--of` | of |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	var rows []string
	for line := range strings.Lines(table) {
		for _, span := range codeSpan.FindAllStringSubmatch(strings.Split(line, "|")[1], -1) {
			rows = append(rows, span[1])
		}
	}
	names := append(SchemaNames(), projectSchema)
	for _, name := range names {
		if !slices.Contains(rows, name) {
			t.Errorf("the table of --of in %s has no row of %q: add it", docsFile, name)
		}
	}
	for _, row := range rows {
		if !slices.Contains(names, row) {
			t.Errorf("the table of --of in %s has the row %q, which schema does not know: remove it", docsFile, row)
		}
	}
}

func TestEveryTopLevelCommandHasExamples(t *testing.T) {
	for _, cmd := range (&cli{}).root().Commands() { // completion is cobra's, and added later
		if !strings.Contains(cmd.Example, "  stepdeck "+cmd.Name()) {
			t.Errorf("%s has no example: set Example, or give group one", cmd.CommandPath())
		}
	}
}
