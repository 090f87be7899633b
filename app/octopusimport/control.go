package octopusimport

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/octopusjson"
)

// Keys of an input's settings.
const (
	settingControl = "Octopus.ControlType"
	settingOptions = "Octopus.SelectOptions"
)

// typeKey is an AWS account with an access key.
const typeKey = "AmazonWebServicesAccount"

// typeOIDC is an AWS account to which Octopus signs in with OpenID Connect.
const typeOIDC = "AmazonWebServicesOidcAccount"

// input is what becomes of one of Octopus's kinds of inputs.
type input struct {
	kind    model.VariableType
	control model.ControlType
	options []string
	labels  []string // of the options; none if they are shown as they are
	value   string
	isStep  bool // the value is the name of a step
	found   []Finding
}

func (i *input) say(outcome Outcome, do, format string, args ...any) {
	i.found = append(i.found, Finding{outcome, fmt.Sprintf(format, args...), do})
}

// prompt returns the question for the value of an input.
func (i input) prompt(label, help string, required bool) *model.Prompt {
	return &model.Prompt{
		Label: model.SafeLine(label), Help: strings.TrimSpace(model.SafeBlock(help)),
		Control: i.control, Options: i.options, Labels: i.labels, Required: required,
	}
}

// inputOf says what becomes of an input with a default value. Each of Octopus's kinds of inputs is a case here.
func inputOf(settings octopusjson.Texts, value octopusjson.Text) input {
	in := input{kind: model.TypeText, control: model.ControlText, value: value.Value}
	switch kind := settings.Text(settingControl); kind {
	case "", "SingleLineText":
	case "MultiLineText":
		in.control = model.ControlMultiline
	case "Checkbox":
		in.checkbox()
	case "Select":
		in.choose(settings[settingOptions].Value)
	case "Sensitive":
		in.sensitive()
	case typeKey, typeOIDC:
		in = input{kind: model.TypeAWSAccount, control: model.ControlText}
		in.say(Missing, "Choose an account of this computer for it.", "Its account is not in the export.")
	case "StepName":
		in.isStep = true // the converter has the names, once it has made all steps
	case "Package":
		in.value = ""
	default:
		in.foreign(kind)
	}
	if value.Hidden && in.kind != model.TypeSensitive {
		in.value = ""
		in.sensitive()
	}
	return in
}

// checkbox normalizes the value to the two that a checkbox gives.
func (i *input) checkbox() {
	if model.HasExpression(i.value) {
		i.say(Changed, "Look at its value before a run: the box gives True or False.", "Its default is an expression, which no checkbox shows.")
		i.control = model.ControlText
		return
	}
	i.control = model.ControlCheckbox
	was := i.value
	if i.value = model.UncheckedValue; model.IsTrue(was) {
		i.value = model.CheckedValue
	}
	if was != i.value && was != "" {
		i.say(Changed, "", "Its default %s is written %s.", model.SafeQuote(was, 40), i.value)
	}
}

// choose reads the options: lines of a value and, after a bar, what it is called.
func (i *input) choose(lines string) {
	labelled := false
	for line := range strings.Lines(lines) {
		line = strings.TrimSpace(line)
		value, label, named := strings.Cut(line, "|")
		value, label = strings.TrimSpace(value), strings.TrimSpace(label)
		if line == "" || slices.Contains(i.options, value) {
			continue
		}
		if !named || label == "" {
			label = value
		}
		i.options, i.labels = append(i.options, value), append(i.labels, model.SafeLine(label))
		labelled = labelled || label != value
	}
	if len(i.options) == 0 {
		i.say(Changed, "", "It is a list without options, so its value is text.")
		return
	}
	i.control = model.ControlSelect
	if i.value != "" && !slices.Contains(i.options, i.value) {
		i.options, i.labels = append(i.options, i.value), append(i.labels, i.value)
		i.say(Changed, "", "Its default %s is none of its options, so it is added to them.", model.SafeQuote(i.value, 40))
	}
	if !labelled {
		i.labels = nil
	}
}

func (i *input) sensitive() {
	i.kind, i.control, i.options, i.labels = model.TypeSensitive, model.ControlText, nil, nil
	if i.value != "" {
		i.say(Changed, "Enter it in its form, or when a run asks.", "The export has a sensitive default in plain text, which is not taken over.")
	}
	i.value = ""
	i.say(Missing, "Enter it in its form, or when a run asks for it.", "Its value is sensitive, so no export contains it.")
}

// foreign is for what an Octopus server knows and this computer does not: the value stays a text.
func (i *input) foreign(kind string) {
	i.value = ""
	what := foreignInput(kind)
	if what == "" {
		i.say(Changed, "", "Its kind of input, %s, is not known here, so its value is text.", model.SafeQuote(kind, 60))
		return
	}
	i.say(Missing, "Give it the text that the script needs, and its secrets sensitive variables of their own.",
		"It is %s, which Stepdeck does not have; here it is text, and its properties are not set.", what)
}

// foreignInput says what a kind of input, or a type of variable, stands for on an Octopus server; empty if it is not known.
func foreignInput(kind string) string {
	switch kind {
	case "AzureAccount":
		return "an account for Azure"
	case "GoogleCloudAccount":
		return "an account for Google Cloud"
	case "GenericOidcAccount":
		return "an account for OpenID Connect"
	case "SshKeyPair":
		return "an account of an SSH key"
	case "Token", "TokenAccount":
		return "a token account"
	case "UsernamePassword", "UsernamePasswordAccount":
		return "an account of a user name and a password"
	case "Certificate":
		return "a certificate"
	case "Channel":
		return "a channel"
	case "Channels":
		return "channels"
	case "Environment":
		return "an environment"
	case "Environments":
		return "environments"
	case "Feed":
		return "a feed"
	case "GitCredential":
		return "a Git credential"
	case "Lifecycle":
		return "a lifecycle"
	case "Project":
		return "a project"
	case "Projects":
		return "projects"
	case "Target":
		return "a deployment target"
	case "TargetTag":
		return "a target tag"
	case "TargetTags":
		return "target tags"
	case "Team":
		return "a team"
	case "Teams":
		return "teams"
	case "Tenant":
		return "a tenant"
	case "Tenants":
		return "tenants"
	case "TenantTags":
		return "tenant tags"
	case "WorkerPool":
		return "a worker pool"
	}
	return ""
}
