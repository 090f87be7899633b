package octopus

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/stepdeck/stepdeck/model"
)

// Run is the run whose variables a script gets.
type Run struct {
	Number      int64 // 0 in a preview
	Began       time.Time
	Who         string // user@host that started it
	Project     model.Project
	Environment model.Environment // zero for none
	Place       int               // of the environment in the list of all, from 0
}

// Step is the step whose variables a script gets. Its texts can have expressions in them.
type Step struct {
	Number int // in the process, from 1
	Step   model.Step
}

// Values returns the run's variables.
func (r Run) Values() []model.InputValue {
	var v values
	r.deployment(&v)
	r.runbook(&v)
	v.add("Octopus.Project.Id", "Projects-"+string(r.Project.ID))
	v.add("Octopus.Project.Name", r.Project.Name)
	v.add("Octopus.Project.Slug", slug(r.Project.Name))
	if e := r.Environment; e.Name != "" {
		v.add("Octopus.Environment.Id", "Environments-"+string(e.ID))
		v.add("Octopus.Environment.Name", e.Name)
		v.add("Octopus.Environment.Slug", slug(e.Name))
		v.add("Octopus.Environment.SortOrder", strconv.Itoa(r.Place))
	}
	host := r.Who[strings.LastIndexByte(r.Who, '@')+1:]
	v.add("Octopus.Machine.Id", "Machines-"+host)
	v.add("Octopus.Machine.Name", host)
	v.add("Octopus.Machine.Hostname", host)
	return v.list
}

// where returns what a run without an environment is said to run on.
func (r Run) where() string { return cmp.Or(r.Environment.Name, "this computer") }

func (r Run) deployment(v *values) {
	v.add("Octopus.Deployment.Id", fmt.Sprintf("Deployments-%d", r.Number))
	v.add("Octopus.Deployment.Name", "Deploy to "+r.where())
	v.created("Octopus.Deployment", r)
	v.add("Octopus.Task.Id", fmt.Sprintf("ServerTasks-%d", r.Number))
	v.add("Octopus.Task.Name", "Deploy "+r.Project.Name+" to "+r.where())
	v.add("Octopus.Task.QueueTime", r.Began.UTC().Format(time.RFC3339))
}

func (r Run) runbook(v *values) {
	v.add("Octopus.Runbook.Id", "Runbooks-"+string(r.Project.ID))
	v.add("Octopus.Runbook.Name", r.Project.Name)
	v.add("Octopus.RunbookRun.Id", fmt.Sprintf("RunbookRuns-%d", r.Number))
	v.add("Octopus.RunbookRun.Name", "Run on "+r.where())
	v.created("Octopus.RunbookRun", r)
}

// Values returns the step's variables.
func (s Step) Values() []model.InputValue {
	var v values
	for _, of := range []string{"Octopus.Step.", "Octopus.Action."} {
		v.add(of+"Id", string(s.Step.ID))
		v.add(of+"Name", s.Step.Name)
		v.add(of+"Number", strconv.Itoa(s.Number))
	}
	v.add("Octopus.Action.StepName", s.Step.Name)
	v.add("Octopus.Action.Slug", slug(s.Step.Name))
	s.script(&v)
	s.aws(&v)
	return v.list
}

func (s Step) script(v *values) {
	language := s.Step.Script.Language
	if s.Step.Script.Source != model.SourceInline {
		language = model.LanguageOf(s.Step.Script.File)
	}
	v.add("Octopus.Action.Script.Syntax", map[model.Language]string{
		model.PowerShell: "PowerShell", model.Bash: "Bash", model.Python: "Python",
	}[language])
	v.add("Octopus.Action.Script.ScriptSource", map[model.Source]string{
		model.SourceInline: "Inline", model.SourcePackage: "Package", model.SourceFolder: "Folder",
	}[s.Step.Script.Source])
	v.add("Octopus.Action.Script.ScriptFileName", s.Step.Script.File)
}

func (s Step) aws(v *values) {
	aws := s.Step.AWS
	v.add("Octopus.Action.Aws.Region", aws.Region)
	v.add("Octopus.Action.Aws.AssumeRole", trueFalse(aws.AssumeRole != nil))
	if aws.AssumeRole != nil {
		v.add("Octopus.Action.Aws.AssumedRoleArn", aws.AssumeRole.Acting().ARN)
	}
	instance := model.NameKey(aws.Account) == model.InstanceRole
	v.add("Octopus.Action.AwsAccount.UseInstanceRole", trueFalse(instance))
	if name := strings.TrimSpace(aws.Account); !instance && model.NameKey(name) != model.NoAccount {
		v.add("Octopus.Action.AwsAccount.Variable", name)
	}
}

// trueFalse returns the text that Octopus has for a truth.
func trueFalse(yes bool) string {
	if yes {
		return "True"
	}
	return "False"
}

type values struct{ list []model.InputValue }

// add adds a variable, unless it has no value: Octopus has none then either.
func (v *values) add(name, value string) {
	if value != "" {
		v.list = append(v.list, model.InputValue{Name: name, Value: value})
	}
}

func (v *values) created(of string, r Run) {
	v.add(of+".Created", r.Began.Format(time.RFC3339))
	v.add(of+".CreatedUtc", r.Began.UTC().Format(time.RFC3339))
	for _, what := range []string{"Id", "Username", "DisplayName", "EmailAddress"} {
		v.add(of+".CreatedBy."+what, r.Who)
	}
}

// slug returns a name as addresses have it: letters and digits, and a hyphen for all between.
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}
