package awsenv_test

import (
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
)

// TestRegionalEndpoints checks with a proxy which STS endpoint is used, since AWS is not reachable here.
func TestRegionalEndpoints(t *testing.T) {
	for name, row := range map[string]struct {
		step, account, environ, want string
	}{
		"the step's":        {step: "eu-west-1", account: "eu-north-1", want: "sts.eu-west-1.amazonaws.com:443"},
		"the account's":     {account: "eu-north-1", want: "sts.eu-north-1.amazonaws.com:443"},
		"none":              {want: "sts.us-east-1.amazonaws.com:443"},
		"US East":           {step: "us-east-1", want: "sts.us-east-1.amazonaws.com:443"},
		"GovCloud":          {step: "us-gov-west-1", want: "sts.us-gov-west-1.amazonaws.com:443"},
		"China":             {step: "cn-north-1", want: "sts.cn-north-1.amazonaws.com.cn:443"},
		"sovereign":         {step: "eusc-de-east-1", want: "sts.eusc-de-east-1.amazonaws.eu:443"},
		"one still to come": {step: "eu-east-9", want: "sts.eu-east-9.amazonaws.com:443"},
		"FIPS":              {step: "us-east-2", environ: "AWS_USE_FIPS_ENDPOINT=true", want: "sts-fips.us-east-2.amazonaws.com:443"},
		"dual stack":        {step: "us-east-2", environ: "AWS_USE_DUALSTACK_ENDPOINT=TRUE", want: "sts.us-east-2.api.aws:443"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := make(chan string, 9)
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked <- r.Method + " " + r.Host
				w.WriteHeader(http.StatusBadGateway)
			}))
			defer proxy.Close()
			_, err := awsenv.Resolve(context.Background(), awsenv.Request{
				Account:   model.Account{Name: "Ours", Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000", Region: row.account},
				SecretKey: "secret/key", Region: row.step, Network: network(t, "HTTPS_PROXY="+proxy.URL, row.environ),
			})
			if model.ErrorCode(err) != "aws.proxy" {
				t.Fatal(err)
			}
			if got := <-asked; got != "CONNECT "+row.want {
				t.Errorf("asked was %s, want %s", got, row.want)
			}
		})
	}
}

// TestRegionWithoutOne checks where AWS is asked for an account that has no region: keys are unknown outside of their partition.
func TestRegionWithoutOne(t *testing.T) {
	const keys = "aws_access_key_id = AKIAEXAMPLE000000000\naws_secret_access_key = x\n"
	role := func(partition string) string {
		return "role_arn = arn:" + partition + ":iam::111111111111:role/x\nrole_session_name = me\n"
	}
	console := func(region string) model.Account { return model.Account{Kind: model.KindConsole, SignInRegion: region} }
	portal := func(region string) model.Account {
		return model.Account{Kind: model.KindIdentityCenter, SignInRegion: region, StartURL: "https://x"}
	}
	key := model.Account{Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000"}
	of := model.Account{Kind: model.KindProfile, Profile: "p"}
	for name, row := range map[string]struct {
		account model.Account
		profile string
		role    string
		want    string
	}{
		"console":            {account: console("eu-central-1"), want: "sts.eu-central-1.amazonaws.com"},
		"console, GovCloud":  {account: console(" US-Gov-West-1 "), want: "sts.us-gov-west-1.amazonaws.com"},
		"console, China":     {account: console("cn-northwest-1"), want: "sts.cn-northwest-1.amazonaws.com.cn"},
		"console, sovereign": {account: console("eusc-de-east-1"), want: "sts.eusc-de-east-1.amazonaws.eu"},
		"portal":             {account: portal("eu-west-1"), want: "sts.eu-west-1.amazonaws.com"},
		"portal, GovCloud":   {account: portal("us-gov-east-1"), want: "sts.us-gov-east-1.amazonaws.com"},
		"portal, opt-in":     {account: portal("eu-south-1"), want: "sts.us-east-1.amazonaws.com"},
		"key and its role":   {account: key, role: "arn:aws-cn:iam::111111111111:role/x", want: "sts.cn-north-1.amazonaws.com.cn"},
		"key":                {account: key, want: "sts.us-east-1.amazonaws.com"},
		"profile":            {account: of, profile: keys, want: "sts.us-east-1.amazonaws.com"},
		"profile's role": {account: of, profile: role("aws-us-gov") + "source_profile = p\n" + keys,
			want: "sts.us-gov-west-1.amazonaws.com"},
		"profile's source": {account: of, profile: role("aws") + "source_profile = q\n[profile q]\nregion = eu-west-3\n" + keys,
			want: "sts.eu-west-3.amazonaws.com"},
		"profile's portal": {account: of,
			profile: "sso_start_url = https://x\nsso_region = us-gov-west-1\nsso_account_id = 1\nsso_role_name = r\n",
			want:    "sts.us-gov-west-1.amazonaws.com"},
		"profile's sign-in": {account: of, profile: "login_session = arn:aws-cn:iam::111111111111:user/me\n",
			want: "sts.cn-north-1.amazonaws.com.cn"},
		"profile's own first": {account: of, profile: "region = eu-north-1\nlogin_session = arn:aws-cn:iam::111111111111:user/me\n",
			want: "sts.eu-north-1.amazonaws.com"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := make(chan string, 9)
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked <- r.Host
				w.WriteHeader(http.StatusBadGateway)
			}))
			defer proxy.Close()
			row.account.Name = "Ours"
			kept := awsenv.Kept{AccessKeyID: "ASIAEXAMPLE000000000", SecretKey: "x", SessionToken: "y", Expires: time.Now().Add(time.Hour)}
			_, err := awsenv.Resolve(context.Background(), awsenv.Request{
				Account: row.account, SecretKey: "secret/key", Network: network(t, "HTTPS_PROXY="+proxy.URL),
				Roles:    rolesOf(row.role),
				Profiles: profile.Files{Config: write(t, "[profile p]\n"+row.profile)},
				SignedIn: func(context.Context, model.Account) (awsenv.Kept, error) { return kept, nil },
				SignIn:   func(context.Context, profile.Source) (awsenv.Kept, error) { return kept, nil },
			})
			if model.ErrorCode(err) != "aws.proxy" {
				t.Fatal(err)
			}
			if got := <-asked; got != row.want+":443" {
				t.Errorf("asked was %s, want %s", got, row.want)
			}
		})
	}
}

func rolesOf(arn string) []awsenv.Role {
	if arn == "" {
		return nil
	}
	return awsenv.RolesOf(&model.AssumeRole{ARN: arn})
}

// TestRefusedSignatures checks that nobody is asked to enter a secret key that the account doesn't have.
func TestRefusedSignatures(t *testing.T) {
	temporary := awsenv.Kept{AccessKeyID: "ASIAEXAMPLE000000000", SecretKey: "x", SessionToken: "y", Expires: time.Now().Add(time.Hour)}
	prints := `printf '{"Version":1,"AccessKeyId":"AKIAEXAMPLE000000000","SecretAccessKey":"x"}'`
	for name, row := range map[string]struct {
		account model.Account
		profile string
		message string
		says    string
	}{
		"key": {account: model.Account{Kind: model.KindAccessKey, AccessKeyID: "AKIAEXAMPLE000000000"},
			says: "Enter the secret key again."},
		"console": {account: model.Account{Kind: model.KindConsole, SignInRegion: "eu-west-1"},
			says: "in region eu-west-1. Check the region"},
		"portal":  {account: model.Account{Kind: model.KindIdentityCenter, SignInRegion: "eu-west-1"}, says: "Check the region"},
		"process": {account: model.Account{Kind: model.KindProcess, Process: prints}, says: "Correct what its process prints."},
		"profile": {account: model.Account{Kind: model.KindProfile, Profile: "p"},
			profile: "aws_access_key_id = AKIAEXAMPLE000000000\naws_secret_access_key = x\n",
			says:    `Correct aws_secret_access_key of the profile "p".`},
		"profile's process": {account: model.Account{Kind: model.KindProfile, Profile: "p"}, profile: "credential_process = " + prints + "\n",
			says: "Correct what its process prints."},
		"region": {account: model.Account{Kind: model.KindConsole, SignInRegion: "eu-west-1"}, says: "is not in region eu-west-1",
			message: "Credential should be scoped to a valid region."},
	} {
		t.Run(name, func(t *testing.T) {
			endpoint, _ := answering(t, 403, "text/xml", xmlError("SignatureDoesNotMatch", cmp.Or(row.message, "does not match")))
			row.account.Name = "Ours"
			_, err := awsenv.Resolve(context.Background(), awsenv.Request{
				Account: row.account, SecretKey: "secret/key", Endpoint: endpoint, Environ: []string{"PATH=" + os.Getenv("PATH")},
				Profiles: profile.Files{Config: write(t, "[profile p]\n"+row.profile)},
				SignedIn: func(context.Context, model.Account) (awsenv.Kept, error) { return temporary, nil },
			})
			if model.ErrorCode(err) != "AWS-LOGIN-ERROR-0005" || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%v, want %s", err, row.says)
			}
		})
	}
}
