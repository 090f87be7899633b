package model

import (
	"slices"
	"strings"
)

// ChoiceKind says what AWS is asked for.
type ChoiceKind string

// The kinds of choices. All but the last are questions that Stepdeck knows.
const (
	ChooseBucket   ChoiceKind = "bucket"
	ChooseInstance ChoiceKind = "instance"
	ChooseStack    ChoiceKind = "stack"
	ChooseLogGroup ChoiceKind = "log-group"
	ChooseFunction ChoiceKind = "function"
	ChooseSecret   ChoiceKind = "secret"  // its name, never its value
	ChooseCommand  ChoiceKind = "command" // that the project has
)

// ChoiceKinds lists the kinds of choices.
func ChoiceKinds() []ChoiceKind {
	return []ChoiceKind{ChooseBucket, ChooseInstance, ChooseStack, ChooseLogGroup, ChooseFunction, ChooseSecret, ChooseCommand}
}

// Choices says how the values that a prompt offers are read from AWS: by a command of aws, run as the identity of the step that
// uses the variable.
type Choices struct {
	Of      ChoiceKind `json:"of"`
	Command []string   `json:"command,omitempty"` // of ChooseCommand: the arguments of aws, such as s3api list-buckets
	Query   string     `json:"query,omitempty"`   // of ChooseCommand: a JMESPath expression that gives values, or pairs of value and label
}

// Choice is a value that a prompt offers.
type Choice struct {
	Value string
	Label string // what people see beside the value; empty: nothing
}

// Matches reports whether every word of a filter stands in the value or the label, in whatever case.
func (c Choice) Matches(filter string) bool {
	text := strings.ToLower(c.Value + " " + c.Label)
	for word := range strings.FieldsSeq(strings.ToLower(filter)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// Known reports whether the command is Stepdeck's own, which only reads. Any other has to be seen by a person before it runs.
func (c Choices) Known() bool { return c.Of != ChooseCommand }

// Arguments returns the arguments of aws.
func (c Choices) Arguments() []string {
	command, query := c.Command, c.Query
	switch c.Of {
	case ChooseBucket:
		command, query = []string{"s3api", "list-buckets"}, "Buckets[].Name"
	case ChooseInstance:
		command = []string{"ec2", "describe-instances",
			"--filters", "Name=instance-state-name,Values=pending,running,stopping,stopped"}
		query = "Reservations[].Instances[].[InstanceId,Tags[?Key=='Name'].Value|[0]]"
	case ChooseStack:
		command, query = []string{"cloudformation", "describe-stacks"}, "Stacks[].[StackName,Description]"
	case ChooseLogGroup:
		command, query = []string{"logs", "describe-log-groups"}, "logGroups[].logGroupName"
	case ChooseFunction:
		command, query = []string{"lambda", "list-functions"}, "Functions[].[FunctionName,Description]"
	case ChooseSecret:
		command, query = []string{"secretsmanager", "list-secrets"}, "SecretList[].[Name,Description]"
	case ChooseCommand:
	}
	list := append(slices.Clone(command), "--output", "json")
	if query == "" {
		return list
	}
	return append(list, "--query="+query) // in one argument: an expression may begin with a hyphen
}

// Region returns the region that the command itself asks in; empty: in the step's.
func (c Choices) Region() string {
	region := ""
	for i, a := range c.Command {
		if value, joined := strings.CutPrefix(a, regionOption+"="); joined {
			region = value
		} else if a == regionOption && i+1 < len(c.Command) {
			region = c.Command[i+1]
		}
	}
	return region
}

// CommandLine returns the command as a person would type it, in one line that is safe to show.
func (c Choices) CommandLine() string {
	words := []string{"aws"}
	for _, a := range c.Arguments() {
		if a == "" || strings.ContainsAny(a, " \t\r\n'\"`$&|;<>()[]{}*?!\\#~%^") {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		words = append(words, a)
	}
	return SafeLine(strings.Join(words, " "))
}

// Limits of a command that a project has.
const (
	maxChoiceArguments = 50
	maxChoiceText      = 4096 // bytes of an argument or query
)

// fixedOptions are options of aws that would give it another identity, send its requests elsewhere or change the form of the answer.
var fixedOptions = []string{
	"--profile", "--endpoint-url", "--no-sign-request", "--no-verify-ssl", "--ca-bundle", "--output", "--query", "--debug",
	"--color", "--no-paginate", "--cli-auto-prompt", "--version", "--generate-cli-skeleton",
}

// regionOption is the one option of identity and address that a command can have. Who sees the choices sees the region, too.
const regionOption = "--region"

func (c Choices) check(p Prompt, v Variable) []Problem {
	var ps problems
	switch {
	case v.Type != TypeText:
		ps.add("of", NewError("prompt.choices.type", "The prompt of %q can't have choices from AWS: it is no text. Remove them.", v.Name))
	case p.Control != ControlText && p.Control != ControlSelect && p.Control != ControlMultiSelect:
		ps.add("of", NewError("prompt.choices.control",
			"The prompt of %q has choices from AWS, but is no text, select or multiselect. Remove them, or make it one.", v.Name))
	case len(p.Options) > 0:
		ps.add("of", NewError("prompt.choices.options", "The prompt of %q has both options and choices from AWS. Remove one of them.", v.Name))
	}
	switch {
	case !slices.Contains(ChoiceKinds(), c.Of):
		ps.add("of", NewError("prompt.choices.of", "%q is nothing that choices can be of. Use one of: %s.", c.Of, choiceKindNames()))
	case c.Known() && (len(c.Command) > 0 || c.Query != ""):
		ps.add("command", NewError("prompt.choices.command.unused",
			"The choices of %q have a command or query of their own, but are of %s. Remove it, or write command.", v.Name, c.Of))
	case !c.Known():
		ps.add("command", c.checkCommand(v))
		ps.add("query", checkChoiceText("query", c.Query, v))
	}
	return ps.list
}

func choiceKindNames() string {
	var names []string
	for _, k := range ChoiceKinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

func (c Choices) checkCommand(v Variable) error {
	switch {
	case len(c.Command) < 2 || strings.HasPrefix(c.Command[0], "-") || strings.HasPrefix(c.Command[1], "-"):
		return NewError("prompt.choices.command",
			"The command for the choices of %q must begin with a service and an operation, such as: s3api list-buckets.", v.Name)
	case len(c.Command) > maxChoiceArguments:
		return NewError("prompt.choices.long", "The command for the choices of %q has %d arguments; it can have %d. Shorten it.",
			v.Name, len(c.Command), maxChoiceArguments)
	}
	for _, a := range c.Command {
		if err := checkChoiceText("command", a, v); err != nil {
			return err
		}
		name, _, _ := strings.Cut(a, "=")
		// An old aws takes an option's beginning for the option.
		fixed := func(o string) bool { return strings.HasPrefix(o, name) }
		if len(name) > 2 && strings.HasPrefix(name, "--") && slices.ContainsFunc(fixedOptions, fixed) {
			return NewError("prompt.choices.option",
				"The command for the choices of %q can't have the option %s: identity, address and form of the answer are Stepdeck's. Remove it.",
				v.Name, name)
		}
		if len(name) > 2 && name != regionOption && strings.HasPrefix(regionOption, name) {
			return NewError("prompt.choices.option", "The command for the choices of %q shortens an option to %s. Write %s.",
				v.Name, name, regionOption)
		}
	}
	return c.checkRegion(v)
}

// checkRegion returns what is wrong with the region that the command asks in.
func (c Choices) checkRegion(v Variable) error {
	region := c.Region()
	if !slices.ContainsFunc(c.Command, func(a string) bool { return a == regionOption || strings.HasPrefix(a, regionOption+"=") }) {
		return nil
	}
	if err := CheckRegion(region); err != nil || strings.TrimSpace(region) == "" {
		return NewError("prompt.choices.region",
			"The command for the choices of %q has %s without a region. Add one such as eu-west-1, or remove it.", v.Name, regionOption).Because(err)
	}
	return nil
}

func checkChoiceText(what, text string, v Variable) error {
	switch {
	case len(text) > maxChoiceText:
		return NewError("prompt.choices.long", "A text of the %s for the choices of %q is longer than %d bytes. Shorten it.",
			what, v.Name, maxChoiceText)
	case SafeLine(text) != text:
		return NewError("prompt.choices.character",
			"The %s for the choices of %q has a line break or an invisible character. Remove it.", what, v.Name)
	case HasExpression(text):
		return NewError("prompt.choices.expression",
			"The %s for the choices of %q has an expression, which is not replaced there. Write the text itself.", what, v.Name)
	}
	return nil
}
