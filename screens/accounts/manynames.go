package accounts

import (
	"regexp"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
)

// candidate is an account that can be added along with others.
type candidate struct {
	account model.Account // its name is made by the pattern
	values  map[string]string
	from    string // what it is made from
	about   string
	err     error  // why it can't be used
	had     string // name of the account that is the same already
	ticked  bool
	key     string // of its name
	noName  bool   // its name is not one
	fault   string // why it can't be added under its name
}

// placeholder is a part of a pattern for names.
var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

// fillPattern returns the name that a pattern makes of values. parts are the places of the placeholders in it.
func fillPattern(pattern string, parts [][]int, values map[string]string) string {
	var name strings.Builder
	end := 0
	for _, at := range parts {
		name.WriteString(pattern[end:at[0]])
		name.WriteString(values[pattern[at[0]+1:at[1]-1]])
		end = at[1]
	}
	name.WriteString(pattern[end:])
	return strings.TrimSpace(name.String())
}

// checkPattern returns what is wrong with a pattern; known are the names of the placeholders that it may have.
func checkPattern(pattern string, known []string) error {
	list := "{" + strings.Join(known, "}, {") + "}"
	for _, p := range placeholder.FindAllString(pattern, -1) {
		if name := strings.Trim(p, "{}"); !strings.Contains(list, "{"+name+"}") || name == "" {
			return model.NewError("account.pattern.unknown", "%s stands for nothing here. Use %s.", p, list)
		}
	}
	if strings.TrimSpace(pattern) == "" {
		return model.NewError("account.pattern.empty", "No pattern for the names is given. Use %s.", list)
	}
	return nil
}

// nameAll names the candidates by a pattern, and marks those whose name is taken, used twice among the ticked ones, or no name at all.
func nameAll(list []*candidate, pattern string, taken map[string]bool) {
	uses, parts := map[string]int{}, placeholder.FindAllStringIndex(pattern, -1)
	for _, c := range list {
		if name := fillPattern(pattern, parts, c.values); name != c.account.Name || c.key == "" {
			c.account.Name, c.key, c.noName = name, model.NameKey(name), model.CheckName("account", name) != nil
		}
		if c.ticked {
			uses[c.key]++
		}
	}
	for _, c := range list {
		switch {
		case c.err != nil || c.had != "" && !c.ticked:
			c.fault = ""
		case taken[c.key]:
			c.fault = lang.L("name taken")
		case c.ticked && uses[c.key] > 1:
			c.fault = lang.L("same name twice")
		case c.noName:
			c.fault = lang.L("not a name")
		default:
			c.fault = ""
		}
	}
}

// takenNames returns the names that accounts have already.
func takenNames(accounts []model.Account) map[string]bool {
	taken := map[string]bool{}
	for _, a := range accounts {
		taken[model.NameKey(a.Name)] = true
	}
	return taken
}

// ofNames makes a candidate of each profile of which only the name is known yet.
func ofNames(names []string, accounts []model.Account) []*candidate {
	profiles := make([]model.Profile, len(names))
	for i, name := range names {
		profiles[i] = model.Profile{Name: name, About: lang.L("Reading…")}
	}
	return ofProfiles(profiles, accounts)
}

// ofProfiles makes a candidate of each profile.
func ofProfiles(profiles []model.Profile, accounts []model.Account) []*candidate {
	had := map[string]string{}
	for _, a := range accounts {
		if a.Kind == model.KindProfile {
			had[a.Profile] = a.Name
		}
	}
	list := make([]*candidate, 0, len(profiles))
	for _, p := range profiles {
		name := model.SafeLine(p.Name) // of a file from anybody; the account keeps the name by which the file has it
		c := &candidate{from: name, about: model.SafeLine(strings.Join(nonEmpty(p.About, p.Region), " · ")), err: p.Err}
		c.account = model.Account{Kind: model.KindProfile, Profile: p.Name}
		if model.CheckRegion(p.Region) == nil {
			c.account.Region = p.Region
		}
		c.values = map[string]string{"profile": name}
		c.had = had[p.Name]
		list = append(list, c)
	}
	return list
}

// ofRoles makes a candidate of each role of a portal.
func ofRoles(portal model.Account, roles []model.PortalRole, accounts []model.Account) []*candidate {
	had := map[[2]string]string{}
	for _, a := range accounts {
		if a.Kind == model.KindIdentityCenter && a.SignInKey() == portal.SignInKey() {
			had[[2]string{a.AWSID, a.RoleName}] = a.Name
		}
	}
	var list []*candidate
	for _, r := range roles {
		from := model.SafeLine(strings.Join(nonEmpty(r.Account, r.AWSID), " · "))
		c := &candidate{from: from, about: model.SafeLine(r.Role), had: had[[2]string{r.AWSID, r.Role}]}
		c.account = portal
		c.account.AWSID, c.account.RoleName = r.AWSID, r.Role
		c.values = map[string]string{"account": accountTitle(r), "id": r.AWSID, "role": model.SafeLine(r.Role)}
		list = append(list, c)
	}
	return list
}
