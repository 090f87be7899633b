package command

import (
	"context"
	"fmt"
	"slices"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/model"
)

// flagFaults joins what is wrong with something that flags describe into one error, or nil if nothing is. Each fault is named by what
// flag returns for the field: people at a terminal don't know the keys of the project file.
func flagFaults(thing string, list []model.Problem, flag func(field string) string) error {
	list = slices.Clone(list)
	for i := range list {
		list[i].Field = flag(list[i].Field)
	}
	return model.Problems(thing, list)
}

// faults returns what is wrong with an account and its secrets, each fault with the flag that gives the field.
func (f *accountFlags) faults(a model.Account, secrets model.AccountSecrets) error {
	return flagFaults("The account "+a.Name, append(a.Check(), a.CheckSecrets(secrets)...), f.flagOf)
}

// flagOf returns the flag that gives a field, as it is typed; empty for a secret that was typed at the terminal, and for the name,
// which the sentences say themselves.
func (f *accountFlags) flagOf(field string) string {
	switch field {
	case "name":
		return ""
	case "secretKey":
		return f.secretFlag()
	case "accessKeyId":
		if from := f.secretFlag(); f.account.AccessKeyID == "" && from != "" { // a file of keys tells it too
			return from
		}
	}
	return "--" + flagOf(field)
}

// secretFlag returns the flag that the secret key comes from; empty if there is none.
func (f *accountFlags) secretFlag() string {
	switch {
	case f.secretKeyFile != "":
		return "--secret-key-file"
	case f.secretKeyEnv != "":
		return "--secret-key-env"
	case f.secretKeyStdin:
		return "--secret-key-stdin"
	}
	return ""
}

// warnOfKey warns of an access key that doesn't look like one of AWS's.
func (c *cli) warnOfKey(a model.Account, secrets model.AccountSecrets) {
	if a.Kind != model.KindAccessKey || a.Endpoint != "" {
		return // another server has keys of its own
	}
	if odd := model.OddAccessKey(a.AccessKeyID, secrets.SecretKey); odd != "" {
		c.say("%s", c.paint(yellow, "Warning: "+odd))
	}
}

// warnOfProfile warns of a profile that is not in ~/.aws, or that can't be used: it may still be written.
func (c *cli) warnOfProfile(ctx context.Context, s *app.Services, a model.Account) {
	if a.Kind != model.KindProfile {
		return
	}
	list, err := s.SignIns().Profiles(ctx)
	at := slices.IndexFunc(list, func(p model.Profile) bool { return p.Name == a.Profile })
	switch {
	case err != nil:
		c.say("%s", c.paint(yellow, "Warning: "+sentence(err)))
	case at < 0:
		c.say("%s", c.paint(yellow, fmt.Sprintf("Warning: There is no profile %q yet. See: stepdeck account profiles.", a.Profile)))
	case list[at].Err != nil:
		c.say("%s", c.paint(yellow, "Warning: "+sentence(list[at].Err)))
	}
}
