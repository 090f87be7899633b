package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// Format writes a project file. It contains neither secrets nor their sources, no package files, and no fields that
// have their default.
func Format(f File) ([]byte, error) {
	whole := join(f)
	m := fileTable().write(&whole)
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out, yaml.Indent(2), yaml.IndentSequence(true), yaml.UseLiteralStyleIfMultiline(true))
	if err := enc.Encode(yaml.MapSlice(m)); err != nil {
		return nil, fmt.Errorf("write project %q: %w", f.Project.Name, err)
	}
	return out.Bytes(), nil
}

// mapping collects keys in order and omits empty values.
type mapping yaml.MapSlice

func (m *mapping) put(key string, value any) {
	*m = append(*m, yaml.MapItem{Key: key, Value: value})
}

func (m *mapping) text(key, value string) {
	if value != "" {
		m.put(key, written(value))
	}
}

func (m *mapping) texts(key string, values []string) {
	if len(values) == 0 {
		return
	}
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = written(v)
	}
	m.put(key, list)
}

func (m *mapping) object(key string, inner mapping) {
	if len(inner) > 0 {
		m.put(key, yaml.MapSlice(inner))
	}
}

func (m *mapping) list(key string, n int, item func(int) mapping) {
	if n == 0 {
		return
	}
	list := make([]any, n)
	for i := range list {
		list[i] = yaml.MapSlice(item(i))
	}
	m.put(key, list)
}

// written returns text in a form that reads back byte for byte: plain if that is safe, a block if it is plain text of
// several lines, else in double quotes with escapes.
func written(s string) any {
	if isBlock(s) {
		return s // the encoder's own literal style
	}
	return quoted(s)
}

type quoted string

// MarshalYAML implements yaml.BytesMarshaler.
func (q quoted) MarshalYAML() ([]byte, error) {
	if isPlain(string(q)) {
		return []byte(q), nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out) // a JSON string is a YAML scalar in double quotes
	enc.SetEscapeHTML(false)
	if err := enc.Encode(string(q)); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// isPlain is deliberately narrow: no YAML reader takes what it accepts for anything but this text.
func isPlain(s string) bool {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._/ +-", r))
	}) {
		return false
	}
	first := s[0] | 0x20
	if first < 'a' || first > 'z' || strings.HasSuffix(s, " ") {
		return false
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil { // inf, nan
		return false
	}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return false
	}
	return true
}

// isBlock reports whether s can be a literal block: several lines, with nothing that a block would change or hide.
func isBlock(s string) bool {
	trimmed := strings.TrimSuffix(s, "\n")
	if !strings.Contains(trimmed, "\n") || strings.HasSuffix(trimmed, "\n") || trimmed != "" &&
		(trimmed[0] == ' ' || trimmed[0] == '\n' || trimmed[0] == '\t') {
		return false
	}
	for _, r := range s {
		if r == '\n' || r == '\t' || r >= ' ' && r < 0x7f || r >= 0xa1 && r < 0x2000 || r >= 0x2070 && r < 0xd800 || r >= 0x1f300 && r < 0x1fb00 {
			continue
		}
		return false
	}
	for line := range strings.SplitSeq(trimmed, "\n") {
		if strings.TrimSpace(line) == "" && line != "" || strings.HasSuffix(line, " ") || strings.HasSuffix(line, "\t") {
			return false
		}
	}
	return true
}
