package accounts

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
)

// Title is how an account is called on a screen.
func Title(a model.Account) string {
	if a.Kind == model.KindInstanceRole {
		return model.InstanceRoleTitle
	}
	return a.Name
}

// KindTitle is how the documentation calls a kind of account.
func KindTitle(a model.Account) string {
	switch {
	case a.Kind == model.KindInstanceRole:
		return lang.L("Instance role")
	case a.InSandbox():
		return lang.L("Access key, SANDBOX")
	}
	return lang.L("Access key")
}

// Known is the AWS account that an account was last seen to lead to: its label and digits.
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

// Ago tells how long something is past, roughly, as a person would say it.
func Ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case t.IsZero():
		return lang.L("never")
	case d < time.Minute:
		return lang.L("just now")
	case d < time.Hour:
		return fmt.Sprintf(lang.L("%d min ago"), int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf(lang.L("%d h ago"), int(d.Hours()))
	case d < 60*24*time.Hour:
		return fmt.Sprintf(lang.L("%d days ago"), int(d.Hours()/24))
	}
	return t.Local().Format("2006-01-02")
}

// shortARN leaves out what stands in every ARN of an AWS account.
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

func roundTrip(d time.Duration) string { return d.Round(time.Millisecond).String() }
