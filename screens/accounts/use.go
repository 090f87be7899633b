package accounts

import (
	"cmp"
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/screens/region"
	"github.com/stepdeck/stepdeck/screens/waits"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/dialog"
	"github.com/stepdeck/stepdeck/screens/widgets/display"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
	"github.com/stepdeck/stepdeck/screens/widgets/timewords"
)

// Elsewhere uses an account outside of Stepdeck. Every call may take long, or ask for the vault's passphrase.
type Elsewhere interface {
	// OpenTerminal opens a terminal window, which asks itself for what is needed.
	OpenTerminal(ctx context.Context, u runner.Use) error
	// OpenConsole opens the AWS console in the browser, and returns as whom. opening is called, on any goroutine, once AWS has said
	// that: then it waits for the browser to load the page, for limit at most.
	OpenConsole(ctx context.Context, u runner.Use, service string,
		opening func(as model.Identity, limit time.Duration)) (model.Identity, error)
}

// useSheet is the dialog that opens a terminal or the AWS console as an account.
type useSheet struct {
	deps     Deps
	account  model.Account
	known    []model.AWSAccount
	asked    model.AWSAccount // protected, as the last attempt found
	askedFor string           // with these roles

	needsCode bool // of an MFA device, as the last attempt found
	work      async.Task

	form                 *form.Form
	roles, code, confirm *control.Entry
	region, service      *control.Combo
	who                  *widget.Label
	bar                  *display.Bar
	result               *feedback.Banner
	openTerminal, stop   *control.Button
	dialog               *dialog.Dialog
}

// use shows the dialog for an account.
func (p *Place) use(a model.Account) { p.using = showUse(p.deps, a, p.known) }

func showUse(deps Deps, a model.Account, known []model.AWSAccount) *useSheet {
	s := &useSheet{deps: deps, account: a, known: known, form: form.New(), result: feedback.NewBanner(), bar: display.NewBar()}
	s.who = widget.NewLabel("")
	s.who.Wrapping = fyne.TextWrapWord
	rows := form.Rows(s.fields()...)
	s.form.Check, s.form.OnChanged = s.check, s.changed
	s.openTerminal = control.NewButton(s.form.Keys, lang.L("Open terminal"), s.terminal)
	s.stop = control.NewButton(s.form.Keys, lang.L("Stop"), s.cancel)
	s.dialog = &dialog.Dialog{
		Title: lang.L("Use “{{.Account}}” elsewhere", map[string]any{"Account": Title(a)}), Keys: s.form.Keys,
		Confirm: lang.L("Open AWS console"), Cancel: lang.L("Close"), Size: fyne.NewSize(640, 460), First: s.openTerminal,
		Buttons: []fyne.CanvasObject{s.openTerminal}, OnConfirm: s.console, OnClosed: s.work.Cancel,
		Content: container.NewBorder(container.NewBorder(nil, nil, s.bar, nil, s.who), s.result.Content(), nil, nil, form.Scroll(rows)),
	}
	s.dialog.Show(deps.Window)
	s.form.Fill(func() { s.region.SetText(a.Region) })
	s.changed()
	return s
}

func (s *useSheet) fields() []*form.Field {
	k := s.form.Keys
	s.roles, s.code, s.confirm = control.NewEntry(k), control.NewEntry(k), control.NewEntry(k)
	s.region, s.service = region.NewPicker(k), control.NewCombo(k, services)
	s.roles.SetPlaceHolder("arn:aws:iam::123456789012:role/deployer")
	s.service.SetPlaceHolder(lang.L("home"))
	return []*form.Field{
		s.form.Add("roles", lang.L("Role"), lang.L("To assume, by its ARN. Several are assumed one after the other."), s.roles),
		s.form.Add("region", lang.L("Region"), "", s.region),
		s.form.Add("service", lang.L("Service"), lang.L("Whose page of the AWS console opens, as in the console's addresses."), s.service),
		s.form.Add("code", lang.L("Code"), lang.L("That the MFA device of the account shows now."), s.code),
		s.form.Add("confirm", lang.L("Confirm"), " ", s.confirm),
	}
}

// services are those whose pages are opened most.
func services() []control.Item {
	var items []control.Item
	for _, s := range [][2]string{
		{"cloudformation", "CloudFormation"}, {"cloudwatch", "CloudWatch"}, {"dynamodbv2", "DynamoDB"}, {"ec2", "EC2"}, {"ecs", "ECS"},
		{"iam", "IAM"}, {"lambda", "Lambda"}, {"rds", "RDS"}, {"route53", "Route 53"}, {"s3", "S3"}, {"secretsmanager", "Secrets Manager"},
		{"systems-manager", "Systems Manager"},
	} {
		items = append(items, control.Item{Value: s[0], Title: s[0], Detail: s[1]})
	}
	return items
}

// arns returns the roles to assume, in order.
func (s *useSheet) arns() []string {
	return strings.FieldsFunc(s.roles.Text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' || r == '\t' })
}

// actsIn returns the AWS account that the account leads to, as far as that is known: the last role decides.
func (s *useSheet) actsIn() model.AWSAccount {
	if arns := s.arns(); len(arns) > 0 {
		if id := model.AccountOfRole(arns[len(arns)-1]); id != "" {
			return labelled(id, s.known)
		}
		return model.AWSAccount{}
	}
	aws, _ := leadsTo(s.account, s.known)
	return aws
}

// protected returns the AWS account that has to be confirmed; ok is false if none has, as far as that is known.
func (s *useSheet) protected() (a model.AWSAccount, ok bool) {
	if s.asked.Protected && s.askedFor == s.roles.Text {
		return s.asked, true
	}
	a = s.actsIn()
	return a, a.Protected
}

func (s *useSheet) check() []form.Problem {
	var list []form.Problem
	for _, arn := range s.arns() {
		if err := model.CheckRoleARN(arn); err != nil {
			list = append(list, form.Problem{Field: "roles", Err: err})
			break
		}
	}
	if err := model.CheckRegion(strings.TrimSpace(s.region.Text)); err != nil {
		list = append(list, form.Problem{Field: "region", Err: err})
	}
	return list
}

// changed follows a change of the fields.
func (s *useSheet) changed() {
	aws := s.actsIn()
	text := lang.L("Acts in the AWS account that AWS names: it is not known yet.")
	if aws.ID != "" {
		text = lang.L("Acts in {{.Account}}", map[string]any{"Account": aws.String()})
	}
	s.who.SetText(text)
	s.bar.SetColour(string(aws.Colour), aws.ID != "")
	a, protected := s.protected()
	s.form.Field("confirm").SetVisible(protected)
	names := strings.Join(nonEmpty(a.ID, cmp.Or(a.Label, a.Alias)), " "+lang.L("or")+" ")
	s.form.Field("confirm").SetHelp(lang.L("PROTECTED: type {{.Names}}.", map[string]any{"Names": names}))
	s.form.Field("region").SetNote(model.RegionPlace(s.region.Text), false)
	s.form.Field("code").SetVisible(s.needsCode)
	s.buttons()
}

// ready reports whether something can be opened.
func (s *useSheet) ready() bool {
	a, protected := s.protected()
	return len(s.check()) == 0 && (!protected || a.Matches(s.confirm.Text)) && !s.work.Busy()
}

func (s *useSheet) buttons() {
	s.dialog.SetBusy(!s.ready())
	if s.ready() {
		s.openTerminal.Enable()
	} else {
		s.openTerminal.Disable()
	}
}

// wanted returns what the fields say.
func (s *useSheet) wanted() runner.Use {
	u := runner.Use{Account: s.account, Roles: s.arns(), Region: strings.ToLower(strings.TrimSpace(s.region.Text))}
	if typed := strings.TrimSpace(s.confirm.Text); typed != "" {
		u.Confirm = []string{typed}
	}
	if code := strings.TrimSpace(s.code.Text); code != "" {
		u.Ask = func(_ context.Context, _ string, because error) (string, error) { return code, because }
	}
	return u
}

// terminal opens a terminal.
func (s *useSheet) terminal() {
	u := s.wanted()
	s.do(lang.L("Opening a terminal…"), func(ctx context.Context) (string, error) {
		return lang.L("A terminal opens. It asks there for what is needed."), s.deps.Elsewhere.OpenTerminal(ctx, u)
	})
}

// console opens the AWS console.
func (s *useSheet) console() {
	u, service := s.wanted(), strings.TrimSpace(s.service.Text)
	s.do(lang.L("Asking AWS who this is…"), func(ctx context.Context) (string, error) {
		opening := func(as model.Identity, limit time.Duration) { fyne.Do(func() { s.opening(ctx, as, limit) }) }
		as, err := s.deps.Elsewhere.OpenConsole(waits.Told(ctx, s.wait), u, service, opening)
		return lang.L("The AWS console opens as {{.ARN}}.", map[string]any{"ARN": as.ARN}), err
	})
}

// opening says that the browser was started, unless ctx has ended.
func (s *useSheet) opening(ctx context.Context, as model.Identity, limit time.Duration) {
	if ctx.Err() == nil {
		s.wait(lang.L("AWS answered: {{.ARN}}. Waiting up to {{.Time}} for the browser to open the AWS console…",
			map[string]any{"ARN": as.ARN, "Time": timewords.Of(limit)}))
	}
}

// wait shows what is waited for, which the person can stop.
func (s *useSheet) wait(text string) { s.result.Show(text, display.Neutral, s.stop) }

// cancel stops what is waited for.
func (s *useSheet) cancel() {
	if !s.work.Busy() {
		return
	}
	s.work.Cancel()
	s.result.Show(lang.L("Stopped. You can try again."), display.Neutral)
	s.buttons()
}

// do does work and shows what it says, or asks for what is missing. Meanwhile it says what it waits for.
func (s *useSheet) do(waitsFor string, work func(context.Context) (string, error)) {
	if s.form.Settle(); !s.ready() {
		return
	}
	s.wait(waitsFor)
	async.Load(&s.work, work, func(text string, err error) {
		if err != nil {
			s.ask(err)
		} else {
			s.result.Show(text, display.Good)
		}
		s.buttons()
	})
	s.buttons()
}

// ask shows why something can't be opened, with what would help.
func (s *useSheet) ask(err error) {
	s.result.Show(err.Error(), display.Bad)
	if q, ok := runner.QuestionOf(err).(runner.Confirmation); ok {
		s.asked, s.askedFor = q.Account, s.roles.Text
		s.changed()
		s.form.Field("confirm").Focus(s.deps.Window.Canvas())
		return
	}
	switch code := model.ErrorCode(err); {
	case code == model.CodeMFANeeded:
		s.needsCode = true
		s.changed()
		s.form.Field("code").Focus(s.deps.Window.Canvas())
	case s.account.SignsIn() && (code == model.CodeSignInNeeded || code == model.CodeSignInEnded):
		s.signIn()
	}
}

// signIn lets a person sign in. Then everything is ready to be opened.
func (s *useSheet) signIn() {
	ShowSignIn(s.deps, s.account, model.SignInHere, func(_ model.SignIn, ok bool) {
		if ok {
			s.result.Show(lang.L("Signed in."), display.Good)
			s.deps.changed()
		}
	})
}
