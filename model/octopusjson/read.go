package octopusjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Codes of errors that callers act on.
const (
	CodeUnknown = "octopus.unknown" // the file is JSON, but nothing that Octopus exports
)

// Read reads a file: one resource, a list of them, or a page of a list. name is the file's, for errors.
func Read(name string, data []byte) (Export, error) {
	if len(data) > MaxFile {
		return Export{}, model.NewError("octopus.large",
			"%s has more than %d bytes, which is more than Stepdeck reads of an export of Octopus. Export fewer things at once.", name, MaxFile)
	}
	text, ok := model.DecodeText(data)
	if !ok {
		return Export{}, model.NewError("octopus.encoding", "%s is not text in UTF-8 or UTF-16. Export it again, or save it as UTF-8.", name)
	}
	if strings.TrimSpace(text) == "" {
		return Export{}, model.NewError("octopus.empty", "%s is empty. Export it again from Octopus.", name)
	}
	f := file{name: name, text: []byte(text), export: Export{Names: map[string]string{}}}
	var root json.RawMessage
	if err := f.decode(f.text, &root); err != nil {
		return Export{}, err // wrong syntax can only be found here
	}
	if err := f.value(root, maxNested); err != nil {
		return Export{}, err
	}
	if f.resources == 0 {
		return Export{}, model.NewError(CodeUnknown,
			"%s is JSON, but nothing that Stepdeck knows of Octopus. It reads step templates, processes of "+
				"deployments and runbooks, and variable sets, with the projects, environments and accounts that they name.", name)
	}
	return f.export, nil
}

// maxNested is how deep lists of resources can lie in each other.
const maxNested = 4

// file collects the resources in one file.
type file struct {
	name      string
	text      []byte
	export    Export
	resources int
}

// value reads a resource, or a list of them.
func (f *file) value(data []byte, nested int) error {
	data = bytes.TrimSpace(data)
	switch {
	case nested == 0 || len(data) == 0:
		return nil
	case data[0] == '[':
		return f.list(data, nested)
	case data[0] != '{':
		return nil
	}
	var keys map[string]json.RawMessage
	if err := f.decode(data, &keys); err != nil {
		return err
	}
	folded := make(map[string]json.RawMessage, len(keys)) // programs that use Octopus's API may write names in camel case
	for name, value := range keys {
		folded[strings.ToLower(name)] = value
	}
	has := func(name string) bool { return folded[strings.ToLower(name)] != nil }
	switch {
	case has("Items") && !has("ActionType"):
		return f.list(folded["items"], nested)
	case has("ActionType") && has("Properties"):
		return read(f, data, func(t Template) { t.File = f.name; f.export.Templates = append(f.export.Templates, t) })
	case has("Steps") && (has("ProjectId") || anyHas(folded["steps"], "Actions")):
		return read(f, data, func(p Process) { p.File = f.name; f.export.Processes = append(f.export.Processes, p) })
	case has("Variables") && (has("OwnerId") || has("ScopeValues") || anyHas(folded["variables"], "Name")):
		return read(f, data, func(v VariableSet) { v.File = f.name; f.export.VariableSets = append(f.export.VariableSets, v) })
	case has("AccountType"):
		return read(f, data, func(a Account) { f.export.Accounts = append(f.export.Accounts, a) })
	case has("Id") && has("Name"):
		return f.named(data)
	}
	return f.bundle(keys, nested)
}

// anyHas reports whether one of a list of objects, or a single one, has a key: steps and variables are what other programs have too.
func anyHas(data json.RawMessage, name string) bool {
	var items List[map[string]json.RawMessage]
	if json.Unmarshal(data, &items) != nil {
		return false
	}
	for _, item := range items {
		for key := range item {
			if strings.EqualFold(key, name) {
				return true
			}
		}
	}
	return false
}

func (f *file) list(data []byte, nested int) error {
	var items []json.RawMessage
	if err := f.decode(data, &items); err != nil {
		return err
	}
	for _, item := range items {
		if err := f.value(item, nested-1); err != nil {
			return err
		}
	}
	return nil
}

// bundle reads the resources that an object holds under keys of whatever names, in the order of the names.
func (f *file) bundle(keys map[string]json.RawMessage, nested int) error {
	for _, key := range sortedKeys(keys) {
		if err := f.value(keys[key], nested-1); err != nil {
			return err
		}
	}
	return nil
}

// named reads what gives a name to an id. Projects and environments have a meaning of their own.
func (f *file) named(data []byte) error {
	return read(f, data, func(p Project) {
		id := string(p.ID)
		f.export.Names[id] = string(p.Name)
		switch {
		case strings.HasPrefix(id, "Projects-"):
			f.export.Projects = append(f.export.Projects, p)
		case strings.HasPrefix(id, "Environments-"):
			f.export.Environments = append(f.export.Environments, Named{p.ID, p.Name})
		}
	})
}

func read[T any](f *file, data []byte, keep func(T)) error {
	var value T
	if err := f.decode(data, &value); err != nil {
		return err
	}
	f.resources++
	keep(value)
	return nil
}

// decode decodes the whole file, or a part of it whose syntax is known to be right.
func (f *file) decode(part []byte, value any) error {
	err := json.Unmarshal(part, value)
	if err == nil {
		return nil
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax) && int(syntax.Offset) >= len(part) || errors.Is(err, io.ErrUnexpectedEOF):
		return model.NewError("octopus.json", "%s ends in the middle of its JSON. Export it again from Octopus.", f.name).Because(err)
	case errors.As(err, &syntax):
		line, column := position(f.text, int(syntax.Offset)-1)
		return model.NewError("octopus.json", "%s:%d:%d: this is not JSON. Export it again from Octopus.", f.name, line, column).Because(err)
	case errors.As(err, &kind):
		what := kind.Field
		if what == "" {
			what = "it"
		}
		return model.NewError("octopus.type", "%s: %s is a JSON %s where Octopus has another kind of value. Export it again from Octopus.",
			f.name, model.SafeLine(what), kind.Value).Because(err)
	}
	return model.NewError("octopus.json", "%s can't be read as JSON. Export it again from Octopus.", f.name).Because(err)
}

// position returns the line and column of an offset, from 1.
func position(text []byte, offset int) (line, column int) {
	before := text[:min(max(0, offset), len(text))]
	return 1 + bytes.Count(before, []byte("\n")), 1 + offset - (1 + bytes.LastIndexByte(before, '\n'))
}

func sortedKeys(keys map[string]json.RawMessage) []string { return slices.Sorted(maps.Keys(keys)) }
