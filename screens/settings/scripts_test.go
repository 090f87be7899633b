package settings

import "testing"

func TestTheSystemsCertificatesCanBeSwitchedOn(t *testing.T) {
	r := newRig(t, wide, "linux")
	for _, on := range []bool{true, false} {
		r.place.scripts.certificates.SetChecked(on)
		r.Until("the setting", func() bool { return r.all.Settings().Now().SystemCertificates() == on })
	}
}
