package rehearsal

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

// statement is one of a policy. Of Action and NotAction it has one, and so of Resource and NotResource.
type statement struct {
	Effect      string          `json:"Effect"`
	Action      texts           `json:"Action,omitempty"`
	NotAction   texts           `json:"NotAction,omitempty"`
	Resource    texts           `json:"Resource,omitempty"`
	NotResource texts           `json:"NotResource,omitempty"`
	Condition   json.RawMessage `json:"Condition,omitempty"`
}

// texts is one text or a list of texts in a policy's JSON.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		return json.Unmarshal(data, (*[]string)(t))
	}
	*t = make([]string, 1)
	return json.Unmarshal(data, &(*t)[0])
}

func (t texts) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

const version = "2012-10-17"

// parse returns the statements of a policy. A key that it does not know makes it fail: what AWS makes of it is not known either.
func parse(text string) (statements []statement, ok bool) {
	var keys map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &keys) != nil {
		return nil, false
	}
	for key := range keys {
		if !slices.Contains([]string{"Version", "Id", "Statement"}, key) {
			return nil, false
		}
	}
	var v string
	if raw, has := keys["Version"]; has && (json.Unmarshal(raw, &v) != nil || v != version && v != "2008-10-17") {
		return nil, false
	}
	if v != version && strings.Contains(text, "${") {
		return nil, false // no variable in the old version, but one in the new
	}
	var list []json.RawMessage
	raw := bytes.TrimSpace(keys["Statement"])
	if len(raw) > 0 && raw[0] == '{' {
		list = []json.RawMessage{raw}
	} else if json.Unmarshal(raw, &list) != nil {
		return nil, false
	}
	for _, raw := range list {
		s, ok := parseStatement(raw)
		if !ok {
			return nil, false
		}
		statements = append(statements, s)
	}
	return statements, len(statements) > 0
}

func parseStatement(raw json.RawMessage) (s statement, ok bool) {
	var keys map[string]json.RawMessage
	if json.Unmarshal(raw, &keys) != nil {
		return s, false
	}
	for key := range keys {
		known := []string{"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
		if !slices.Contains(known, key) {
			return s, false
		}
	}
	if json.Unmarshal(raw, &s) != nil {
		return s, false
	}
	ok = (s.Effect == "Allow" || s.Effect == "Deny") && (len(s.Action) == 0) != (len(s.NotAction) == 0) &&
		(len(s.Resource) == 0) != (len(s.NotResource) == 0)
	return s, ok
}

// document returns the text of a policy with the statements; empty for none.
func document(statements []statement) (string, error) {
	if len(statements) == 0 {
		return "", nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // it would make the text longer
	err := encoder.Encode(struct {
		Version   string
		Statement []statement
	}{version, statements})
	policy := strings.TrimSpace(text.String())
	if n := utf8.RuneCountInString(policy); err == nil && n > model.MaxSessionPolicy {
		err = model.NewError("rehearse.policy.long",
			"The session policy of the rehearsal has %d characters with what the step forbids itself; AWS accepts 2,048. Add less to it, or "+
				"shorten the step's session policy.", n)
	}
	return policy, err
}

// addition returns the statements that a person adds, of which none may allow everything.
func addition(policy string) ([]statement, error) {
	if strings.TrimSpace(policy) == "" {
		return nil, nil
	}
	statements, ok := parse(policy)
	if !ok {
		return nil, model.NewError("rehearse.policy.form",
			`The policy that the rehearsal adds can't be read. Write one such as {"Version": "%s", "Statement": [{"Effect": "Deny", `+
				`"Action": "s3:GetObject", "Resource": "*"}]}, with no other keys than AWS's.`, version)
	}
	for _, s := range statements {
		if s.Effect == "Allow" && (s.NotAction != nil || slices.ContainsFunc(s.Action, isEverything)) {
			return nil, model.NewError("rehearse.all",
				"The policy that the rehearsal adds allows everything, so nothing would be rehearsed. Name the actions that it is to allow.")
		}
	}
	return statements, nil
}

// isEverything reports whether a pattern stands for every action of every service.
func isEverything(action string) bool { return strings.Trim(action, "*?:") == "" }
