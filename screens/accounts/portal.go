package accounts

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// portal is what a sign-in with IAM Identity Center leads to.
type portal struct {
	signIns SignIns
	changed func() // the list was read, or is no longer of use

	load  async.Task
	key   string // of the sign-in that the list is of; empty: none
	roles []model.PortalRole
	read  bool
	err   error

	items []control.Item // the AWS accounts of roles, each once
}

// follow reads the list of the portal of account a if a person is signed in to it, unless it is there already.
func (p *portal) follow(a model.Account, signedIn bool) {
	key := ""
	if signedIn && a.Kind == model.KindIdentityCenter {
		key = a.SignInKey()
	}
	if key != p.key {
		p.reload(a, key)
	}
}

func (p *portal) reload(a model.Account, key string) {
	p.load.Cancel()
	p.key, p.read, p.err = key, false, nil
	p.setRoles(nil)
	if key != "" {
		async.Load(&p.load, func(ctx context.Context) ([]model.PortalRole, error) { return p.signIns.PortalRoles(ctx, a) },
			func(list []model.PortalRole, err error) {
				p.read, p.err = err == nil, err
				p.setRoles(list)
				p.changed()
			})
	}
	p.changed()
}

// setRoles sets what the portal leads to, and lists its AWS accounts once: they are looked up with every key that is typed.
func (p *portal) setRoles(roles []model.PortalRole) {
	p.roles, p.items = roles, nil
	listed := map[string]bool{}
	for _, r := range roles {
		if !listed[r.AWSID] {
			p.items = append(p.items, control.Item{
				Value: r.AWSID, Title: accountTitle(r), Detail: strings.Join(nonEmpty(r.AWSID, model.SafeLine(r.Email)), " · "),
			})
		}
		listed[r.AWSID] = true
	}
}

// accountItems lists the AWS accounts.
func (p *portal) accountItems() []control.Item { return p.items }

func accountTitle(r model.PortalRole) string {
	if r.Account == "" {
		return r.AWSID
	}
	return model.SafeLine(r.Account)
}

// roleItems lists the roles in one AWS account.
func (p *portal) roleItems(awsID string) []control.Item {
	var items []control.Item
	for _, r := range p.roles {
		if r.AWSID == awsID {
			items = append(items, control.Item{Value: r.Role, Title: r.Role})
		}
	}
	return items
}

// accountNote says which AWS account has the id; bad if it is none of the portal's.
func (p *portal) accountNote(awsID string) (note string, bad bool) {
	switch {
	case p.load.Busy():
		return lang.L("Reading your AWS accounts…"), false
	case p.err != nil:
		return p.err.Error(), true
	case !p.read:
		return "", false
	case len(p.roles) == 0:
		return lang.L("You have no AWS account in this access portal. Ask its administrator for one."), true
	case awsID == "":
		return plural.N("{{.Count}} AWS account to choose from.", "{{.Count}} AWS accounts to choose from.", len(p.accountItems())), false
	}
	for _, r := range p.roles {
		if r.AWSID == awsID {
			return strings.Join(nonEmpty(r.Account, r.Email), " · "), false
		}
	}
	return lang.L("The access portal offers you no AWS account with this id."), true
}

// roleNote warns of a role that the portal does not offer in the AWS account.
func (p *portal) roleNote(awsID, role string) (note string, bad bool) {
	items := p.roleItems(awsID)
	has := slices.ContainsFunc(items, func(i control.Item) bool { return i.Value == role })
	if len(items) == 0 || role == "" || has {
		return "", false
	}
	return lang.L("You don't have this role in the AWS account."), true
}
