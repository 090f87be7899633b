package rehearsal_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/rehearsal"
)

const (
	roleARN  = "arn:aws:iam::123456789012:role/deployer"
	readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess"
	other    = "arn:aws:iam::123456789012:policy/other"
)

func TestLimit(t *testing.T) {
	const deny = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}]}`
	allow := func(action, resource string) string {
		return fmt.Sprintf(`{"Statement":{"Effect":"Allow","Action":%s,"Resource":%s}}`, action, resource)
	}
	for name, row := range map[string]struct {
		role   model.AssumeRole
		adds   model.Rehearsal
		arns   []string
		policy string // of the session
		code   string
	}{
		"alone": {arns: []string{readOnly}},
		"another partition": {role: model.AssumeRole{ARN: "arn:aws-cn:iam::123456789012:role/x"},
			arns: []string{"arn:aws-cn:iam::aws:policy/ReadOnlyAccess"}},
		"policy":             {adds: model.Rehearsal{Policy: deny}, arns: []string{readOnly}, policy: deny},
		"arns":               {adds: model.Rehearsal{PolicyARNs: []string{other, readOnly, " " + other}}, arns: []string{readOnly, other}},
		"own ReadOnlyAccess": {role: model.AssumeRole{PolicyARNs: []string{readOnly}}, arns: []string{readOnly}},
		"own ReadOnlyAccess and policy": {
			role: model.AssumeRole{PolicyARNs: []string{readOnly},
				Policy: strings.Replace(deny, "[", `[{"Effect":"Allow","Action":"*","Resource":"*"},`, 1)},
			arns: []string{readOnly}, policy: deny,
		},
		"own policy": {role: model.AssumeRole{Policy: allow(`"s3:*"`, `["arn:aws:s3:::b","arn:aws:s3:::b/*"]`)}, arns: []string{readOnly},
			policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":"s3:*","Resource":"*"},` +
				`{"Effect":"Deny","Action":"*","NotResource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}]}`},
		"own policy and another": {role: model.AssumeRole{Policy: allow(`"s3:*"`, `"*"`)}, adds: model.Rehearsal{Policy: deny},
			arns: []string{readOnly},
			policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":"s3:*","Resource":"*"},` +
				`{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}]}`},
		"own policy of all": {role: model.AssumeRole{Policy: allow(`"*"`, `"*"`)}, arns: []string{readOnly}},
		"own ARN":           {role: model.AssumeRole{PolicyARNs: []string{other}}, code: "rehearse.policyarns"},
		"own ARN and one added": {role: model.AssumeRole{PolicyARNs: []string{readOnly}}, adds: model.Rehearsal{PolicyARNs: []string{other}},
			code: "rehearse.policyarns"},
		"own ARN and policy added": {role: model.AssumeRole{PolicyARNs: []string{readOnly}}, adds: model.Rehearsal{Policy: deny},
			code: "rehearse.policyarns"},
		"own condition": {role: model.AssumeRole{Policy: `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}}`},
			code: "rehearse.policy"},
		"own variable": {role: model.AssumeRole{Policy: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"${a}"}}`},
			code: "rehearse.policy"},
		"own old version": {role: model.AssumeRole{Policy: `{"Statement":{"Effect":"Deny","Action":"*","Resource":"${a}"}}`},
			code: "rehearse.policy"},
		"own unknown key": {role: model.AssumeRole{Policy: `{"Statement":{"Effect":"Allow","action":"*","Action":"*","Resource":"*"}}`},
			code: "rehearse.policy"},
		"own overlapping": {role: model.AssumeRole{Policy: `{"Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"a"},` +
			`{"Effect":"Allow","Action":"S3:getObject","Resource":"b"}]}`}, code: "rehearse.policy"},
		"own long": {role: model.AssumeRole{Policy: allow(`"s3:*"`, `"`+strings.Repeat("x", 2000)+`"`)}, code: "rehearse.policy.long"},
		"many":     {adds: model.Rehearsal{PolicyARNs: numbered(10)}, code: "rehearse.policyarns.many"},
		"most":     {adds: model.Rehearsal{PolicyARNs: numbered(9)}, arns: append([]string{readOnly}, numbered(9)...)},
		"all":      {adds: model.Rehearsal{Policy: allow(`["s3:Get*","*"]`, `"*"`)}, code: "rehearse.all"},
		"all but": {adds: model.Rehearsal{Policy: `{"Statement":{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}}`},
			code: "rehearse.all"},
		"form": {adds: model.Rehearsal{Policy: `{"Statement":[]}`}, code: "rehearse.policy.form"},
		"no effect": {adds: model.Rehearsal{Policy: `{"Statement":{"Effect":"allow","Action":"a:b","Resource":"*"}}`},
			code: "rehearse.policy.form"},
	} {
		t.Run(name, func(t *testing.T) {
			if row.role.ARN == "" {
				row.role.ARN = roleARN
			}
			got, err := rehearsal.Limit(row.role, row.adds)
			if model.ErrorCode(err) != row.code {
				t.Fatalf("%v, want the code %q", err, row.code)
			}
			if row.code == "" && (!slices.Equal(got.PolicyARNs, row.arns) || got.Policy != row.policy) {
				t.Errorf("the session has %q and %s\nwant %q and %s", got.PolicyARNs, got.Policy, row.arns, row.policy)
			}
		})
	}
}

func numbered(n int) (arns []string) {
	for i := range n {
		arns = append(arns, fmt.Sprint(other, i))
	}
	return arns
}

// The last role of a chain is limited, and nothing else of it changes.
func TestLimitOfAChain(t *testing.T) {
	tags := []model.Tag{{Key: "a"}}
	chain := model.AssumeRole{ARN: roleARN, Policy: "{}", Then: []model.AssumeRole{
		{ARN: roleARN + "1", PolicyARNs: []string{other}},
		{ARN: "arn:aws-us-gov:iam::123456789012:role/x", Duration: 900, ExternalID: "e", SessionName: "s", SourceIdentity: "me", Tags: tags},
	}}
	got, err := rehearsal.Limit(chain, model.Rehearsal{})
	if err != nil {
		t.Fatal(err)
	}
	want := chain
	want.Then = slices.Clone(chain.Then)
	want.Then[1].PolicyARNs = []string{"arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess"}
	if !got.Equal(want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if chain.Then[1].PolicyARNs != nil {
		t.Error("it changed its argument")
	}
}

// A rehearsed session does what ReadOnlyAccess and its additions allow, and never what the step's own policy does not. This
// compares both sides for many small policies.
func TestLimitIsTheIntersection(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) // the same each time
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	pickSome := func(from ...string) []string {
		list := []string{pick(from...)}
		for random.IntN(3) == 0 {
			list = append(list, pick(from...))
		}
		return list
	}
	statement := func() map[string]any {
		return map[string]any{
			"Effect": pick("Allow", "Allow", "Deny"),
			pick("Action", "Action", "Action", "NotAction"):         pickSome("a:Get", "a:Put", "A:*", "b:Get", "b:?et", "a:G*t", "*"),
			pick("Resource", "Resource", "Resource", "NotResource"): pickSome("x", "y", "x*", "*", "xx"),
		}
	}
	actions, resources := []string{"a:Get", "a:Put", "a:Got", "b:Get", "b:Set", "c:Get"}, []string{"x", "y", "xx", "z"}
	reads := func(action, _ string) bool { return strings.HasSuffix(action, ":Get") }
	joined := 0
	for range 4000 {
		var list []map[string]any
		for range 1 + random.IntN(3) {
			list = append(list, statement())
		}
		own, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": list})
		if err != nil {
			t.Fatal(err)
		}
		adds := model.Rehearsal{}
		if random.IntN(2) == 0 {
			adds.Policy = `{"Statement":{"Effect":"` + pick("Allow", "Deny") + `","Action":"` + pick("a:Put", "b:*", "a:Get") + `","Resource":"x"}}`
		}
		got, err := rehearsal.Limit(model.AssumeRole{ARN: roleARN, Policy: string(own)}, adds)
		if err != nil {
			if model.ErrorCode(err) != "rehearse.policy" {
				t.Fatal(err)
			}
			continue
		}
		joined++
		mayOwn, mayAdded, may := evaluate(t, string(own), nil), evaluate(t, adds.Policy, reads), evaluate(t, got.Policy, reads)
		for _, a := range actions {
			for _, r := range resources {
				if is, want := may(a, r), mayOwn(a, r) && mayAdded(a, r); is != want {
					t.Fatalf("%s on %s: %v, want %v\nown %s\nadds %s\nsession %s", a, r, is, want, own, adds.Policy, got.Policy)
				}
			}
		}
	}
	if joined < 1000 {
		t.Errorf("only %d policies could be joined", joined)
	}
}

// evaluate returns what a session with the policy may do, and with another one that only allows.
func evaluate(t *testing.T, policy string, also func(action, resource string) bool) func(action, resource string) bool {
	t.Helper()
	var p struct{ Statement json.RawMessage }
	if policy != "" {
		if err := json.Unmarshal([]byte(policy), &p); err != nil {
			t.Fatal(err)
		}
	}
	var list []map[string]any
	if len(p.Statement) > 0 && json.Unmarshal(p.Statement, &list) != nil {
		list = make([]map[string]any, 1)
		if err := json.Unmarshal(p.Statement, &list[0]); err != nil {
			t.Fatal(err)
		}
	}
	return func(action, resource string) bool {
		allowed := also != nil && also(action, resource)
		for _, s := range list {
			about := matches(s, "Action", strings.ToLower(action)) && matches(s, "Resource", resource)
			if about && s["Effect"] == "Deny" {
				return false
			}
			allowed = allowed || about
		}
		return allowed
	}
}

func matches(s map[string]any, key, text string) bool {
	if not, has := s["Not"+key]; has {
		return !anyOf(not, key, text)
	}
	return anyOf(s[key], key, text)
}

func anyOf(patterns any, key, text string) bool {
	list, many := patterns.([]any)
	if !many {
		list = []any{patterns}
	}
	return slices.ContainsFunc(list, func(p any) bool {
		pattern := p.(string)
		if key == "Action" {
			pattern = strings.ToLower(pattern)
		}
		return glob(pattern, text)
	})
}

func glob(pattern, text string) bool {
	switch {
	case pattern == "":
		return text == ""
	case pattern[0] == '*':
		return glob(pattern[1:], text) || text != "" && glob(pattern, text[1:])
	}
	return text != "" && (pattern[0] == '?' || pattern[0] == text[0]) && glob(pattern[1:], text[1:])
}
