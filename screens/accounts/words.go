package accounts

import (
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/plural"
)

// Title returns the name of an account on a screen.
func Title(a model.Account) string {
	if a.Kind == model.KindInstanceRole {
		return model.InstanceRoleTitle
	}
	return a.Name
}

// KindTitle returns the short name of an account's kind.
func KindTitle(a model.Account) string {
	switch {
	case a.InSandbox():
		return lang.L("Access key, SANDBOX")
	case a.Kind == model.KindInstanceRole:
		return lang.L("Instance role")
	case a.Kind == model.KindProfile:
		return lang.L("AWS profile")
	case a.Kind == model.KindIdentityCenter:
		return lang.L("IAM Identity Center")
	case a.Kind == model.KindConsole:
		return lang.L("AWS console")
	case a.Kind == model.KindProcess:
		return lang.L("Process")
	}
	return lang.L("Access key")
}

// KindLine returns the name of an account's kind, and what tells the account from others of its kind: the end of its key, its profile.
func KindLine(a model.Account) string {
	part := ""
	switch a.Kind {
	case model.KindAccessKey:
		part = model.KeyEnd(a.AccessKeyID)
	case model.KindProfile:
		part = model.SafeLine(a.Profile)
	case model.KindIdentityCenter:
		part = a.RoleName
	}
	return strings.TrimSpace(KindTitle(a) + " " + part)
}

// kindOption returns the documentation's name of a kind of account.
func kindOption(kind model.AccountKind) string {
	switch kind {
	case model.KindProfile:
		return lang.L("AWS profile")
	case model.KindIdentityCenter:
		return lang.L("Sign in: IAM Identity Center")
	case model.KindConsole:
		return lang.L("Sign in: AWS console")
	case model.KindProcess:
		return lang.L("From a process")
	}
	return lang.L("Amazon Web Services Account")
}

// Known returns the AWS account that an account led to when it was last verified, and the text for it: its id and label.
func Known(a model.Account, all []model.AWSAccount) (aws model.AWSAccount, text string) {
	if a.Verified.AWSID == "" {
		return model.AWSAccount{}, ""
	}
	aws = labelled(a.Verified.AWSID, all)
	return aws, aws.String()
}

// labelled returns the AWS account with that id, with its label and colour if it has any.
func labelled(id string, all []model.AWSAccount) model.AWSAccount {
	for _, known := range all {
		if known.ID == id {
			return known
		}
	}
	return model.AWSAccount{ID: id}
}

// Ago formats the time since t, rounded: "5 min ago".
func Ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return lang.L("never")
	case d < time.Minute:
		return lang.L("just now")
	case d < time.Hour:
		return lang.L("{{.N}} min ago", map[string]any{"N": int(d.Minutes())})
	case d < 48*time.Hour:
		return lang.L("{{.N}} h ago", map[string]any{"N": int(d.Hours())})
	case d < 60*24*time.Hour:
		return plural.N("{{.Count}} day ago", "{{.Count}} days ago", int(d.Hours()/24))
	}
	return t.Local().Format("2006-01-02")
}

// shortARN returns the resource of an ARN, such as user/ana.
func shortARN(arn string) string {
	colons := 0
	for i, r := range arn {
		if r == ':' {
			if colons++; colons == 5 {
				return arn[i+1:]
			}
		}
	}
	return arn
}
