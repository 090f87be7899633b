package command_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/stepdeck/stepdeck/command"
	"github.com/stepdeck/stepdeck/model"
)

// schema compiles one of the schemas that the command prints.
func (d *desk) schema(name string) *jsonschema.Schema {
	d.t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(d.ok("schema", "--of", name).out))
	must(d.t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	must(d.t, c.AddResource(name, doc))
	s, err := c.Compile(name)
	must(d.t, err)
	return s
}

// valid checks lines of JSON, and that a field which the schema does not know is refused in each of them.
func (d *desk) valid(schema, lines string) {
	d.t.Helper()
	s := d.schema(schema)
	for line := range strings.Lines(lines) {
		record, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		must(d.t, err)
		if err := s.Validate(record); err != nil {
			d.t.Errorf("%s: %s%v", schema, line, err)
		}
		more, ok := record.(map[string]any)
		if !ok {
			d.t.Fatalf("%s is no object", line)
		}
		more["another"] = true
		if s.Validate(more) == nil {
			d.t.Errorf("%s: the schema lets any field through", schema)
		}
	}
}

func TestSchemas(t *testing.T) {
	d := newDesk(t)
	help := d.ok("schema", "--help").out
	for _, name := range append(command.SchemaNames(), "project") {
		d.schema(name)
		if !strings.Contains(help, "  "+name+": ") {
			t.Errorf("help does not tell of %s", name)
		}
	}
	if d.ok("schema").out != d.ok("schema", "--of", "project").out {
		t.Error("without a word it is not the schema of the project file")
	}
	d.run("schema", "--of", "nothing").wants(2).says(`"nothing"`, "project, run, events")
}

// Words that the tags of a record list are those of the model.
func TestWordsOfALine(t *testing.T) {
	var doc struct {
		Defs map[string]struct {
			Properties map[string]struct{ Enum []string }
		} `json:"$defs"`
	}
	must(t, json.NewDecoder(strings.NewReader(newDesk(t).ok("schema", "--of", "run").out)).Decode(&doc))
	line := doc.Defs["Line"].Properties
	var levels, streams []string
	for l := model.LevelVerbose; l.String() != "unknown"; l++ {
		levels = append(levels, l.String())
	}
	for s := model.StreamStdout; s.String() != "unknown"; s++ {
		streams = append(streams, s.String())
	}
	if !slices.Equal(line["level"].Enum, levels) || !slices.Equal(line["stream"].Enum, streams) {
		t.Errorf("a line has the levels %v and streams %v, want %v and %v", line["level"].Enum, line["stream"].Enum, levels, streams)
	}
}
