package settings

import "testing"

func TestTheSystemsCertificatesCanBeSwitchedOn(t *testing.T) {
	r := newRig(t, wide, "linux")
	for _, on := range []bool{true, false} {
		r.place.scripts.certificates.SetChecked(on)
		r.Until("the setting", func() bool { return r.all.Settings().Now().SystemCertificates() == on })
	}
}

func TestTheSystemMaySleepIfThePersonWantsIt(t *testing.T) {
	r := newRig(t, wide, "linux")
	for _, on := range []bool{false, true} {
		r.place.scripts.awake.SetChecked(on)
		r.Until("the setting", func() bool { return r.all.Settings().Now().StayAwake() == on })
	}
}
