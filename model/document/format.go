package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/stepdeck/stepdeck/model"
)

// Format writes a project file. Secrets are not in it, nor where they came from, nor the packages' files. What stands at
// its default is left out.
func Format(f File) ([]byte, error) {
	p := f.Project
	m := mapping{}
	m.put("stepdeck", FormatVersion)
	m.text("project", p.Name)
	m.text("description", p.Description)
	m.texts("environments", p.Environments)
	m.list("accounts", len(f.Accounts), func(i int) mapping { return formatAccount(f.Accounts[i].Account) })
	m.list("variables", len(p.Variables), func(i int) mapping { return formatVariable(p.Variables[i]) })
	m.list("steps", len(p.Steps), func(i int) mapping { return formatStep(p.Steps[i]) })
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out, yaml.Indent(2), yaml.IndentSequence(true), yaml.UseLiteralStyleIfMultiline(true))
	if err := enc.Encode(yaml.MapSlice(m)); err != nil {
		return nil, fmt.Errorf("write project %q: %w", p.Name, err)
	}
	return out.Bytes(), nil
}

func formatAccount(a model.Account) mapping {
	m := mapping{}
	m.text("name", a.Name)
	m.text("kind", string(a.Kind))
	m.text("accessKeyId", a.AccessKeyID)
	m.text("description", a.Description)
	m.text("region", a.Region)
	m.text("endpoint", a.Endpoint)
	m.text("profile", a.Profile)
	return m
}

func formatVariable(v model.Variable) mapping {
	m := mapping{}
	m.text("name", v.Name)
	m.text("type", string(v.Type))
	if v.Type != model.TypeSensitive {
		m.text("value", v.Value)
	}
	m.texts("scope", v.Scope)
	m.text("expect", v.Expect)
	if p := v.Prompt; p != nil {
		q := mapping{}
		q.text("label", p.Label)
		q.text("help", p.Help)
		q.text("control", string(p.Control))
		q.texts("options", p.Options)
		q.flag("required", p.Required, false)
		m.put("prompt", yaml.MapSlice(q))
	}
	return m
}

func formatStep(s model.Step) mapping {
	m := mapping{}
	m.text("name", s.Name)
	m.flag("enabled", s.Enabled, true)
	m.list("values", len(s.Values), func(i int) mapping { return formatVariable(s.Values[i]) })

	aws := mapping{}
	aws.text("account", s.AWS.Account)
	aws.text("expect", s.AWS.Expect)
	if r := s.AWS.AssumeRole; r != nil {
		role := mapping{}
		role.put("arn", quoted(r.ARN)) // also when empty: the role is wanted, and still missing
		role.text("sessionName", r.SessionName)
		if r.Duration != 0 {
			role.put("duration", r.Duration)
		}
		role.text("externalId", r.ExternalID)
		role.text("policy", r.Policy)
		aws.put("assumeRole", yaml.MapSlice(role))
	}
	aws.text("region", s.AWS.Region)
	m.object("aws", aws)

	script := mapping{}
	script.text("source", string(s.Script.Source))
	script.text("language", string(s.Script.Language))
	script.text("body", s.Script.Body)
	script.text("package", s.Script.Package)
	script.text("version", s.Script.Version)
	script.text("folder", s.Script.Folder)
	script.text("file", s.Script.File)
	script.text("parameters", s.Script.Parameters)
	m.object("script", script)

	o, usual := s.Options, model.DefaultOptions()
	options := mapping{}
	if o.Timeout != 0 {
		options.text("timeout", shortDuration(o.Timeout))
	}
	options.word("stderr", string(o.Stderr), string(usual.Stderr))
	options.flag("stopOnFirstFailure", o.StopOnFirstFailure, usual.StopOnFirstFailure)
	options.word("edition", string(o.Edition), string(usual.Edition))
	options.flag("isolateAwsConfig", o.IsolateAWSConfig, usual.IsolateAWSConfig)
	options.flag("freshCredentials", o.FreshCredentials, usual.FreshCredentials)
	options.word("condition", string(o.Condition), string(usual.Condition))
	options.flag("required", o.Required, usual.Required)
	options.flag("leaveBackground", o.LeaveBackground, usual.LeaveBackground)
	m.object("options", options)
	return m
}

// shortDuration writes 10m for 10m0s.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// mapping gathers keys in their order and leaves out what is empty.
type mapping yaml.MapSlice

func (m *mapping) put(key string, value any) {
	*m = append(*m, yaml.MapItem{Key: key, Value: value})
}

func (m *mapping) text(key, value string) {
	if value != "" {
		m.put(key, written(value))
	}
}

func (m *mapping) word(key, value, usual string) {
	if value != usual {
		m.text(key, value)
	}
}

func (m *mapping) flag(key string, value, usual bool) {
	if value != usual {
		m.put(key, value)
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

// written is a text as it is put into the file so that it comes back to the byte: plain where that is safe, as a block
// where it is a plain text of several lines, else in double quotes with escapes.
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

// isPlain is deliberately narrow: what it lets through no YAML reader takes for anything but this text.
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

// isBlock says whether s can be a literal block: several lines, none with what a block would change or hide.
func isBlock(s string) bool {
	trimmed := strings.TrimSuffix(s, "\n")
	if !strings.Contains(trimmed, "\n") || strings.HasSuffix(trimmed, "\n") || trimmed != "" && (trimmed[0] == ' ' || trimmed[0] == '\n' || trimmed[0] == '\t') {
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
