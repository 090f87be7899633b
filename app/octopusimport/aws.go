package octopusimport

import (
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/model/octopusjson"
)

// aws fills in the account, the region and the role.
func (c *converter) aws(step *model.Step, item *Item, p octopusjson.Texts) {
	step.AWS.Region = p.Text("Octopus.Action.Aws.Region")
	instance := p.Text("Octopus.Action.AwsAccount.UseInstanceRole")
	switch variable := p.Text("Octopus.Action.AwsAccount.Variable"); {
	case strings.EqualFold(instance, "true"):
		step.AWS.Account = model.InstanceRole
		item.changed("", "Octopus takes the role of the instance that it runs on; here it is that of this computer, if it is an EC2 instance.")
	case model.HasExpression(instance):
		step.AWS.Account = ""
		item.missing("Choose an account in the step. Until then it can't be run.",
			"Whether it uses the instance's role is an expression, %s, which Stepdeck does not have.", shown(instance))
	default:
		step.AWS.Account = variable
		if variable == "" {
			item.missing("Choose an account in the step. Until then it can't be run.", "It names no account.")
		}
	}
	if step.AWS.Region == "" {
		item.missing("Enter a region in the step. Until then it can't be run.", "It names no region.")
	}
	c.role(step, item, p)
}

func (c *converter) role(step *model.Step, item *Item, p octopusjson.Texts) {
	switch assume := p.Text("Octopus.Action.Aws.AssumeRole"); {
	case model.HasExpression(assume):
		item.missing("Choose in the step whether it assumes a role.",
			"Whether it assumes a role is an expression, %s, which Stepdeck does not have.",
			shown(assume))
		return
	case !strings.EqualFold(assume, "true"):
		return
	}
	role := &model.AssumeRole{
		ARN:         p.Text("Octopus.Action.Aws.AssumedRoleArn"),
		SessionName: p.Text("Octopus.Action.Aws.AssumedRoleSession"),
		ExternalID:  p.Text("Octopus.Action.Aws.AssumeRoleExternalId"),
	}
	if role.ARN == "" {
		item.missing("Enter its ARN in the step. Until then it can't be run.", "It assumes a role, but names none.")
	}
	if duration := p.Text("Octopus.Action.Aws.AssumeRoleSessionDurationSeconds"); duration != "" {
		n, ok := whole(duration)
		role.Duration = n
		if !ok {
			item.missing("Enter it in the step.", "The duration of its session is %s, which is no number of seconds.", shown(duration))
		}
	}
	step.AWS.AssumeRole = role
}

// accountVariable makes a variable of the project for an account, unless it is there.
func (c *converter) accountVariable(name string) {
	if v, known := c.project.Declared(name); known && v.Type == model.TypeAWSAccount {
		return
	}
	c.nameless = true
	c.putVariable(model.Variable{Name: name, Type: model.TypeAWSAccount, Value: c.options.Account})
}

// accountValue makes a variable of the project for an account that a step's own value names.
func (c *converter) accountValue(item *Item, name, value string) {
	if linked := onlyName(value); model.HasExpression(value) && linked != "" {
		item.changed("", "It is the account of the variable %q.", linked)
		c.linked[model.NameKey(name)] = linked
		return
	}
	account := c.account(item, value, c.storedAccount(name, nil, nil))
	if !c.hasVariable(name) {
		c.putVariable(model.Variable{Name: name, Type: model.TypeAWSAccount, Value: account})
	}
}

// storedAccount returns the account that a variable, or a value of the first of the steps, has in the project that is stored under
// the project's name; empty if it has none.
func (c *converter) storedAccount(name string, environments, steps []string) string {
	list := c.stored.Variables
	if len(steps) > 0 {
		step, _ := c.stored.Step(steps[0])
		list, environments = step.Values, nil
	}
	key := model.Variable{Name: name, Scope: environments}.Key()
	for _, v := range list {
		if v.Key() == key && v.Type == model.TypeAWSAccount {
			return v.Value
		}
	}
	return ""
}

// account returns the account of this computer, or of the export, that takes the place of one of Octopus; empty if there is none.
// stored is the one that the project has for it already.
func (c *converter) account(item *Item, id, stored string) string {
	id = strings.TrimSpace(id)
	if id == "" {
		c.nameless = true
		return c.otherAccount(item, id)
	}
	known := Account{ID: id}
	for _, a := range c.export.Accounts {
		if string(a.ID) == id {
			known.Name = model.SafeLine(string(a.Name))
		}
	}
	known.Here = c.accountInstead(item, known, stored)
	if !slices.ContainsFunc(c.named, func(a Account) bool { return a.ID == id }) {
		c.named = append(c.named, known)
	}
	return known.Here
}

// accountInstead returns the account that is wished for, else that of the project, of the export, of this computer, or for all others.
func (c *converter) accountInstead(item *Item, known Account, stored string) string {
	for _, key := range []string{AccountKey(known.ID), AccountKey(known.Name)} {
		if wished := c.options.Instead[key]; wished != "" && key != "" {
			item.taken("account %q", wished)
			return wished
		}
	}
	if other := c.accountFound(known); other != "" && keptAccount(item, other, stored) != other {
		return stored
	}
	for _, a := range c.export.Accounts {
		if string(a.ID) == known.ID {
			if name := c.exported(a); name != "" {
				return name
			}
		}
	}
	for _, a := range c.options.Accounts {
		if slug(a.Name) == slugOfID(known.ID) {
			item.taken("account %q of this computer", a.Name)
			return a.Name
		}
	}
	return c.otherAccount(item, known.ID)
}

// keptAccount returns the account that the project has for a variable, and says so if that of the export is another. An expression is
// no choice of a person, so that of the export takes its place.
func keptAccount(item *Item, exported, stored string) string {
	if stored == "" || model.HasExpression(stored) || same(exported, stored) {
		return exported
	}
	item.changed("Choose the other one if you want that.", "It keeps the account %q of the project; in the export it is %s.",
		stored, shown(exported))
	return stored
}

// accountFound returns the name of the account of the export or of this computer, without making one.
func (c *converter) accountFound(known Account) string {
	for _, a := range c.export.Accounts {
		if string(a.ID) == known.ID && a.AccountType == typeKey {
			return c.fitName("account", string(a.Name), "AWS", never)
		}
	}
	for _, a := range c.options.Accounts {
		if slug(a.Name) == slugOfID(known.ID) {
			return a.Name
		}
	}
	return ""
}

// otherAccount returns the account for variables whose account is not known here.
func (c *converter) otherAccount(item *Item, id string) string {
	if c.options.Account != "" {
		item.taken("account %q", c.options.Account)
		return c.options.Account
	}
	what := "Its account is not in the export."
	if id != "" {
		what = "Its account, " + shown(id) + ", is not in the export."
	}
	item.missing("Choose an account of this computer for it. Until then steps that use it can't be run.", "%s", what)
	return ""
}

// exported makes an account of one in the export. Its secret key is asked for.
func (c *converter) exported(a octopusjson.Account) string {
	if a.AccountType != typeKey {
		return ""
	}
	name := c.fitName("account", string(a.Name), "AWS", never)
	for _, have := range c.accounts {
		if same(have.Name, name) {
			return have.Name
		}
	}
	for _, have := range c.options.Accounts {
		if same(have.Name, name) {
			c.report.item(KindAccount, name, "").taken("the account of this computer is used")
			return have.Name
		}
	}
	made := model.Account{
		Name: name, Kind: model.KindAccessKey, AccessKeyID: strings.TrimSpace(string(a.AccessKey)),
		Description: model.SafeLine(string(a.Description)), Region: strings.TrimSpace(string(a.Region)),
	}
	item := c.report.item(KindAccount, name, "")
	if problems := made.Check(); !onlyIncomplete(problems) {
		item.missing("Add the account here.", "It can't be taken over. %s", firstProblem(problems))
		return ""
	}
	item.missing("Enter its secret key in the account's form.", "Its secret key is not in the export.")
	c.accounts = append(c.accounts, document.Account{Account: made})
	return name
}

// slugOfID returns the account's name in an id, as Octopus writes it.
func slugOfID(id string) string {
	id = strings.TrimPrefix(strings.ToLower(id), "amazonwebservicesaccount-")
	return strings.TrimPrefix(id, "amazonwebservicesoidcaccount-")
}

var notInSlug = pattern(`[^a-z0-9]+`)

// slug returns a name as Octopus writes it in ids.
func slug(name string) string {
	return strings.Trim(notInSlug().ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// linkAccounts makes sure that the accounts that steps name are variables of the project.
func (c *converter) linkAccounts() {
	for i := range c.project.Steps {
		step := &c.project.Steps[i]
		name := onlyName(step.AWS.Account)
		if linked := c.linked[model.NameKey(name)]; linked != "" {
			name, step.AWS.Account = linked, linked
		}
		if name == "" || same(name, model.NoAccount) || same(name, model.InstanceRole) {
			continue
		}
		if _, known := c.project.Declared(name); known {
			continue
		}
		name = fitVariable(name)
		if name == "" {
			continue
		}
		c.accountVariable(name)
		if c.options.Account == "" {
			c.report.item(KindVariable, name, "").missing("Choose an account of this computer for it. Until then steps that use it can't be run.",
				"The step %q uses it, and the export does not have it.", step.Name)
		}
	}
}
