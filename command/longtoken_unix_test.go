//go:build unix

package command_test

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/app/sandbox"
)

// longest is how many bytes a session token of AWS may have. Source: STS API reference, AssumeRole.
const longest = 4096

// A token of the greatest length comes from AWS, out of the vault and into a script unharmed, and is shown by no log.
func TestLongTokens(t *testing.T) {
	d, c := newDesk(t), newCloudWith(t, sandbox.Options{TokenSize: longest})
	d.addKey(c, "Mine") // with an MFA device: the session that is got with its code is kept in the vault
	d.environ = append(d.environ, "CODE="+c.MFA.Code(time.Now()))
	d.ok("account", "login", "Mine", "--mfa-code-env", "CODE")
	d.addPortal(c, "Team", "ReadOnlyAccess")
	d.inBrowser(c, nil, "account", "login", "Team").wants(0)
	var kept struct{ AccessKeyID, SecretAccessKey, SessionToken string }
	must(t, json.Unmarshal([]byte(d.ok("credentials", "Mine").out), &kept))
	if len(kept.SessionToken) != longest {
		t.Fatalf("the kept token has %d bytes", len(kept.SessionToken))
	}
	// As people paste temporary keys.
	d.environ = append(d.environ, "PASTED="+kept.SecretAccessKey, "TOKEN="+kept.SessionToken)
	d.ok("account", "add", "Pasted", "--access-key", kept.AccessKeyID, "--secret-key-env", "PASTED", "--session-token-env",
		"TOKEN", "--endpoint", c.Endpoint())
	d.ok("account", "test", "Pasted")
	for _, account := range []string{"Mine", "Team", "Pasted"} {
		d.ok("import", "--yes", d.file("p.stepdeck", strings.Replace(longTokens, "ACCOUNT", account, 1)))
		r := d.ok("run", "P")
		for _, want := range []string{"bash " + strconv.Itoa(longest), "pwsh " + strconv.Itoa(longest), "assumed-role/deployer"} {
			if !strings.Contains(r.out, want) {
				t.Errorf("%s: there is no %q:\n%s", account, want, r.out)
			}
		}
		if shown := pieceOfToken.FindString(r.out + r.err); shown != "" {
			t.Errorf("%s: the run shows %.70s", account, shown)
		}
	}
}

// pieceOfToken is more than any other word of these runs: the folded lines of a token have 76 characters.
var pieceOfToken = regexp.MustCompile(`[A-Za-z0-9+/=]{70,}`)

// longTokens prints the token in several ways, and how long it is.
const longTokens = `stepdeck: 1
project: P
variables: [{name: a, type: aws-account, value: ACCOUNT}]
steps:
  - name: Bash
    aws: {account: a, region: eu-west-1, assumeRole: {arn: "arn:aws:iam::000000000000:role/deployer"}}
    script:
      language: bash
      body: |
        echo "bash ${#AWS_SESSION_TOKEN}"
        echo "token: $AWS_SESSION_TOKEN"
        printf '%s' "$AWS_SESSION_TOKEN" | fold -w 76
        aws sts get-caller-identity --query Arn --output text
  - name: PowerShell
    aws: {account: a, region: eu-west-1}
    script:
      language: powershell
      body: |
        "pwsh $($env:AWS_SESSION_TOKEN.Length)"
        $env:AWS_SESSION_TOKEN
        aws sts get-caller-identity --query Arn --output text
`
