package runner

import (
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Delivery is how a script gets its keys.
type Delivery struct {
	Fresh bool           // from a server that renews them while it runs; false: they are in its environment
	Why   DeliveryReason // empty: the step has no AWS account, or who it is isn't known yet
}

// DeliveryReason is why a script gets its keys in the one way or the other.
type DeliveryReason string

// The reasons.
const (
	KeysNeverEnd  DeliveryReason = "never-end"   // there is nothing to renew
	ChosenAlways  DeliveryReason = "always"      // the step's option says so
	ChosenNever   DeliveryReason = "never"       // the step's option says so
	OfConsole     DeliveryReason = "console"     // a sign-in with the console gives keys for minutes only
	EndTooEarly   DeliveryReason = "too-early"   // they end before the step usually does
	LastLonger    DeliveryReason = "long-enough" // they end after the step usually does
	UnknownLength DeliveryReason = "unknown"     // the step has not run often enough to know how long it takes
)

// delivery returns how a script gets its keys. usual returns how long the step usually takes, 0 if nobody knows.
func delivery(o model.Options, s resolvedSession, usual func() time.Duration, now time.Time) Delivery {
	switch {
	case s.Identity.Account == model.NoAccount:
		return Delivery{}
	case s.Identity.Expires.IsZero():
		return Delivery{false, KeysNeverEnd}
	case o.FreshCredentials == model.FreshAlways:
		return Delivery{true, ChosenAlways}
	case o.FreshCredentials == model.FreshNever:
		return Delivery{false, ChosenNever}
	case s.Identity.Kind == model.KindConsole:
		return Delivery{true, OfConsole}
	}
	left := max(0, s.Identity.Expires.Sub(now)-freshWindow)
	switch takes := usual(); {
	case takes > left:
		return Delivery{true, EndTooEarly}
	case takes == 0:
		return Delivery{false, UnknownLength}
	}
	return Delivery{false, LastLonger}
}
