package awsenv_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
)

func TestDescribe(t *testing.T) {
	for name, row := range map[string]struct {
		environ []string
		want    string
	}{
		"nothing":         {nil, "no proxy"},
		"proxy":           {[]string{"https_proxy=http://proxy:8080"}, "proxy http://proxy:8080"},
		"password":        {[]string{"HTTPS_PROXY=http://ann:pass@proxy:8080"}, "proxy http://ann:xxxxx@proxy:8080"},
		"without scheme":  {[]string{"HTTPS_PROXY=ann:pass@proxy:8080"}, "proxy http://ann:xxxxx@proxy:8080"},
		"can't be read":   {[]string{"HTTPS_PROXY=http://ann:pass@[::1"}, "a proxy whose address can't be read"},
		"and a root file": {[]string{"AWS_CA_BUNDLE=/roots.pem"}, "no proxy, certificates of /roots.pem"},
	} {
		if got := awsenv.Describe(row.environ); got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

func TestReachAsksRegionally(t *testing.T) {
	asked := make(chan string, 1)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Host
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer proxy.Close()
	for region, want := range map[string]string{"eu-west-1": "sts.eu-west-1.amazonaws.com:443",
		"cn-north-1": "sts.cn-north-1.amazonaws.com.cn:443", "eusc-de-east-1": "sts.eusc-de-east-1.amazonaws.eu:443"} {
		_, err := network(t, "HTTPS_PROXY="+proxy.URL).Reach(context.Background(), region)
		if got := <-asked; got != want || model.ErrorCode(err) != "aws.unreachable" || !strings.Contains(err.Error(), "proxy") {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
}
