package awsenv_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
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
