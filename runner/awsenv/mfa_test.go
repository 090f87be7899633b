package awsenv_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// mfaSandbox has a user with a device, and a role that asks for its code.
func mfaSandbox(t *testing.T) (*sandbox.Server, sandbox.Key, sandbox.MFADevice) {
	t.Helper()
	key, phone := sandbox.NewKey(), sandbox.NewMFADevice()
	roles := append(sandbox.DefaultRoles(), sandbox.Role{ARN: rolePath + "careful", RequireMFA: true, MaxSession: 7200})
	return startSandbox(t, sandbox.Options{Keys: []sandbox.Key{key}, MFADevices: []sandbox.MFADevice{phone}, Roles: roles}), key, phone
}

// person answers questions for codes, with the given ones first, and then with what the device shows.
type person struct {
	device  sandbox.MFADevice
	answers []string
	asked   []awsenv.CodeQuestion
}

func (p *person) answer(_ context.Context, q awsenv.CodeQuestion) (string, error) {
	p.asked = append(p.asked, q)
	if n := len(p.asked); n <= len(p.answers) {
		return p.answers[n-1], nil
	}
	return p.device.Code(time.Now()), nil
}

func TestAccessKeyWithDevice(t *testing.T) {
	s, key, phone := mfaSandbox(t)
	p := &person{device: phone, answers: []string{"12 34", "000000"}}
	r := request(s, key)
	r.Account.MFADevice, r.MFA = phone.Serial, p.answer
	r.Roles = []awsenv.Role{{AssumeRole: model.AssumeRole{ARN: rolePath + "careful", Duration: 7200}}}
	for run := range 3 {
		got, err := awsenv.Resolve(context.Background(), r)
		if err != nil || !strings.Contains(got.Identity.ARN, "assumed-role/careful/") {
			t.Fatalf("run %d: %+v, %v", run, got.Identity, err)
		}
		// A role lasts as long as it may with a user's session: that is no chain of roles.
		if left := time.Until(got.Identity.Expires); left < 110*time.Minute || len(got.Notices) != 0 {
			t.Errorf("run %d: it lasts %v, %v", run, left, got.Notices)
		}
		r.Kept = throughVault(t, got.Kept)
		if !slices.Contains(got.Secrets, r.Kept.SessionToken) {
			t.Error("the kept token would not be masked")
		}
	}
	// Twice something else, once the code: then the session serves all runs.
	if len(p.asked) != 3 || p.asked[0].Because != nil || model.ErrorCode(p.asked[1].Because) != "aws.mfa.form" ||
		model.ErrorCode(p.asked[2].Because) != "aws.mfa.code" || p.asked[2].Device != phone.Serial {
		t.Errorf("asked were %+v", p.asked)
	}
}

func TestRoleWithDevice(t *testing.T) {
	s, key, phone := mfaSandbox(t)
	p := &person{device: phone}
	r := profileRequest(t, s, "p", configuration(key,
		"[profile p]\nsource_profile = base\nmfa_serial = "+phone.Serial+"\nrole_arn = "+rolePath+"careful\n"))
	r.MFA = p.answer
	for run := range 2 {
		got, err := awsenv.Resolve(context.Background(), r)
		if err != nil || !strings.Contains(got.Identity.ARN, "assumed-role/careful/") || len(p.asked) != 1 {
			t.Fatalf("run %d: %+v, %v, asked %d times", run, got.Identity, err, len(p.asked))
		}
		r.Kept = throughVault(t, got.Kept)
	}
	// The next role is one of a chain.
	r.Roles = []awsenv.Role{{AssumeRole: model.AssumeRole{ARN: rolePath + "deployer", Duration: 7200}}}
	got, err := awsenv.Resolve(context.Background(), r)
	if err != nil || len(got.Notices) != 1 || got.Notices[0].Code != "role.chained.hour" || len(p.asked) != 1 {
		t.Errorf("%v, %v, asked %d times", got.Notices, err, len(p.asked))
	}
}

func TestCodesThatFail(t *testing.T) {
	s, key, phone := mfaSandbox(t)
	stop := errors.New("no phone here")
	for name, row := range map[string]struct {
		change func(*awsenv.Request)
		code   string
		asked  int
	}{
		"nobody to ask":   {func(r *awsenv.Request) { r.MFA = nil }, model.CodeMFANeeded, 0},
		"wrong each time": {func(*awsenv.Request) {}, "aws.mfa.code", 3},
		"other device":    {func(r *awsenv.Request) { r.Account.MFADevice += "2" }, "aws.mfa.device", 1},
		"no device":       {func(r *awsenv.Request) { r.Account.MFADevice = "my phone" }, "mfa.serial.form", 0},
		"wrong secret":    {func(r *awsenv.Request) { r.SecretKey = "not/it" }, "AWS-LOGIN-ERROR-0005", 1},
		"has a token":     {func(r *awsenv.Request) { r.SessionToken = "t" }, "account.mfa.session", 0},
		"role's device": {func(r *awsenv.Request) {
			r.Account.MFADevice = ""
			r.Roles = []awsenv.Role{{AssumeRole: model.AssumeRole{ARN: rolePath + "careful"}, MFASerial: phone.Serial + "2"}}
		}, "aws.mfa.device", 1},
		"role's code": {func(r *awsenv.Request) {
			r.Account.MFADevice = ""
			r.Roles = []awsenv.Role{{AssumeRole: model.AssumeRole{ARN: rolePath + "careful"}, MFASerial: phone.Serial}}
		}, "aws.mfa.code", 3},
		"role without": {func(r *awsenv.Request) {
			r.Account.MFADevice = ""
			r.Roles = []awsenv.Role{{AssumeRole: model.AssumeRole{ARN: rolePath + "careful"}}}
		}, "AWS-LOGIN-ERROR-0004", 0},
	} {
		t.Run(name, func(t *testing.T) {
			p := &person{device: phone, answers: []string{"000000", "000000", "000000", "000000"}}
			r := request(s, key)
			r.Account.MFADevice, r.MFA, r.Network = phone.Serial, p.answer, network(t)
			row.change(&r)
			_, err := awsenv.Resolve(context.Background(), r)
			if model.ErrorCode(err) != row.code || len(p.asked) != row.asked {
				t.Errorf("%v (%s), asked %d times; want %s, %d", err, model.ErrorCode(err), len(p.asked), row.code, row.asked)
			}
			if err != nil && strings.Contains(err.Error(), "000000 ") {
				t.Errorf("it tells the code: %v", err)
			}
		})
	}
	r := request(s, key)
	r.Account.MFADevice, r.MFA = phone.Serial, func(context.Context, awsenv.CodeQuestion) (string, error) { return "", stop }
	if _, err := awsenv.Resolve(context.Background(), r); !errors.Is(err, stop) {
		t.Errorf("the person gave up: %v", err)
	}
}
