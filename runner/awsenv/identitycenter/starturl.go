package identitycenter

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// portals are the hosts of AWS access portals: those below suffix, or suffix itself. Where a host names the region, it is
// the label at that place, counted from suffix. Sources: CHANGELOG of the aws command, 2.35.13 to 2.36.4; AWS SDK docs.
func portals() []portal {
	return []portal{
		{suffix: "portal.amazonaws.com", region: 1},    // ID.REGION.portal.amazonaws.com
		{suffix: "portal.amazonaws.com.cn", region: 1}, // China
		{suffix: "portal.amazonaws.eu", region: 1},     // European Sovereign Cloud
		{suffix: "app.aws", region: 1, word: "portal"}, // ID.portal.REGION.app.aws
		{suffix: "app.amazonwebservices.com.cn", region: 1, word: "portal"},
		{suffix: "api.amazonwebservices.eu", region: 1, word: "portal"},
		{suffix: "awsapps.com"}, // NAME.awsapps.com, GovCloud too
		{suffix: "awsapps.cn"},
		{suffix: "identitycenter.amazonaws.com", only: true},
		{suffix: "identitycenter.amazonaws.com.cn", only: true},
		{suffix: "identitycenter.amazonaws.eu", only: true},
	}
}

type portal struct {
	suffix string
	region int    // how many labels before the suffix the region stands; 0 if it doesn't
	word   string // the label before the region; empty for any
	only   bool   // the suffix itself is the host
}

// hostRegion returns the region that a portal's host names, or "", and whether it is a host of AWS at all.
func hostRegion(host string) (region string, ours bool) {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	for _, p := range portals() {
		if host == p.suffix {
			return "", true
		}
		if before, below := strings.CutSuffix(host, "."+p.suffix); below && !p.only {
			return p.regionOf(strings.Split(before, ".")), true
		}
	}
	return "", false
}

// regionOf returns the region among the labels before the suffix.
func (p portal) regionOf(labels []string) string {
	want := 2 // the portal's id and the region
	if p.word != "" {
		want = 3
	}
	if p.region == 0 || len(labels) != want || p.word != "" && labels[1] != p.word {
		return ""
	}
	if region := labels[len(labels)-p.region]; model.CheckRegion(region) == nil {
		return region
	}
	return ""
}

// Site is where a person signs in.
type Site struct{ StartURL, Region string }

// Locate returns the start URL and region to sign in with. A start URL of AWS is taken as it is; one at an address of a
// company is asked, once, where it leads. region is what the person entered; it may be empty if a host names it.
func Locate(ctx context.Context, client transport.Client, startURL, region string) (Site, error) {
	start, err := model.CleanStartURL(startURL)
	if err != nil {
		return Site{}, err
	}
	region = strings.ToLower(strings.TrimSpace(region))
	u, err := url.Parse(start)
	if err != nil {
		return Site{}, err
	}
	named, ours := hostRegion(u.Hostname())
	if ours || model.IsLoopback(u.Hostname()) {
		if region == "" { // entered, it can be one that Identity Center is replicated to
			region = named
		}
		return site(start, region)
	}
	return follow(ctx, client, start, region)
}

func site(start, region string) (Site, error) {
	if region == "" {
		return Site{}, model.NewError("signin.region.empty", "The region of the Identity Center of %s can't be told from its address. Enter it.",
			start)
	}
	return Site{start, region}, model.CheckRegion(region)
}

// How long a company's address may take.
const companyPatience = 10 * time.Second

// follow finds out where a company's address leads. It goes one step: whoever holds the address must not lead on.
func follow(ctx context.Context, client transport.Client, start, region string) (Site, error) {
	limited, cancel := context.WithTimeout(ctx, companyPatience)
	defer cancel()
	answer, err := look(limited, client, start)
	if err != nil {
		if ctx.Err() != nil && !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
			return Site{}, cancelled(ctx)
		}
		return Site{}, transport.NewConnection(client, time.Now).Explain(err, start, nil)
	}
	target := answer.target
	if target == nil {
		return Site{}, model.NewError("signin.starturl.company",
			"%s doesn't lead to an AWS access portal (HTTP %d). Enter the portal's own address, such as https://d-1234567890.awsapps.com/start.",
			start, answer.status)
	}
	named, ours := hostRegion(target.Hostname())
	if !ours || target.Scheme != "https" || target.User != nil || target.Port() != "" && target.Port() != "443" {
		return Site{}, model.NewError("signin.starturl.foreign",
			"%s leads to %s, which is no AWS access portal. Ask an administrator for the portal's own address.", start,
			transport.Printable(target.Host))
	}
	target.Host = target.Hostname()
	found, err := model.CleanStartURL(target.String())
	if err != nil {
		return Site{}, err
	}
	if named != "" {
		region = named
	}
	return site(found, region)
}

func isRedirect(status int) bool {
	return slices.Contains([]int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect,
		http.StatusPermanentRedirect}, status)
}

// lead is what a company's address answers.
type lead struct {
	status int
	target *url.URL // where it leads; nil for nowhere
}

// look asks by HEAD, and by GET where that is refused.
func look(ctx context.Context, client transport.Client, address string) (lead, error) {
	found, err := send(ctx, client, http.MethodHead, address)
	if err == nil && (found.status == http.StatusMethodNotAllowed || found.status == http.StatusNotImplemented) {
		return send(ctx, client, http.MethodGet, address)
	}
	return found, err
}

func send(ctx context.Context, client transport.Client, method, address string) (lead, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
	if err != nil {
		return lead{}, err
	}
	answer, err := client.Do(r)
	if err != nil {
		return lead{}, err
	}
	found := lead{status: answer.StatusCode}
	if target, err := answer.Location(); err == nil && isRedirect(answer.StatusCode) {
		found.target = target
	}
	return found, answer.Body.Close()
}
