package awsenv_test

import (
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// The alias is that of the AWS account after the last role, and none where the session may not read it.
func TestAccountAlias(t *testing.T) {
	const other = "arn:aws:iam::111111111111:role/deployer"
	key := sandbox.NewKey()
	s := startSandbox(t, sandbox.Options{
		Keys: []sandbox.Key{key}, Roles: append(sandbox.DefaultRoles(), sandbox.Role{ARN: other}),
		Aliases: map[string]string{sandbox.AccountID: "acme-test", "111111111111": "acme-prod"},
	})
	network, err := awsenv.NewNetwork(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer network.Close()
	limited := model.AssumeRole{ARN: other, PolicyARNs: []string{"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}}
	for name, tt := range map[string]struct {
		roles []awsenv.Role
		want  string
	}{
		"the key":           {nil, "acme-test"},
		"a role":            {[]awsenv.Role{{AssumeRole: model.AssumeRole{ARN: other}}}, "acme-prod"},
		"a role that can't": {[]awsenv.Role{{AssumeRole: limited}}, ""},
	} {
		r := request(s, key)
		r.Roles = tt.roles
		session, err := awsenv.Resolve(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if got := awsenv.AccountAlias(t.Context(), network, session); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
