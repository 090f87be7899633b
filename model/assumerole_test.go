package model_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestAssumeRoleCheck(t *testing.T) {
	tags := func(n int) (list []model.Tag) {
		for i := range n {
			list = append(list, model.Tag{Key: strings.Repeat("k", i+1)})
		}
		return list
	}
	good := model.AssumeRole{
		ARN: "arn:aws:iam::123456789012:role/x", Policy: " {\"Statement\": []}\n", SourceIdentity: "me@example.com",
		PolicyARNs: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws-cn:iam::123456789012:policy/a/b", "#{Policy}"},
		Tags: []model.Tag{
			{Key: "Cost Centre", Value: "a=b", Transitive: true}, {Key: "Straße", Value: ""}, {Key: "#{Key}", Value: "#{Value}"},
		},
	}
	for name, row := range map[string]struct {
		change func(*model.AssumeRole)
		field  string
		code   string
	}{
		"good":             {func(*model.AssumeRole) {}, "", ""},
		"policy variable":  {func(r *model.AssumeRole) { r.Policy = "#{Policy}" }, "", ""},
		"policy long":      {func(r *model.AssumeRole) { r.Policy = `{"a":"` + strings.Repeat("é", 2041) + `"}` }, "policy", "role.policy.long"},
		"policy fits":      {func(r *model.AssumeRole) { r.Policy = `{"a":"` + strings.Repeat("é", 2040) + `"}` }, "", ""},
		"policy text":      {func(r *model.AssumeRole) { r.Policy = "allow" }, "policy", "role.policy.form"},
		"policy list":      {func(r *model.AssumeRole) { r.Policy = "[]" }, "policy", "role.policy.form"},
		"policy cut":       {func(r *model.AssumeRole) { r.Policy = `{"a":` }, "policy", "role.policy.form"},
		"policy name":      {func(r *model.AssumeRole) { r.PolicyARNs = []string{"ReadOnlyAccess"} }, "policyArns", "role.policyarns.form"},
		"policies":         {func(r *model.AssumeRole) { r.PolicyARNs = make([]string, 11) }, "policyArns", "role.policyarns.many"},
		"tags":             {func(r *model.AssumeRole) { r.Tags = tags(50) }, "", ""},
		"many tags":        {func(r *model.AssumeRole) { r.Tags = tags(51) }, "tags", "role.tags.many"},
		"tag twice":        {func(r *model.AssumeRole) { r.Tags = []model.Tag{{Key: "a"}, {Key: "A"}} }, "tags", "role.tags.twice"},
		"tag without name": {func(r *model.AssumeRole) { r.Tags = []model.Tag{{Value: "x"}} }, "tags", "role.tags.key"},
		"tag of AWS":       {func(r *model.AssumeRole) { r.Tags = []model.Tag{{Key: "AWS:x"}} }, "tags", "role.tags.key"},
		"tag with =":       {func(r *model.AssumeRole) { r.Tags = []model.Tag{{Key: "a=b"}} }, "tags", "role.tags.key"},
		"long tag":         {func(r *model.AssumeRole) { r.Tags = []model.Tag{{Key: strings.Repeat("é", 129)}} }, "tags", "role.tags.key"},
		"long value": {func(r *model.AssumeRole) { r.Tags = []model.Tag{{Key: "a", Value: strings.Repeat("é", 257)}} }, "tags",
			"role.tags.value"},
		"value's lines": {func(r *model.AssumeRole) { r.Tags = []model.Tag{{Key: "a", Value: "b\nc"}} }, "tags", "role.tags.value"},
		"source short":  {func(r *model.AssumeRole) { r.SourceIdentity = "x" }, "sourceIdentity", "role.sourceidentity.form"},
		"source of AWS": {func(r *model.AssumeRole) { r.SourceIdentity = "aws:me" }, "sourceIdentity", "role.sourceidentity.form"},
		"source long": {func(r *model.AssumeRole) { r.SourceIdentity = strings.Repeat("x", 65) }, "sourceIdentity",
			"role.sourceidentity.form"},
		"next": {func(r *model.AssumeRole) {
			r.Then = []model.AssumeRole{{ARN: r.ARN, SourceIdentity: r.SourceIdentity, Tags: []model.Tag{{Key: "Straße"}}}, {ARN: "#{Next}"}}
		}, "", ""},
		"next user": {func(r *model.AssumeRole) { r.Then = []model.AssumeRole{{ARN: r.ARN}, {ARN: "user"}} }, "then[1].arn", "role.arn.form"},
		"next nested": {func(r *model.AssumeRole) { r.Then = []model.AssumeRole{{ARN: r.ARN, Then: []model.AssumeRole{*r}}} },
			"then[0].then", "role.chain.nested"},
		"next tag": {func(r *model.AssumeRole) {
			r.Then = []model.AssumeRole{{ARN: r.ARN}, {ARN: r.ARN, Tags: []model.Tag{{Key: "cost centre"}}}}
		}, "then[1].tags", "role.tags.inherited"},
		"next source": {func(r *model.AssumeRole) {
			r.Then = []model.AssumeRole{{ARN: r.ARN}, {ARN: r.ARN, SourceIdentity: "you"}}
		},
			"then[1].sourceIdentity", "role.sourceidentity.changed"},
		"source variable": {func(r *model.AssumeRole) { r.SourceIdentity = "#{Me}" }, "", ""},
	} {
		r := good
		row.change(&r)
		got := r.Check()
		switch {
		case row.code == "" && len(got) == 0:
		case len(got) != 1 || got[0].Field != row.field || model.ErrorCode(got[0].Err) != row.code:
			t.Errorf("%s: %v, want %s of %s", name, got, row.code, row.field)
		}
	}
}

// TestAssumeRoleEqual would miss a field that Equal forgets: it changes each.
func TestAssumeRoleEqual(t *testing.T) {
	full := model.AssumeRole{ARN: "a", SessionName: "b", Duration: 1, ExternalID: "c", Policy: "d", PolicyARNs: []string{"e"},
		Tags: []model.Tag{{Key: "f"}}, SourceIdentity: "g",
		Then: []model.AssumeRole{{ARN: "h"}}}
	if !full.Equal(full) {
		t.Error("it differs from itself")
	}
	for i, change := range []func(*model.AssumeRole){
		func(r *model.AssumeRole) { r.ARN = "" }, func(r *model.AssumeRole) { r.SessionName = "" }, func(r *model.AssumeRole) { r.Duration = 0 },
		func(r *model.AssumeRole) { r.ExternalID = "" }, func(r *model.AssumeRole) { r.Policy = "" },
		func(r *model.AssumeRole) { r.PolicyARNs = []string{"x"} }, func(r *model.AssumeRole) { r.SourceIdentity = "" },
		func(r *model.AssumeRole) { r.Tags = []model.Tag{{Key: "f", Transitive: true}} },
		func(r *model.AssumeRole) { r.Then = []model.AssumeRole{{ARN: "h", Duration: 1}} },
	} {
		other := full
		if change(&other); other.Equal(full) {
			t.Errorf("change %d is not seen", i)
		}
	}
	if fields := 9; reflect.TypeFor[model.AssumeRole]().NumField() != fields {
		t.Errorf("AssumeRole has no longer %d fields: compare the new one in Equal, and change it here", fields)
	}
}

func TestChain(t *testing.T) {
	roles := []model.AssumeRole{{ARN: "a", Duration: 1}, {ARN: "b"}, {ARN: "c", SessionName: "last"}}
	chain := model.ChainOf(roles)
	if got := chain.Chain(); !reflect.DeepEqual(got, roles) {
		t.Errorf("the chain is %+v", got)
	}
	if got := chain.Acting(); got.ARN != "c" || got.SessionName != "last" {
		t.Errorf("it acts as %+v", got)
	}
	if got := (model.AssumeRole{ARN: "a"}).Acting(); got.ARN != "a" {
		t.Errorf("a single role acts as %+v", got)
	}
	if model.ChainOf(nil) != nil {
		t.Error("no roles are a role")
	}
}

func TestPartitionOfARN(t *testing.T) {
	for text, want := range map[string]string{
		"arn:aws:iam::123456789012:role/a": "aws", "arn:aws-us-gov:sts::123456789012:assumed-role/a/b": "aws-us-gov",
		"": "", "x": "", "arn": "", "arn:aws": "", "urn:aws:iam": "",
	} {
		if got := model.PartitionOfARN(text); got != want {
			t.Errorf("the partition of %q is %q, want %q", text, got, want)
		}
	}
}
