package command

import (
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepdeck/stepdeck/model"
)

// rehearseFlags are the flags of a rehearsal.
type rehearseFlags struct {
	rehearse   bool
	policy     string // JSON, or a file that has it
	policyARNs []string
}

func (f *rehearseFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.rehearse, "rehearse", false,
		"only try it: steps assume their roles with AWS's ReadOnlyAccess as session policy; those that assume none are refused")
	flags.StringVar(&f.policy, "rehearse-policy", "",
		"FILE or JSON of a session policy that allows the rehearsal more, or forbids it something")
	flags.StringArrayVar(&f.policyARNs, "rehearse-policy-arn", nil, "ARN of a managed policy that allows the rehearsal more")
}

// rehearsal returns what the flags ask for; nil for none.
func (f rehearseFlags) rehearsal() (*model.Rehearsal, error) {
	if !f.rehearse {
		if f.policy != "" || len(f.policyARNs) > 0 {
			return nil, model.NewError("usage", "--rehearse-policy and --rehearse-policy-arn only work with --rehearse.")
		}
		return nil, nil //nolint:nilnil // no rehearsal
	}
	r := model.Rehearsal{Policy: f.policy, PolicyARNs: f.policyARNs}
	if f.policy != "" && !strings.HasPrefix(strings.TrimSpace(f.policy), "{") {
		data, err := os.ReadFile(f.policy)
		if err != nil {
			return nil, model.NewError("rehearse.file", "The file %s of the session policy can't be read. Check its path and rights.",
				f.policy).Because(err)
		}
		text, ok := model.DecodeText(data)
		if !ok {
			return nil, model.NewError("rehearse.file",
				"The file %s of the session policy is not text in UTF-8 or UTF-16. Save it as one.", f.policy)
		}
		r.Policy = text
	}
	return &r, nil
}
