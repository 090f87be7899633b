package sandbox

import (
	"crypto/rand"
	"encoding/base32"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/sandbox/totp"
)

// MFADevice is a virtual MFA device of a user.
type MFADevice struct {
	Serial string // its ARN, such as arn:aws:iam::000000000000:mfa/sandbox
	Seed   string // base32, as an authenticator app takes it
	User   string // its IAM user, in the AWS account of the ARN; empty for DefaultUser
}

// NewMFADevice returns a device of the default user with a random seed.
func NewMFADevice() MFADevice {
	seed := make([]byte, totp.SeedSize)
	_, _ = rand.Read(seed) // never fails
	return MFADevice{
		Serial: "arn:aws:iam::" + AccountID + ":mfa/" + DefaultUser, Seed: base32.StdEncoding.EncodeToString(seed), User: DefaultUser,
	}
}

// Code returns the code that the device shows at a time.
func (d MFADevice) Code(at time.Time) string {
	seed, _ := d.seed() // checked when the sandbox starts
	return totp.Code(seed, totp.Step(at))
}

func (d MFADevice) seed() ([]byte, error) {
	return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(strings.TrimRight(d.Seed, "=")))
}

func (d MFADevice) check() error {
	seed, err := d.seed()
	if err != nil || len(seed) == 0 || !serialForm().MatchString(d.Serial) || strings.Count(d.Serial, ":") != 5 {
		return model.NewError("sandbox.mfa",
			"The sandbox can't have the MFA device %q. A device needs an ARN such as arn:aws:iam::%s:mfa/name, and a seed in base32.",
			d.Serial, AccountID)
	}
	return nil
}

// owner returns the ARN of the device's user.
func (d MFADevice) owner() string {
	user := d.User
	if user == "" {
		user = DefaultUser
	}
	parts := strings.SplitN(d.Serial, ":", 6)
	return "arn:" + parts[1] + ":iam::" + parts[4] + ":user/" + user
}

// mfaDevices checks codes. Each code is good once.
type mfaDevices struct {
	bySerial map[string]MFADevice

	mu   sync.Mutex
	used map[string]int64 // the time step of the last accepted code
}

func newMFADevices(o Options) *mfaDevices {
	m := &mfaDevices{bySerial: map[string]MFADevice{}, used: map[string]int64{}}
	for _, d := range o.MFADevices {
		m.bySerial[d.Serial] = d
	}
	return m
}

// present returns whether a request proves that who has an MFA device; a wrong proof is a fault.
func (m *mfaDevices) present(form url.Values, who identity, now time.Time) (bool, *fault) {
	serial, code := form.Get("SerialNumber"), form.Get("TokenCode")
	switch {
	case serial == "" && code == "":
		return false, nil
	case serial == "" || code == "":
		return false, mfaFault("must provide both MFA serial number and one time pass code.")
	case !serialForm().MatchString(serial):
		return false, constraint("serialNumber", serial,
			`Member must have 9 to 256 characters and satisfy regular expression pattern: [\w+=/:,.@-]*`)
	case !tokenCodeForm().MatchString(code):
		return false, constraint("tokenCode", code, `Member must have 6 characters and satisfy regular expression pattern: [\d]*`)
	}
	device, exists := m.bySerial[serial]
	if !exists || device.owner() != who.arn {
		return false, mfaFault("unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")
	}
	if !m.accept(device, code, now) {
		return false, mfaFault("with invalid MFA one time pass code. ")
	}
	return true, nil
}

func mfaFault(reason string) *fault {
	separator := ", "
	if strings.HasPrefix(reason, "with") {
		separator = " "
	}
	return denied("AccessDenied", "MultiFactorAuthentication failed"+separator+reason)
}

// accept takes a code of the current time step or of one beside it, since the device's clock may be wrong.
func (m *mfaDevices) accept(d MFADevice, code string, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	seed, _ := d.seed() // checked when the sandbox starts
	for step := totp.Step(now) - 1; step <= totp.Step(now)+1; step++ {
		if step > m.used[d.Serial] && totp.Code(seed, step) == code {
			m.used[d.Serial] = step
			return true
		}
	}
	return false
}
