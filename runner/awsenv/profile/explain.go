package profile

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/stepdeck/stepdeck/model"
)

// explain says why the SDK refuses the profile that was asked for.
func (r *reader) explain(ctx context.Context, asked string, err error) error {
	var (
		missing config.SharedConfigProfileNotExistError
		chain   config.SharedConfigAssumeRoleError
		noRole  config.CredentialRequiresARNError
	)
	switch text := err.Error(); {
	case errors.As(err, &chain) && r.profiles[chain.Profile] != nil && !readable(chain.Profile):
		return r.unreadable(chain.Profile)
	case errors.As(err, &chain) && chain.Err != nil:
		return model.NewError("profile.source.missing",
			"The profile %q gets its credentials from the source profile %q, which is not in %s. Correct source_profile.",
			printable(asked), printable(chain.Profile), r)
	case errors.As(err, &chain):
		if _, err := r.load(ctx, chain.Profile, ""); err != nil { // it needs itself
			return model.NewError("profile.loop",
				"The source profiles of %q in %s lead back to %q, and none has credentials. Correct source_profile.",
				printable(asked), r, printable(chain.Profile))
		}
		return r.empty(asked, chain.Profile)
	case errors.As(err, &missing):
		return model.NewError("profile.unknown", "There is no profile %q in %s. Choose one that is there, or add it.", printable(asked), r)
	case errors.As(err, &noRole):
		return r.wrong("profile.role.missing", asked, noRole.Profile, "has "+noRole.Type+" but no role_arn, which must go with it")
	case strings.Contains(text, "only one credential type"):
		return model.NewError("profile.sources",
			"The profile %q in %s, or one that it gets its credentials from, has several of source_profile, credential_source, "+
				"credential_process and web_identity_token_file. Keep one.", printable(asked), r)
	case strings.Contains(text, "partial credentials"):
		return model.NewError("profile.keys.partial",
			"The profile %q in %s, or one that it gets its credentials from, has only one of aws_access_key_id and aws_secret_access_key. "+
				"Enter both.", printable(asked), r)
	case strings.Contains(text, "SSO session section"):
		return model.NewError("profile.sso.section",
			"The profile %q names an sso_session that is not in %s. Run aws configure sso, or add the section [sso-session …].",
			printable(asked), r.Config)
	case model.ErrorCode(err) != "":
		return err
	}
	// Not the cause itself, which might quote the file.
	return model.NewError("profile.invalid", "The profile %q in %s has a setting that the AWS SDK refuses (%s). Correct it.",
		printable(asked), r, reason(err))
}

// reason returns what the SDK says of a setting, without the parts that only repeat the profile. The settings it says
// something of, such as retry_mode, are no secrets.
func reason(err error) string {
	text := err.Error()
	if at := strings.LastIndex(text, "shared config, "); at >= 0 {
		text = text[at+len("shared config, "):]
	}
	return printable(strings.TrimSpace(text))
}

// withoutKeys returns the profile that the SDK found to have no credentials.
func withoutKeys(err error) (profile string, found bool) {
	var chain config.SharedConfigAssumeRoleError
	found = errors.As(err, &chain) && chain.Err == nil
	return chain.Profile, found
}

// unreadable is the error for a profile whose name the SDK can't read.
func (f Files) unreadable(name string) error {
	return model.NewError("profile.name", "The name of the profile %q in %s has # or ;, or blanks around it, which can't be read. Rename it.",
		printable(name), f)
}

func (f Files) empty(asked, source string) error {
	return f.wrong("profile.empty", asked, source, "has no credentials, nor says where to get them")
}

// wrong is an error about a profile that the profile asked for leads to, or about that one itself.
func (f Files) wrong(code, asked, at, what string) *model.Error {
	if asked == at {
		return model.NewError(code, "The profile %q in %s %s. Correct it.", printable(asked), f, what)
	}
	return model.NewError(code, "The profile %q gets its credentials from the profile %q, which %s. Correct it in %s.",
		printable(asked), printable(at), what, f)
}

func (f Files) checkFrom(asked string, s Source) error {
	switch s.From {
	case FromEnvironment, FromInstance, FromContainer:
		return nil
	}
	return f.wrong("profile.credentialsource", asked, s.Profile,
		"has a credential_source other than Environment, Ec2InstanceMetadata and EcsContainer")
}

// checkSSO returns an error if the profile lacks something for Identity Center, or says it twice and differently.
func (f Files) checkSSO(asked string, s Source, c config.SharedConfig) error {
	var missing []string
	for _, setting := range []struct{ name, value string }{
		{"sso_start_url", s.SSO.StartURL}, {"sso_region", s.SSO.Region}, {"sso_account_id", s.SSO.AccountID}, {"sso_role_name", s.SSO.Role},
	} {
		if strings.TrimSpace(setting.value) == "" {
			missing = append(missing, setting.name)
		}
	}
	switch {
	case len(missing) > 0:
		return f.wrong("profile.sso.incomplete", asked, s.Profile, "signs in with Identity Center but lacks "+strings.Join(missing, ", "))
	case s.Kind == SSOSession && (c.SSORegion != "" && c.SSORegion != s.SSO.Region || c.SSOStartURL != "" && c.SSOStartURL != s.SSO.StartURL):
		return f.wrong("profile.sso.differs", asked, s.Profile, "names another sso_region or sso_start_url than its sso_session")
	}
	return nil
}
