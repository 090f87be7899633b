package accounts

import (
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

// KindTitle returns the documentation's name of an account's kind.
func KindTitle(a model.Account) string {
	switch {
	case a.Kind == model.KindInstanceRole:
		return lang.L("Instance role")
	case a.InSandbox():
		return lang.L("Access key, SANDBOX")
	}
	return lang.L("Access key")
}

// Known returns the AWS account that an account led to when it was last verified, and the text for it: its id and label.
func Known(a model.Account, all []model.AWSAccount) (aws model.AWSAccount, text string) {
	if a.Verified.AWSID == "" {
		return model.AWSAccount{}, ""
	}
	aws = model.AWSAccount{ID: a.Verified.AWSID}
	for _, known := range all {
		if known.ID == a.Verified.AWSID {
			aws = known
		}
	}
	return aws, aws.String()
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
