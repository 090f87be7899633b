package identitycenter_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/identitycenter"
)

func TestPortalsOfEveryPartitionAreKnown(t *testing.T) {
	for host, want := range map[string]string{
		"ssoins-1.eu-west-1.portal.amazonaws.com":                     "eu-west-1",
		"ssoins-1.us-gov-west-1.portal.amazonaws.com":                 "us-gov-west-1",
		"ssoins-1.cn-north-1.portal.amazonaws.com.cn":                 "cn-north-1",
		"ssoins-1.eusc-de-east-1.portal.amazonaws.eu":                 "eusc-de-east-1",
		"SSOINS-1.Portal.us-west-2.APP.aws.":                          "us-west-2",
		"ssoins-1.portal.cn-northwest-1.app.amazonwebservices.com.cn": "cn-northwest-1",
		"ssoins-1.portal.eusc-de-east-1.api.amazonwebservices.eu":     "eusc-de-east-1",
		"d-1234567890.awsapps.com":                                    "",
		"start.us-gov-home.awsapps.com":                               "",
		"start.home.awsapps.cn":                                       "",
		"identitycenter.amazonaws.com":                                "",
		"identitycenter.amazonaws.com.cn":                             "",
		"identitycenter.amazonaws.eu":                                 "",
		"ssoins-1.other.us-west-2.app.aws":                            "",
		"ssoins-1.not_a_region.portal.amazonaws.com":                  "",
		"too.many.labels.eu-west-1.portal.amazonaws.com":              "",
		"portal.amazonaws.com":                                        "",
	} {
		if region, ours := identitycenter.HostRegion(host); region != want || !ours {
			t.Errorf("%s is in %q, %v; want %q", host, region, ours, want)
		}
	}
	for _, host := range []string{
		"", "amazonaws.com", "evil-awsapps.com", "awsapps.com.evil.example", "ssoins-1.eu-west-1.portal.amazonaws.com.evil.example",
		"x.identitycenter.amazonaws.com", "s3.amazonaws.com", "evilapp.aws", "login.company.example",
	} {
		if _, ours := identitycenter.HostRegion(host); ours {
			t.Errorf("%s is taken for a portal of AWS", host)
		}
	}
}

// company is a server at a company's address that leads on to a place.
func company(t *testing.T, location string, headAllowed bool) (client clientFunc, requests *[]string) {
	t.Helper()
	requests = new([]string)
	return func(r *http.Request) (*http.Response, error) {
		*requests = append(*requests, r.Method+" "+r.URL.String())
		w := httptest.NewRecorder()
		switch {
		case r.Method == http.MethodHead && !headAllowed:
			w.WriteHeader(http.StatusMethodNotAllowed)
		case location != "":
			http.Redirect(w, r, location, http.StatusFound)
		}
		answer := w.Result()
		answer.Request = r
		return answer, nil
	}, requests
}

func TestLocate(t *testing.T) {
	type site = identitycenter.Site
	const (
		ours  = "https://aws.company.example"
		there = "https://ssoins-1.portal.us-west-2.app.aws"
	)
	for name, row := range map[string]struct {
		startURL, region, location string
		want                       site
		code                       string
		asked                      int
	}{
		"AWS's, with a region": {start, region, "",
			site{start, region}, "", 0},
		"AWS's, without a region": {start, "", "",
			site{}, "signin.region.empty", 0},
		"AWS's, which names its region": {there, "", "",
			site{there, "us-west-2"}, "", 0},
		"AWS's, by its second region": {there, "us-east-1", "",
			site{there, "us-east-1"}, "", 0},
		"on this computer": {"http://127.0.0.1:1", region, "",
			site{"http://127.0.0.1:1", region}, "", 0},
		"not an address": {"company", "", "",
			site{}, "signin.starturl.form", 0},
		"not a region": {start, "Frankfurt", "",
			site{}, "region.form", 0},
		"a company's": {ours, "", there + "/",
			site{there, "us-west-2"}, "", 1},
		"a company's names the region": {ours, region, there + ":443/#/",
			site{there, "us-west-2"}, "", 1},
		"a company's without the region": {ours, "", start,
			site{}, "signin.region.empty", 1},
		"a company's with a region": {ours, region, start,
			site{start, region}, "", 1},
		"leads nowhere": {ours, "", "",
			site{}, "signin.starturl.company", 1},
		"leads elsewhere": {ours, "", "https://evil.example/awsapps.com",
			site{}, "signin.starturl.foreign", 1},
		"leads on within the company": {ours, "", "/sso",
			site{}, "signin.starturl.foreign", 1},
		"leads to plain http": {ours, "", "http://d-1234567890.awsapps.com/start",
			site{}, "signin.starturl.foreign", 1},
		"leads to another port": {ours, "", "https://d-1234567890.awsapps.com:8443/start",
			site{}, "signin.starturl.foreign", 1},
	} {
		for way, headAllowed := range map[string]bool{"HEAD": true, "GET": false} {
			t.Run(name+" by "+way, func(t *testing.T) {
				client, requests := company(t, row.location, headAllowed)
				got, err := identitycenter.Locate(t.Context(), client, row.startURL, row.region)
				if err == nil && got != row.want || model.ErrorCode(err) != row.code {
					t.Errorf("%v, %v", got, err)
				}
				want := row.asked
				if !headAllowed {
					want *= 2
				}
				if len(*requests) != want {
					t.Errorf("asked %q", *requests)
				}
			})
		}
	}
}

func TestACompanyThatIsSilentIsExplained(t *testing.T) {
	silent := clientFunc(func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded })
	if _, err := identitycenter.Locate(t.Context(), silent, "https://aws.company.example", ""); model.ErrorCode(err) != "aws.timeout" {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := identitycenter.Locate(ctx, silent, "https://aws.company.example", ""); model.ErrorCode(err) != "signin.cancelled" {
		t.Error(err)
	}
}

func FuzzHostRegion(f *testing.F) {
	for _, seed := range []string{"", ".", "ssoins-1.eu-west-1.portal.amazonaws.com", "a.portal.b.app.aws", "awsapps.com", "..awsapps.cn"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		region, ours := identitycenter.HostRegion(host)
		if region != "" && (!ours || model.CheckRegion(region) != nil) {
			t.Errorf("%q is in %q", host, region)
		}
	})
}
