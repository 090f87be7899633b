package awsenv

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/credentialprocess"
	"github.com/stepdeck/stepdeck/runner/awsenv/profile"
)

// session says whether keys belong to a role's session. A role that is assumed with such keys lasts an hour at most.
type session int

const (
	unknownSession session = iota // only AWS knows
	userSession
	roleSession
)

// accountKeys gets the credentials of the account itself.
func (b *resolution) accountKeys(ctx context.Context) error {
	switch b.Account.Kind {
	case model.KindInstanceRole:
		return b.within(ctx, b.ambientKeys)
	case model.KindAccessKey:
		return b.accessKey(ctx)
	case model.KindProcess:
		return b.within(ctx, b.accountProcess)
	case model.KindProfile:
		return b.profileKeys(ctx)
	case model.KindIdentityCenter, model.KindConsole:
		return b.personKeys(ctx)
	}
	return model.NewError("account.kind.unknown", "%q is not a kind of account. Choose one for account %q.", b.Account.Kind, b.Account.Name)
}

// personKeys gets the keys of a person's sign-in.
func (b *resolution) personKeys(ctx context.Context) error {
	if b.SignedIn == nil {
		return model.NewError(model.CodeSignInNeeded, "Nobody has signed in for account %q on this computer. Sign in.", b.Account.Name)
	}
	answered := b.sayWaiting("the sign-in service of AWS")
	keys, err := b.SignedIn(ctx, b.Account)
	answered()
	if err != nil {
		return err
	}
	b.useSignedIn(keys, b.Account.Kind == model.KindConsole)
	return nil
}

// CodeUnrenewed is the code of the notice that a sign-in could not be renewed although its keys still work.
const CodeUnrenewed = "signin.unrenewed"

// useSignedIn uses the keys of a sign-in, with the console or with Identity Center.
func (b *resolution) useSignedIn(keys Kept, console bool) {
	kind := roleSession // Identity Center gives roles
	if console {
		kind = unknownSession
	}
	b.use(credentials(keys.AccessKeyID, keys.SecretKey, keys.SessionToken, keys.Expires), kind)
	if b.unrenewed = keys.Unrenewed; b.unrenewed == nil {
		return
	}
	notice := model.NewError(CodeUnrenewed, "The sign-in of account %q could not be renewed. Its keys work until %s.", b.Account.Name,
		model.LocalTime(keys.Expires))
	b.warnings = append(b.warnings, notice.Because(keys.Unrenewed))
}

func (b *resolution) accessKey(ctx context.Context) error {
	switch {
	case b.Account.AccessKeyID == "":
		return model.NewError("account.accesskey.empty", "Account %q has no access key. Enter the key id from AWS, such as AKIA….",
			b.Account.Name)
	case b.SecretKey == "":
		return model.NewError("account.secret.missing", "Account %q has no secret key on this computer. Enter it.", b.Account.Name)
	}
	kind := userSession
	if b.SessionToken != "" {
		kind = unknownSession
	}
	b.use(aws.Credentials{AccessKeyID: b.Account.AccessKeyID, SecretAccessKey: b.SecretKey, SessionToken: b.SessionToken}, kind)
	return b.userSession(ctx)
}

func (b *resolution) accountProcess(ctx context.Context) error {
	if b.takeKept(fingerprint("process", b.Account.Process)) {
		return nil
	}
	return b.runProcess(ctx, b.Account.Process, fingerprint("process", b.Account.Process))
}

// runProcess uses the keys that a process prints, and keeps them if they end.
func (b *resolution) runProcess(ctx context.Context, line, purpose string) error {
	answer, err := credentialprocess.Run(ctx, credentialprocess.Request{Command: line, For: b.Account.Name, Environ: b.Environ, Now: b.Now})
	if err != nil {
		return err
	}
	b.use(credentials(answer.AccessKeyID, answer.SecretKey, answer.SessionToken, answer.Expires), unknownSession)
	b.keep(purpose)
	return nil
}

func credentials(id, secret, token string, expires time.Time) aws.Credentials {
	return aws.Credentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: token, CanExpire: !expires.IsZero(), Expires: expires}
}

// profileKeys gets the credentials of the account's profile, with the roles that the profile itself assumes.
func (b *resolution) profileKeys(ctx context.Context) error {
	plan, err := profile.Resolve(ctx, b.Profiles, b.Account.Profile)
	if err != nil {
		return err
	}
	if err := b.reach(plan); err != nil {
		return err
	}
	roles := make([]Role, len(plan.Roles))
	for i, r := range plan.Roles {
		roles[i] = Role{
			AssumeRole: model.AssumeRole{ARN: r.ARN, SessionName: r.SessionName, ExternalID: r.ExternalID, Duration: r.Duration},
			MFASerial:  r.MFASerial,
		}
		if err := checkRole(roles[i], b.stsRegion()); err != nil {
			return err
		}
	}
	return b.follow(ctx, plan.Source, roles)
}

// reach takes the region and the endpoint of the profile, if nothing else is said.
func (b *resolution) reach(plan profile.Plan) error {
	b.plan = &plan
	if b.Account.Region == "" {
		b.Account.Region = plan.Region
	}
	if b.endpoint == "" {
		b.endpoint = plan.Endpoint
	}
	if err := model.CheckRegion(b.Account.Region); err != nil {
		return err
	}
	return model.CheckEndpoint(b.endpoint)
}

// follow gets the source's keys and assumes the roles, beginning after the last of them whose keys are kept.
func (b *resolution) follow(ctx context.Context, source profile.Source, roles []Role) error {
	done := len(roles)
	for done >= 0 && !b.takeKept(purpose(source, roles[:done])) {
		done--
	}
	if done < 0 {
		if err := b.source(ctx, source); err != nil {
			return err
		}
		done = 0
	}
	for ; done < len(roles); done++ {
		if err := b.assume(ctx, roles[done]); err != nil {
			return err
		}
		if roles[done].MFASerial != "" { // else the next run would ask for a code again
			b.keep(purpose(source, roles[:done+1]))
		}
	}
	return nil
}

// purpose tells one way to credentials from another, without their secrets.
func purpose(source profile.Source, roles []Role) string {
	source.Keys = profile.Keys{AccessKeyID: source.Keys.AccessKeyID}
	return fingerprint("profile", source.Kind, source.Profile, source.Keys.AccessKeyID, source.Process, source.From, source.SSO,
		source.LoginSession, source.WebIdentity, append([]Role{}, roles...))
}

func (b *resolution) source(ctx context.Context, s profile.Source) error {
	switch s.Kind {
	case profile.StaticKeys:
		kind := userSession
		if s.Keys.SessionToken != "" {
			kind = unknownSession
		}
		b.use(credentials(s.Keys.AccessKeyID, s.Keys.SecretKey, s.Keys.SessionToken, time.Time{}), kind)
		return nil
	case profile.Process:
		return b.within(ctx, func(ctx context.Context) error { return b.runProcess(ctx, s.Process, purpose(s, nil)) })
	case profile.WebIdentity:
		return b.within(ctx, func(ctx context.Context) error {
			return b.webIdentity(ctx, s.WebIdentity.File, s.WebIdentity.RoleARN, s.WebIdentity.SessionName)
		})
	case profile.Surroundings:
		return b.within(ctx, func(ctx context.Context) error { return b.surroundings(ctx, s.From) })
	}
	return b.signedIn(ctx, s)
}

// surroundings gets what a credential_source names.
func (b *resolution) surroundings(ctx context.Context, from string) error {
	switch here := b.Network.here; {
	case from == profile.FromInstance:
		return b.instanceKeys(ctx)
	case from == profile.FromContainer && here.container() == "":
		return model.NewError("profile.container",
			"The profile %q gets its credentials from a container, but this is none: the variables of one are not set. Run in the container.",
			b.Account.Profile)
	case from == profile.FromContainer:
		return b.containerKeys(ctx)
	case here.accessKeyID == "" || here.secretKey == "":
		return model.NewError("profile.environment",
			"The profile %q gets its credentials from the environment, which has no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. "+
				"Set them before Stepdeck starts.", b.Account.Profile)
	default:
		b.use(credentials(here.accessKeyID, here.secretKey, here.sessionToken, time.Time{}), unknownSession)
		return nil
	}
}

func (b *resolution) signedIn(ctx context.Context, s profile.Source) error {
	if b.SignIn == nil {
		return model.NewError("profile.signin", "The profile %q needs a sign-in (%s), which can't be used here yet. Use another profile.",
			b.Account.Profile, s.Kind)
	}
	answered := b.sayWaiting("the sign-in service of AWS")
	keys, err := b.SignIn(ctx, s)
	answered()
	if err != nil {
		return withAWS(err, s)
	}
	keys.Unrenewed = withAWS(keys.Unrenewed, s)
	b.useSignedIn(keys, s.Kind == profile.LoginSession)
	return nil
}

// withAWS makes an error that asks to sign in again say how: a profile's sign-in is the aws command's.
func withAWS(err error, s profile.Source) error {
	var ours *model.Error
	if !errors.As(err, &ours) {
		return err
	}
	what, again := strings.CutSuffix(ours.Sentence, "Sign in again.")
	if !again {
		return err
	}
	words := []string{"aws", "sso", "login", "--profile", shellWord(s.Profile)} // a flag of aws, which both faces name alike
	if s.Kind == profile.LoginSession {
		words = slices.Delete(words, 1, 2)
	}
	command := strings.Join(words, " ")
	return byCommand{model.NewError(ours.Code, "%sRun %s.", what, command).Because(ours.Cause), command}
}

// byCommand is an error that a command of aws helps with.
type byCommand struct {
	error
	command string
}

func (b byCommand) Unwrap() error { return b.error }

// CommandFor returns the command of aws that a person has to run because of err, such as aws sso login --profile "dev"; empty if there
// is none.
func CommandFor(err error) string {
	var b byCommand
	if errors.As(err, &b) {
		return b.command
	}
	return ""
}
