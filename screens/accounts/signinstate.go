package accounts

import (
	"net/url"
	"strings"
	"time"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
)

// signInState is whether a person is signed in for an account.
type signInState int

const (
	signInMissing signInState = iota
	signInEnded
	signInValid
)

// signInOf returns the sign-in that serves account a, and its state at the time now.
func signInOf(a model.Account, list []model.SignIn, now time.Time) (model.SignIn, signInState) {
	for _, s := range list {
		switch {
		case s.Key != a.SignInKey():
		case s.Ended(now):
			return s, signInEnded
		default:
			return s, signInValid
		}
	}
	return model.SignIn{}, signInMissing
}

// signInText says what is known of a sign-in: who signed in, since when and until when.
func signInText(s model.SignIn, state signInState, now time.Time) string {
	values := map[string]any{"Who": shortARN(s.Who), "At": clock(s.At, now), "Ends": clock(s.Ends, now)}
	switch {
	case state == signInMissing:
		return lang.L("Not signed in")
	case state == signInEnded:
		return lang.L("The sign-in has ended ({{.Ends}})", values)
	case s.Who != "" && !s.Ends.IsZero():
		return lang.L("Signed in as {{.Who}} since {{.At}}, until {{.Ends}}", values)
	case s.Who != "":
		return lang.L("Signed in as {{.Who}} since {{.At}}", values)
	case !s.Ends.IsZero():
		return lang.L("Signed in since {{.At}}, until {{.Ends}}", values)
	}
	return lang.L("Signed in since {{.At}}", values)
}

// clock formats a time of today as 15:04, and any other with its date.
func clock(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return t.Format("15:04")
	}
	return t.Format("2006-01-02 15:04")
}

// portalHost returns the host of a start URL, by which people know their access portal.
func portalHost(start string) string {
	start = strings.TrimSpace(start)
	if u, err := url.Parse(start); err == nil && u.Host != "" {
		return u.Host
	}
	return start
}
