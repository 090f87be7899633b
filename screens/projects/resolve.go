package projects

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/accounts"
)

// hidden is shown instead of a sensitive value.
const hidden = "••••••••"

// scope resolves fields in one environment, as far as possible without a run.
type scope struct {
	runner.Known
	environment string
	earlier     bool   // there are earlier steps, which may set outputs
	self        string // key of the edited variable, whose name notes leave out
}

func newScope(variables, own []model.Variable, environment string) scope {
	return scope{Known: runner.NewKnown(variables, own, environment), environment: environment}
}

// note returns the note for the field of text: its resolved value or a problem. It is empty if text has no expression.
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
	if len(res.Unapplied) > 0 {
		return res.Unapplied[0].Error(), true
	}
	for _, u := range res.Absent {
		if u.Missing || s.earlier || u.MayBeOutput() {
			return s.undefined(u)
		}
	}
	if len(res.Malformed) > 0 {
		return res.Malformed[0].Error(), true
	}
	if len(res.Unparsed) > 0 {
		return lang.L("“{{.Text}}” is not an expression.", map[string]any{"Text": "#{" + res.Unparsed[0]}), true
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

// short cuts a text for a note: a value can have millions of characters.
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
	case u.OfRun:
		return lang.L("Known only when the step runs."), false
	case s.earlier || u.MayBeOutput():
		return lang.L("Known only when the step runs: an earlier step may set it."), false
	}
	note = s.unknown(u.Name)
	if u.In != "" && model.NameKey(u.In) != s.self {
		note += " " + lang.L("(in the value of “{{.Variable}}”)", map[string]any{"Variable": u.In})
	}
	return note, true
}

// unknown returns the note for an undefined name.
func (s scope) unknown(name string) string {
	if s.environment == "" {
		return lang.L("“{{.Name}}” is not defined.", map[string]any{"Name": name})
	}
	return lang.L("“{{.Name}}” is not defined in {{.Environment}}.", map[string]any{"Name": name, "Environment": s.environment})
}

// missing returns the note for a secret without a value on this computer, which is not an error: a run asks for it.
func missing(name string) string {
	return lang.L("This computer does not have the value of “{{.Variable}}”. A run asks for it.", map[string]any{"Variable": name})
}

// target is the account that an account field leads to in one environment.
type target struct {
	environment string
	account     model.Account
	aws         model.AWSAccount // of the account
	acts        model.AWSAccount // in which the step acts: a role may be in another one; zero if it is not known
	known       bool             // the account exists
	lost        bool             // there is none, whatever a run sets
	text        string           // the account and its AWS account, or the problem
	expect      string
}

// targetsOf returns the account of a step and the AWS account in which it acts, for each environment.
func targetsOf(p model.Project, s model.Step, l choices) []target {
	list := targets(p, s.Values, s.AWS.Account, l)
	for i := range list {
		list[i].acts = list[i].aws
		if s.AWS.AssumeRole != nil {
			list[i].acts = l.awsOfRole(newScope(p.Variables, s.Values, list[i].environment), s.AWS.AssumeRole.Acting().ARN)
		}
	}
	return list
}

// targets returns the account of an account variable, for each environment.
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
			t.text, t.lost = lang.L("no value"), !accountless(name)
		case v.Type != model.TypeAWSAccount:
			t.text, t.lost = lang.L("not an account variable"), true
		default:
			t.expect = v.Expect
			t.account, t.known = l.account(v.Value)
			if !t.known {
				t.text, t.lost = absentAccount(v.Value), !model.HasExpression(v.Value)
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

// absentAccount says that the account of a variable is not here.
func absentAccount(name string) string {
	if strings.TrimSpace(name) == "" {
		return lang.L("names no account")
	}
	return lang.L("{{.Account}}, which is not on this computer", map[string]any{"Account": name})
}

// accountless reports whether a step's field names no account by itself: it is empty, or says that the step has none.
func accountless(name string) bool {
	key := model.NameKey(name)
	return key == "" || key == model.NoAccount
}

// choices is what the fields offer, as last loaded.
type choices struct {
	accounts     []model.Account
	aws          []model.AWSAccount
	packages     []model.Package
	environments []model.Environment
}

// absentPackages counts the packages of a script that the library does not have. What an expression leads to is known only in a run.
func (l choices) absentPackages(s model.Script) int {
	names := []string{}
	if s.Source == model.SourcePackage {
		names = append(names, s.Package)
	}
	for _, p := range s.Packages {
		names = append(names, p.Package)
	}
	n := 0
	for _, name := range names {
		key := model.NameKey(name)
		if key == "" || model.HasExpression(name) {
			continue // an empty name is one of the step's own problems
		}
		if !slices.ContainsFunc(l.packages, func(p model.Package) bool { return model.NameKey(p.Name) == key }) {
			n++
		}
	}
	return n
}

func (l choices) account(name string) (model.Account, bool) {
	i := slices.IndexFunc(l.accounts, func(a model.Account) bool { return model.NameKey(a.Name) == model.NameKey(name) })
	if i < 0 {
		return model.Account{}, false
	}
	return l.accounts[i], true
}

// awsOfRole returns the AWS account of a role, or zero if its ARN is known only in a run.
func (l choices) awsOfRole(s scope, arn string) model.AWSAccount {
	res, err := s.Expand(arn)
	if err != nil {
		return model.AWSAccount{}
	}
	return l.awsAccount(model.AccountOfRole(res.Text))
}

// awsAccount returns the AWS account with an id, with its label and colour if known.
func (l choices) awsAccount(id string) model.AWSAccount {
	for _, a := range l.aws {
		if a.ID == id {
			return a
		}
	}
	return model.AWSAccount{ID: id}
}

// awsTitle returns the id and label of an AWS account.
func (l choices) awsTitle(id string) string {
	for _, a := range l.aws {
		if a.ID == id {
			return a.String()
		}
	}
	return id
}
