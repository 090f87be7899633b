package projects

import (
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// newChoicesSelect returns the choice of what AWS is asked for.
func newChoicesSelect(k *control.Keys) *control.Select {
	return control.NewSelect(k,
		control.Option{Value: "", Label: lang.L("none")},
		control.Option{Value: string(model.ChooseBucket), Label: lang.L("S3 buckets")},
		control.Option{Value: string(model.ChooseInstance), Label: lang.L("EC2 instances")},
		control.Option{Value: string(model.ChooseStack), Label: lang.L("CloudFormation stacks")},
		control.Option{Value: string(model.ChooseLogGroup), Label: lang.L("log groups")},
		control.Option{Value: string(model.ChooseFunction), Label: lang.L("Lambda functions")},
		control.Option{Value: string(model.ChooseSecret), Label: lang.L("names of secrets")},
		control.Option{Value: string(model.ChooseCommand), Label: lang.L("what a command of aws lists")},
	)
}

// takesChoices reports whether a control can have choices from AWS.
func takesChoices(kind model.ControlType) bool {
	return kind == model.ControlText || kind == model.ControlSelect || kind == model.ControlMultiSelect
}

func (t *promptPart) fillChoices(c *model.Choices) {
	if c == nil {
		return
	}
	t.choices.SetValue(string(c.Of))
	t.command.SetText(strings.Join(c.Command, "\n"))
	t.query.SetText(c.Query)
}

// fromAWS returns the choices of a prompt with this control; nil: none.
func (t *promptPart) fromAWS(kind model.ControlType) *model.Choices {
	if t.choices.Value() == "" || !takesChoices(kind) {
		return nil
	}
	c := &model.Choices{Of: model.ChoiceKind(t.choices.Value())}
	if !c.Known() {
		c.Command, c.Query = lines(t.command.Text), strings.TrimSpace(t.query.Text)
	}
	return c
}
