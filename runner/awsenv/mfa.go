package awsenv

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/transport"
)

// CodeQuestion asks a person for the code that an MFA device shows.
type CodeQuestion struct {
	Device  string // serial number or ARN
	Because error  // why the last code was not accepted; nil at first
}

// How often a person is asked for one code.
const mostCodes = 3

// userSession replaces an access key by a session that was got with the code of its MFA device, if it has one. The
// caller keeps that session, so that one code serves many runs.
func (b *resolution) userSession(ctx context.Context) error {
	if b.Account.MFADevice == "" {
		return nil
	}
	purpose := fingerprint("mfa", b.Account.AccessKeyID, b.Account.MFADevice)
	if b.takeKept(purpose) {
		return nil
	}
	b.stage = opening
	err := b.withCode(ctx, b.Account.MFADevice, func(ctx context.Context, code string) error {
		answer, err := b.client().GetSessionToken(ctx,
			&sts.GetSessionTokenInput{SerialNumber: aws.String(b.Account.MFADevice), TokenCode: aws.String(code)})
		if err != nil {
			return err
		}
		return b.useIssued(answer.Credentials, userSession)
	})
	if err != nil {
		return err
	}
	b.keep(purpose)
	return nil
}

// withCode sends a request to STS with the code of a device, and asks again for a code that AWS doesn't accept. Without a
// device there is no code.
func (b *resolution) withCode(ctx context.Context, device string, send func(ctx context.Context, code string) error) error {
	var rejected error
	for attempt := 0; ; attempt++ {
		code, err := b.code(ctx, CodeQuestion{Device: device, Because: rejected})
		if err != nil {
			return err
		}
		rejected = nil
		err = b.within(ctx, func(ctx context.Context) error {
			err := send(ctx, code)
			if err != nil && model.ErrorCode(err) == "" {
				rejected = b.codeRejected(err, device)
				err = b.explain(ctx, err)
			}
			return err
		})
		if err == nil || rejected == nil || attempt == mostCodes-1 {
			return err
		}
	}
}

// code asks for the code of a device. A person's time doesn't count.
func (b *resolution) code(ctx context.Context, q CodeQuestion) (string, error) {
	switch {
	case q.Device == "":
		return "", nil
	case b.MFA == nil:
		return "", model.NewError(model.CodeMFANeeded, "%s needs a code of the MFA device %s. Enter it.", capital(b.who()), q.Device)
	}
	for range mostCodes {
		code, err := b.MFA(ctx, q)
		if err != nil {
			return "", err
		}
		if code = strings.ReplaceAll(strings.TrimSpace(code), " ", ""); isCode(code) {
			b.codes = append(b.codes, code)
			return code, nil
		}
		q.Because = model.NewError("aws.mfa.form", "A code has six digits. Enter the one that the device %s shows now.", q.Device)
	}
	return "", q.Because
}

func isCode(text string) bool { return regexp.MustCompile(`^[0-9]{6}$`).MatchString(text) }

// codeRejected returns why AWS doesn't accept a code, or nil if it refuses for another reason.
func (b *resolution) codeRejected(err error, device string) error {
	var refused smithy.APIError
	if device == "" || !errors.As(err, &refused) || !strings.Contains(refused.ErrorMessage(), "invalid MFA one time pass code") {
		return nil
	}
	return wrongCode(device).Because(transport.Refusal(refused, b.concealed()))
}

func wrongCode(device string) *model.Error {
	return model.NewError("aws.mfa.code",
		"AWS doesn't accept the code of the MFA device %s. Enter the next code that it shows: each one can be used once.", device)
}
