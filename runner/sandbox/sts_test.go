package sandbox_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

const rolePath = "arn:aws:iam::000000000000:role/"

type input = sts.AssumeRoleInput

// answered returns whether a call was refused with a code and says so, or not refused if the code is empty.
func answered(err error, want, says string) bool {
	return code(err) == want && (err == nil || strings.Contains(err.Error(), says))
}

// asRole returns an input for a role of the default account.
func asRole(name string) *sts.AssumeRoleInput {
	return &sts.AssumeRoleInput{RoleArn: aws.String(rolePath + name), RoleSessionName: aws.String("me")}
}

func assume(t *testing.T, s *sandbox.Server, k sandbox.Key, in *sts.AssumeRoleInput) sandbox.Key {
	t.Helper()
	out, err := stsOf(s, k).AssumeRole(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	return keyOf(out)
}

func lastSession(t *testing.T, s *sandbox.Server) sandbox.Session {
	t.Helper()
	all := s.Sessions()
	if len(all) == 0 {
		t.Fatal("no session was issued")
	}
	return all[len(all)-1]
}

func arns(n int) []types.PolicyDescriptorType {
	var all []types.PolicyDescriptorType
	for i := range n {
		all = append(all, types.PolicyDescriptorType{Arn: aws.String(fmt.Sprintf("arn:aws:iam::000000000000:policy/team/p%d", i))})
	}
	return all
}

func tag(key, value string) types.Tag {
	return types.Tag{Key: aws.String(key), Value: aws.String(value)}
}

func TestAssumeRoleChecksWhatASessionIsGiven(t *testing.T) {
	key := sandbox.NewKey()
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key}})
	const allow = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`
	long := strings.Replace(allow, "s3:*", "s3:"+strings.Repeat("*", 2048-len(allow)+1), 1)
	var many []types.Tag
	for i := range 51 {
		many = append(many, tag(fmt.Sprint("k", i), ""))
	}
	for name, row := range map[string]struct {
		change     func(*input)
		code, says string
	}{
		"policy":                {change: func(in *input) { in.Policy = aws.String(allow) }},
		"policy of 2048":        {change: func(in *input) { in.Policy = &long }},
		"policy of 2049":        {change: func(in *input) { in.Policy = aws.String(long + " ") }, code: "ValidationError", says: "policy"},
		"policy is not JSON":    {change: func(in *input) { in.Policy = aws.String("x") }, code: "MalformedPolicyDocument"},
		"policy allows nothing": {change: func(in *input) { in.Policy = aws.String("{}") }, code: "MalformedPolicyDocument"},
		"policy with conditions": {change: func(in *sts.AssumeRoleInput) {
			in.Policy = aws.String(strings.Replace(allow, `"Effect"`, `"Condition":{},"Effect"`, 1))
		}, code: "MalformedPolicyDocument", says: "Condition"},
		"10 ARNs": {change: func(in *input) { in.PolicyArns = arns(10) }},
		"11 ARNs": {change: func(in *input) { in.PolicyArns = arns(11) }, code: "ValidationError", says: "policyArns"},
		"ARN of no policy": {change: func(in *sts.AssumeRoleInput) {
			in.PolicyArns = []types.PolicyDescriptorType{{Arn: aws.String(rolePath + "reader")}}
		}, code: "ValidationError", says: "not valid"},
		"50 tags": {change: func(in *input) { in.Tags = many[:50] }},
		"51 tags": {change: func(in *input) { in.Tags = many }, code: "ValidationError", says: "50"},
		"tag key": {change: func(in *input) { in.Tags = []types.Tag{tag(strings.Repeat("k", 129), "")} },
			code: "ValidationError", says: "tags.key"},
		"tag key of AWS": {change: func(in *input) { in.Tags = []types.Tag{tag("aws:x", "")} },
			code: "ValidationError", says: "aws:"},
		"tag value": {change: func(in *input) { in.Tags = []types.Tag{tag("k", strings.Repeat("v", 257))} },
			code: "ValidationError", says: "tags.value"},
		"two tags of one key": {change: func(in *input) { in.Tags = []types.Tag{tag("Team", "a"), tag("team", "b")} },
			code: "InvalidParameterValue", says: "Duplicate"},
		"transitive without tag": {change: func(in *input) { in.TransitiveTagKeys = []string{"team"} },
			code: "InvalidParameterValue"},
		"source identity": {change: func(in *input) { in.SourceIdentity = aws.String("ann@example.com") }},
		"source identity's form": {change: func(in *input) { in.SourceIdentity = aws.String("ann smith") },
			code: "ValidationError", says: "sourceIdentity"},
		"source identity of AWS": {change: func(in *input) { in.SourceIdentity = aws.String("aws:ann") }, code: "ValidationError"},
		"token of 4096 bytes":    {change: func(in *input) { in.MinimumSessionTokenSize = aws.Int32(4096) }},
		"token of 4097 bytes":    {change: func(in *input) { in.MinimumSessionTokenSize = aws.Int32(4097) }, code: "ValidationError"},
		"unused MFA code": {change: func(in *input) { in.TokenCode = aws.String("123456") },
			code: "AccessDenied", says: "must provide both"},
	} {
		t.Run(name, func(t *testing.T) {
			in := asRole("reader")
			row.change(in)
			if _, err := stsOf(s, key).AssumeRole(context.Background(), in); !answered(err, row.code, row.says) {
				t.Errorf("%v, want %q", err, row.code)
			}
		})
	}
}

func TestSessionsAreKept(t *testing.T) {
	key := sandbox.NewKey()
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key}})
	in := asRole("deployer")
	in.Policy = aws.String(`{"Statement":{"Effect":"Allow","Action":"sts:*","Resource":"*"}}`)
	in.PolicyArns = arns(2)
	in.Tags = []types.Tag{tag("team", "red"), tag("cost", "1")}
	in.TransitiveTagKeys = []string{"team"}
	in.SourceIdentity = aws.String("ann")
	first := assume(t, s, key, in)
	got := lastSession(t, s)
	if got.AccessKeyID != first.AccessKeyID || got.ARN != "arn:aws:sts::000000000000:assumed-role/deployer/me" || got.Action != "AssumeRole" ||
		got.Policy != *in.Policy || !slices.Equal(got.PolicyARNs, []string{*in.PolicyArns[0].Arn, *in.PolicyArns[1].Arn}) ||
		!maps.Equal(got.Tags, map[string]string{"team": "red", "cost": "1"}) || got.SourceIdentity != "ann" || got.Duration != time.Hour {
		t.Errorf("kept: %+v", got)
	}
	next := asRole("reader")
	next.Tags = []types.Tag{tag("cost", "2")}
	assume(t, s, first, next)
	if got := lastSession(t, s); !maps.Equal(got.Tags, map[string]string{"team": "red", "cost": "2"}) || got.SourceIdentity != "ann" ||
		!slices.Equal(got.TransitiveTagKeys, []string{"team"}) {
		t.Errorf("of the chained session: %+v", got)
	}
	next.Tags = []types.Tag{tag("Team", "blue")}
	if _, err := stsOf(s, first).AssumeRole(context.Background(), next); code(err) != "InvalidParameterValue" ||
		!strings.Contains(err.Error(), "transitive") {
		t.Errorf("a transitive tag is set again: %v", err)
	}
	next.Tags, next.SourceIdentity = nil, aws.String("bob")
	if _, err := stsOf(s, first).AssumeRole(context.Background(), next); code(err) != "AccessDenied" {
		t.Errorf("another source identity: %v", err)
	}
}

func TestTokenSize(t *testing.T) {
	key := sandbox.NewKey()
	for size, want := range map[int]int{0: 360, 1000: 1000, 4096: 4096} {
		s := start(t, sandbox.Options{Keys: []sandbox.Key{key}, TokenSize: size})
		out, err := stsOf(s, key).AssumeRole(context.Background(), asRole("reader"))
		if err != nil {
			t.Fatal(err)
		}
		if len(*out.Credentials.SessionToken) != want ||
			int(*out.SessionTokenSize) != want || *out.SessionTokenUtilization != int32((want*100+4095)/4096) {
			t.Errorf("%d bytes, said to be %d, %d%%", len(*out.Credentials.SessionToken), *out.SessionTokenSize,
				*out.SessionTokenUtilization)
		}
		if _, err := stsOf(s, keyOf(out)).GetCallerIdentity(context.Background(), nil); err != nil {
			t.Error(err)
		}
	}
}

func TestMFA(t *testing.T) {
	key, other, device := sandbox.NewKey(), sandbox.NewKey(), sandbox.NewMFADevice()
	other.User = "somebody"
	ctx, c := context.Background(), &clock{}
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key, other}, MFADevices: []sandbox.MFADevice{device}, Now: c.now,
		Roles: []sandbox.Role{{ARN: rolePath + "admin", RequireMFA: true}, {ARN: rolePath + "deployer"}}})
	ask := func(k sandbox.Key, serial, code string) (sandbox.Key, error) {
		in := &sts.GetSessionTokenInput{}
		if serial != "" {
			in.SerialNumber = &serial
		}
		if code != "" {
			in.TokenCode = &code
		}
		out, err := stsOf(s, k).GetSessionToken(ctx, in)
		if err != nil {
			return sandbox.Key{}, err
		}
		return sandbox.Key{
			AccessKeyID: *out.Credentials.AccessKeyId, SecretKey: *out.Credentials.SecretAccessKey, SessionToken: *out.Credentials.SessionToken,
		}, nil
	}
	now := c.now()
	for name, row := range map[string]struct {
		key          sandbox.Key
		serial, code string
		want, says   string
	}{
		"unknown device":     {key, device.Serial + "x", device.Code(now), "AccessDenied", "verify your MFA serial number"},
		"of somebody else":   {other, device.Serial, device.Code(now), "AccessDenied", "verify your MFA serial number"},
		"an hour old":        {key, device.Serial, device.Code(now.Add(-time.Hour)), "AccessDenied", "with invalid MFA one time pass code"},
		"of five digits":     {key, device.Serial, "12345", "ValidationError", "tokenCode"},
		"no code":            {key, device.Serial, "", "AccessDenied", "must provide both"},
		"no serial":          {key, "", device.Code(now), "AccessDenied", "must provide both"},
		"serial of odd form": {key, "my phone number", device.Code(now), "ValidationError", "serialNumber"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ask(row.key, row.serial, row.code); !answered(err, row.want, row.says) {
				t.Error(err)
			}
		})
	}
	session, err := ask(key, device.Serial, device.Code(now))
	if err != nil {
		t.Fatal(err)
	}
	if got := lastSession(t, s); !got.MFA || got.Duration != 12*time.Hour || got.ARN != "arn:aws:iam::000000000000:user/sandbox" {
		t.Errorf("%+v", got)
	}
	if _, err := ask(key, device.Serial, device.Code(now)); !answered(err, "AccessDenied", "invalid MFA one time") {
		t.Errorf("a used code: %v", err)
	}
	if _, err := ask(session, "", ""); !answered(err, "AccessDenied", "with session credentials") {
		t.Errorf("a session of a session: %v", err)
	}
	plain, err := ask(key, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stsOf(s, plain).AssumeRole(ctx, asRole("admin")); code(err) != "AccessDenied" {
		t.Errorf("without MFA: %v", err)
	}
	if _, err := stsOf(s, session).AssumeRole(ctx, asRole("admin")); err != nil {
		t.Errorf("with a session that was got with MFA: %v", err)
	}
	if _, err := iamOf(s, plain).ListAccountAliases(ctx, nil); code(err) != "InvalidClientTokenId" {
		t.Errorf("IAM without MFA: %v", err)
	}
	if _, err := iamOf(s, session).ListAccountAliases(ctx, nil); err != nil {
		t.Errorf("IAM with MFA: %v", err)
	}
	c.forward(time.Minute)
	in := asRole("admin")
	in.SerialNumber, in.TokenCode = &device.Serial, aws.String(device.Code(c.now()))
	chained := assume(t, s, key, in)
	if _, err := stsOf(s, chained).AssumeRole(ctx, in); code(err) != "AccessDenied" {
		t.Errorf("a role's session has no MFA device: %v", err)
	}
}

func TestGetSessionTokenLasts(t *testing.T) {
	key := sandbox.NewKey()
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key}})
	for seconds, want := range map[int32]string{900: "", 129600: "", 899: "ValidationError", 129601: "ValidationError"} {
		out, err := stsOf(s, key).GetSessionToken(context.Background(), &sts.GetSessionTokenInput{DurationSeconds: &seconds})
		if code(err) != want {
			t.Errorf("%d seconds: %v", seconds, err)
		}
		if err == nil && time.Until(*out.Credentials.Expiration).Round(time.Minute) != time.Duration(seconds)*time.Second {
			t.Errorf("%d seconds: until %v", seconds, out.Credentials.Expiration)
		}
	}
}

func TestDeactivatedKey(t *testing.T) {
	key, other := sandbox.NewKey(), sandbox.NewKey()
	key.Inactive = true
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key, other}})
	if _, err := stsOf(s, key).GetCallerIdentity(context.Background(), nil); code(err) != "InvalidClientTokenId" {
		t.Error(err)
	}
	out, err := stsOf(s, other).GetAccessKeyInfo(context.Background(), &sts.GetAccessKeyInfoInput{AccessKeyId: &key.AccessKeyID})
	if err != nil || *out.Account != sandbox.AccountID {
		t.Errorf("%+v, %v", out, err)
	}
	unknown := &sts.GetAccessKeyInfoInput{AccessKeyId: aws.String(sandbox.NewKey().AccessKeyID)}
	if _, err := stsOf(s, other).GetAccessKeyInfo(context.Background(), unknown); code(err) != "ValidationError" {
		t.Error(err)
	}
}

func TestWebIdentity(t *testing.T) {
	c := &clock{}
	s := start(t, sandbox.Options{Now: c.now, Roles: []sandbox.Role{
		{ARN: rolePath + "pod"}, {ARN: rolePath + "other", Trusts: []string{"x"}},
	}})
	token := func(subject, audience string, lasts time.Duration) string {
		text, err := s.WebIdentityToken(subject, audience, c.now().Add(lasts))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	good := token("system:serviceaccount:a:b", "sts.amazonaws.com", time.Hour)
	elsewhere, err := start(t, sandbox.Options{}).WebIdentityToken("a", "sts.amazonaws.com", c.now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		role, token, code, says string
	}{
		"good":          {"pod", good, "", ""},
		"expired":       {"pod", token("a", "sts.amazonaws.com", -time.Second), "ExpiredTokenException", "Token expired"},
		"audience":      {"pod", token("a", "example.com", time.Hour), "InvalidIdentityToken", "audience"},
		"other key":     {"pod", elsewhere, "InvalidIdentityToken", "verification key"},
		"not a token":   {"pod", "a.b.c", "InvalidIdentityToken", "not a valid JWT"},
		"not trusting":  {"other", good, "AccessDenied", "Not authorized"},
		"no such role":  {"none", good, "AccessDenied", "Not authorized"},
		"changed token": {"pod", good[:len(good)-8] + "AAAAAAAA", "InvalidIdentityToken", ""},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := sts.New(sts.Options{Region: "eu-west-1", BaseEndpoint: aws.String(s.Endpoint()), RetryMaxAttempts: 1}).
				AssumeRoleWithWebIdentity(context.Background(), &sts.AssumeRoleWithWebIdentityInput{
					RoleArn: aws.String(rolePath + row.role), RoleSessionName: aws.String("app"), WebIdentityToken: &row.token,
				})
			if !answered(err, row.code, row.says) {
				t.Fatalf("%v, want %q", err, row.code)
			}
			if err != nil {
				return
			}
			if *out.SubjectFromWebIdentityToken != "system:serviceaccount:a:b" || *out.Provider != s.Endpoint() {
				t.Errorf("%+v", out)
			}
			k := sandbox.Key{
				AccessKeyID: *out.Credentials.AccessKeyId, SecretKey: *out.Credentials.SecretAccessKey, SessionToken: *out.Credentials.SessionToken,
			}
			who, err := stsOf(s, k).GetCallerIdentity(context.Background(), nil)
			if err != nil || !strings.HasSuffix(*who.Arn, "assumed-role/pod/app") {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
}

func iamOf(s *sandbox.Server, k sandbox.Key) *iam.Client { return iam.NewFromConfig(config(s, k)) }

func TestAccountAlias(t *testing.T) {
	key, other := sandbox.NewKey(), sandbox.NewKey()
	other.AWSID = "123456789012"
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key, other}, Aliases: map[string]string{sandbox.AccountID: "acme-test"}})
	out, err := iamOf(s, key).ListAccountAliases(context.Background(), nil)
	if err != nil || !slices.Equal(out.AccountAliases, []string{"acme-test"}) {
		t.Errorf("%+v, %v", out, err)
	}
	if out, err := iamOf(s, other).ListAccountAliases(context.Background(), nil); err != nil || len(out.AccountAliases) != 0 {
		t.Errorf("%+v, %v", out, err)
	}
	in := asRole("reader")
	in.Policy = aws.String(`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`)
	if _, err := iamOf(s, assume(t, s, key, in)).ListAccountAliases(context.Background(), nil); code(err) != "AccessDenied" ||
		!strings.Contains(err.Error(), "no session policy allows the iam:ListAccountAliases action") {
		t.Error(err)
	}
}

func TestRegions(t *testing.T) {
	key := sandbox.NewKey()
	s := start(t, sandbox.Options{Keys: []sandbox.Key{key}, DisabledRegions: []string{"ap-east-1"}})
	for name, row := range map[string]struct{ region, endpoint, code string }{
		"one region":     {"eu-west-1", s.RegionEndpoint("eu-west-1"), ""},
		"any region":     {"eu-west-1", s.Endpoint(), ""},
		"another region": {"eu-west-1", s.RegionEndpoint("us-east-1"), "SignatureDoesNotMatch"},
		"not enabled":    {"ap-east-1", s.Endpoint(), "InvalidClientTokenId"},
	} {
		t.Run(name, func(t *testing.T) {
			c := config(s, key)
			c.Region, c.BaseEndpoint = row.region, &row.endpoint
			if _, err := sts.NewFromConfig(c).GetCallerIdentity(context.Background(), nil); code(err) != row.code {
				t.Error(err)
			}
		})
	}
}

func TestMalformedForm(t *testing.T) {
	s := start(t, sandbox.Options{})
	r, err := http.NewRequest(http.MethodPost, s.Endpoint(), strings.NewReader("Action=%zz"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if answer, body := do(t, r); answer.StatusCode != http.StatusBadRequest || !strings.Contains(body, "MalformedQueryString") {
		t.Errorf("%d %s", answer.StatusCode, body)
	}
}
