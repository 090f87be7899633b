package projects

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/accounts"
)

// hidden stands for a sensitive value.
const hidden = "••••••••"

// scope says what fields come to in one environment, as far as that is known without a run.
type scope struct {
	runner.Known
	environment string
	earlier     bool   // steps before may set outputs
	self        string // key of the variable that is looked at: that something stands in its value needs no saying
}

func newScope(variables, own []model.Variable, environment string) scope {
	return scope{Known: runner.NewKnown(variables, own, environment), environment: environment}
}

// note tells what text comes to, for the line below its field; empty where there is nothing to tell.
func (s scope) note(text string) (note string, bad bool) {
	if !strings.Contains(text, "#{") {
		return "", false
	}
	res, err := s.Expand(text)
	if err != nil {
		return err.Error(), true
	}
	if len(res.Undefined) > 0 {
		return s.undefined(res.Undefined[0])
	}
	if len(res.Unparsed) > 0 {
		return fmt.Sprintf(lang.L("%q is no expression."), "#{"+res.Unparsed[0]), true
	}
	value := short(res.Text)
	if res.Sensitive {
		value = hidden
	}
	if s.environment == "" {
		return "= " + value, false
	}
	return "= " + value + "   (" + s.environment + ")", false
}

// short is the beginning of a text, as much as stands below a field: a value can be millions of characters long.
func short(text string) string {
	const most = 500 // bytes
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

func (s scope) undefined(u runner.Reference) (note string, bad bool) {
	switch {
	case u.Missing:
		return missing(u.Name), false
	case s.earlier || u.MayBeOutput():
		return lang.L("Known at the step's turn: an earlier step may set it."), false
	}
	note = fmt.Sprintf(lang.L("Nothing has the name %q%s."), u.Name, s.in())
	if u.In != "" && model.NameKey(u.In) != s.self {
		note += " " + fmt.Sprintf(lang.L("(in the value of %q)"), u.In)
	}
	return note, true
}

// missing says that a secret is not here. It is no fault: a run asks for it.
func missing(name string) string {
	return quoted(lang.L("This computer does not have the value of %q. A run asks for it."), name)
}

func (s scope) in() string {
	if s.environment == "" {
		return ""
	}
	return " " + fmt.Sprintf(lang.L("in %s"), s.environment)
}

// target is the account that a step's field leads to in one environment.
type target struct {
	environment string
	account     model.Account
	aws         model.AWSAccount // the account's own
	acts        model.AWSAccount // where the step acts: a role may live in another one; empty when that is not known
	known       bool             // the account exists
	text        string           // what to say: the account and its AWS account, or what is missing
	expect      string
}

// targetsOf follows a step to the AWS accounts that it acts in, in each environment.
func targetsOf(p model.Project, s model.Step, l choices) []target {
	list := targets(p, s.Values, s.AWS.Account, l)
	for i := range list {
		list[i].acts = list[i].aws
		if s.AWS.AssumeRole != nil {
			list[i].acts = l.awsOfRole(newScope(p.Variables, s.Values, list[i].environment), s.AWS.AssumeRole.ARN)
		}
	}
	return list
}

// targets follows an account variable in each environment.
func targets(p model.Project, own []model.Variable, name string, l choices) []target {
	environments := p.Environments
	if len(environments) == 0 {
		environments = []string{""}
	}
	var list []target
	for _, e := range environments {
		s := newScope(p.Variables, own, e)
		t := target{environment: e}
		v, ok := s.Account(name)
		switch {
		case !ok && model.HasExpression(name):
			t.text, _ = s.note(name)
		case !ok:
			t.text = lang.L("no value")
		case v.Type != model.TypeAWSAccount:
			t.text = lang.L("not an account variable")
		default:
			t.expect = v.Expect
			t.account, t.known = l.account(v.Value)
			if !t.known {
				t.text = fmt.Sprintf(lang.L("%s, which is not on this computer"), v.Value)
				break
			}
			t.text = accounts.Title(t.account)
			if aws, title := accounts.Known(t.account, l.aws); title != "" {
				t.aws = aws
				t.text += " · " + title
			}
		}
		list = append(list, t)
	}
	return list
}

// choices is what there is to choose from, as it was last read.
type choices struct {
	accounts     []model.Account
	aws          []model.AWSAccount
	packages     []model.Package
	environments []model.Environment
}

func (l choices) account(name string) (model.Account, bool) {
	i := slices.IndexFunc(l.accounts, func(a model.Account) bool { return model.NameKey(a.Name) == model.NameKey(name) })
	if i < 0 {
		return model.Account{}, false
	}
	return l.accounts[i], true
}

// awsOfRole gives the AWS account that the role of an ARN lives in, as far as the ARN is known without a run.
func (l choices) awsOfRole(s scope, arn string) model.AWSAccount {
	res, err := s.Expand(arn)
	if err != nil {
		return model.AWSAccount{}
	}
	return l.awsAccount(model.AccountOfRole(res.Text))
}

// awsAccount gives an AWS account by its digits, with what is known of it.
func (l choices) awsAccount(id string) model.AWSAccount {
	for _, a := range l.aws {
		if a.ID == id {
			return a
		}
	}
	return model.AWSAccount{ID: id}
}

// awsTitle names an AWS account by its digits and label.
func (l choices) awsTitle(id string) string {
	for _, a := range l.aws {
		if a.ID == id {
			return a.String()
		}
	}
	return id
}
