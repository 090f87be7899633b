// Package doctor checks what runs need: tools, the data folder, the vault, the network and the clock.
package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
)

// Finding is the result of one check.
type Finding struct {
	Check   string `json:"check"`
	OK      bool   `json:"ok"`
	Warning bool   `json:"warning,omitempty"` // a problem with something that not everyone needs
	About   string `json:"about"`
	Err     error  `json:"-"` // the problem; the user interface puts its sentence into About
}

// Deps is what is checked.
type Deps struct {
	Data    Data
	Secrets Secrets
	Tools   Tools
	Environ []string // of this process
}

// Data is the folder with the database.
type Data interface {
	Check(ctx context.Context) (damage string, err error)
	Path() string // of the database
	Dir() string
}

// Secrets are those in the vault.
type Secrets interface {
	// Check opens every secret.
	Check(ctx context.Context) (secrets.Status, error)
}

// Tools finds the programs that scripts need.
type Tools interface {
	Here(ctx context.Context) []settings.Program
	Forget(ctx context.Context) error
}

// Examine runs all checks. It asks AWS for the time, and takes up to ten seconds for that.
func Examine(ctx context.Context, d Deps) []Finding {
	list := []Finding{data(ctx, d.Data), vault(ctx, d.Secrets)}
	list = append(list, tools(ctx, d.Tools)...)
	return append(list, network(ctx, d.Environ)...)
}

func ok(check, about string) Finding { return Finding{Check: check, OK: true, About: about} }

func failed(check string, err error) Finding { return Finding{Check: check, Err: err} }

func data(ctx context.Context, d Data) Finding {
	damage, err := d.Check(ctx)
	switch {
	case err != nil:
		return failed("data", err)
	case damage != "":
		return Finding{Check: "data", About: "The database " + d.Path() + " is damaged: " + damage}
	}
	return ok("data", d.Dir())
}

// vault checks that every secret can be read.
func vault(ctx context.Context, s Secrets) Finding {
	status, err := s.Check(ctx)
	switch {
	case err != nil:
		return failed("vault", err)
	case !status.Exists:
		return ok("vault", "no secrets yet")
	}
	return ok("vault", model.Count(status.Secrets, "secret", "secrets")+", opened by the "+string(status.Wrapping))
}

func tools(ctx context.Context, t Tools) []Finding {
	var list []Finding
	// Versions are asked for again, because the programs may have changed.
	if err := t.Forget(ctx); err != nil {
		list = append(list, failed("tools", err))
	}
	for _, p := range t.Here(ctx) {
		if p.Err != nil {
			list = append(list, Finding{Check: string(p.Kind), Warning: true, Err: p.Err})
			continue
		}
		if notice := p.Notice(); notice != nil {
			list = append(list, Finding{Check: string(p.Kind), Warning: true, Err: notice})
			continue
		}
		list = append(list, ok(string(p.Kind), strings.TrimSpace(p.Path+"  "+p.Version)))
	}
	return list
}

// network checks how AWS is reached, and asks STS for the time: any answer shows that DNS, proxy and certificates work.
func network(ctx context.Context, environ []string) []Finding {
	n, err := awsenv.NewNetwork(environ)
	if err != nil {
		return []Finding{failed("network", err)}
	}
	defer n.Close()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	list := []Finding{ok("proxy", awsenv.Describe(environ))}
	skew, err := n.Reach(ctx, awsenv.DefaultRegion)
	if err != nil {
		return append(list, Finding{Check: "endpoint", Warning: true, Err: err})
	}
	list = append(list, ok("endpoint", "STS in "+awsenv.DefaultRegion+" answers"))
	if skew.Abs() > awsenv.MaxSkew {
		return append(list, Finding{Check: "clock", About: fmt.Sprintf(
			"The computer's clock differs from AWS's by %s. Set it: AWS rejects requests with a wrong time.", model.TimeWords(skew.Abs()))})
	}
	return append(list, ok("clock", fmt.Sprintf("within %s of AWS's", model.TimeWords(skew.Abs()))))
}
