package model

import (
	"fmt"
	"strings"
	"time"
)

// Step is one "Run an AWS CLI Script": the identity to use and the script to run.
type Step struct {
	ID      ID
	Name    string
	Enabled bool
	Values  []Variable // of this step only; they take precedence over the project's
	EnvVars []EnvVar   // likewise: the environment of the script
	AWS     StepAWS
	Script  Script
	Options Options
	Pinned  bool // shown first on this computer's start page
}

// StepAWS is the AWS section of a step.
type StepAWS struct {
	Account    string // name of an account variable, an expression, or NoAccount; empty is incomplete
	Expect     string // the AWS account id that the step must act in, empty for any
	AssumeRole *AssumeRole
	Region     string
}

// Source is where a step's script comes from.
type Source string

// The sources of a script.
const (
	SourceInline  Source = "inline"
	SourcePackage Source = "package"
	SourceFolder  Source = "folder"
)

// Language is the language of a script.
type Language string

// The languages of scripts.
const (
	PowerShell Language = "powershell"
	Bash       Language = "bash"
	Python     Language = "python"
)

// LanguageOf returns the language of a script file by its extension, in any case; empty if the extension is unknown.
func LanguageOf(file string) Language {
	switch dot := strings.LastIndexByte(file, '.'); {
	case dot < 0:
		return ""
	case strings.EqualFold(file[dot:], ".ps1"):
		return PowerShell
	case strings.EqualFold(file[dot:], ".sh"), strings.EqualFold(file[dot:], ".bash"):
		return Bash
	case strings.EqualFold(file[dot:], ".py"):
		return Python
	}
	return ""
}

// Package versions that are a rule instead of a version.
const (
	LatestVersion           = "latest"            // the highest that is not a pre-release
	LatestPrereleaseVersion = "latest-prerelease" // the highest of all
	Unversioned             = "none"              // the one without a version
)

// Script is the script section of a step.
type Script struct {
	Source     Source
	Language   Language // inline only; a file's language follows from its extension
	Body       string   // inline
	Package    string   // package id
	Version    string   // a version or one of the rules above; empty for latest
	Folder     string   // full path; the value of an expression in it can't lead out of the part before it
	File       string   // path of the script inside the package or folder
	Parameters string
	Arguments  []Argument      // instead of Parameters: values of parameters by their names
	Packages   []ScriptPackage // further ones, beside the script
}

// ErrorOutput is what output on stderr means for a step.
type ErrorOutput string

// The meanings of error output.
const (
	ErrorOutputInfo    ErrorOutput = "info"
	ErrorOutputWarning ErrorOutput = "warning" // the lines are errors, the step ends with a warning
	ErrorOutputError   ErrorOutput = "error"   // the lines are errors, the step's status doesn't change
	ErrorOutputFail    ErrorOutput = "fail"    // the step fails
)

// Edition is the PowerShell that runs a PowerShell script.
type Edition string

// The editions of PowerShell.
const (
	EditionAuto    Edition = "auto" // Windows PowerShell on Windows, pwsh elsewhere
	EditionDesktop Edition = "desktop"
	EditionCore    Edition = "core"
)

// Freshness says whether a script can get new credentials while it runs, from an endpoint of this computer, instead of keys
// in its environment that end with their session.
type Freshness string

// The kinds of freshness.
const (
	FreshAuto   Freshness = "auto" // if the keys would end before the step usually does; always for a console sign-in
	FreshAlways Freshness = "always"
	FreshNever  Freshness = "never"
)

// Condition says when a step runs, depending on the outcome of the steps before it.
type Condition string

// The run conditions.
const (
	ConditionSuccess Condition = "success"
	ConditionFailure Condition = "failure"
	ConditionAlways  Condition = "always"

	ConditionVariable Condition = "variable" // if the step's ConditionExpression comes to a value that is true, whatever happened before
)

// Start says when a step begins.
type Start string

// The start triggers.
const (
	StartAfterPrevious Start = "after-previous" // when the step before it has ended
	StartWithPrevious  Start = "with-previous"  // together with the step before it
)

// Options are the remaining settings of a step. DefaultOptions returns the defaults of the project file. Their JSON, with the
// keys of the project file, is in the database and in the records of the command; each of the two has its own durations.
type Options struct {
	Timeout            time.Duration `json:"-"` // 0 for none
	Stderr             ErrorOutput   `json:"stderr"`
	StopOnFirstFailure bool          `json:"stopOnFirstFailure"`
	Edition            Edition       `json:"edition"`
	IsolateAWSConfig   bool          `json:"isolateAwsConfig"`
	FreshCredentials   Freshness     `json:"freshCredentials"`
	LeaveBackground    bool          `json:"leaveBackground"`

	Start               Start     `json:"start"`
	Condition           Condition `json:"condition"`
	ConditionExpression string    `json:"conditionExpression"` // of ConditionVariable only
	Required            bool      `json:"required"`            // runs too when only other steps are chosen

	Retries    int           `json:"retries"` // attempts after the first one, while they fail
	RetryPause time.Duration `json:"-"`       // before each of these
}

// MaxRetries is how often a step can be retried.
const MaxRetries = 10

// DefaultOptions returns the options of a step that sets none.
func DefaultOptions() Options {
	return Options{
		Stderr: ErrorOutputWarning, Edition: EditionAuto, IsolateAWSConfig: true, FreshCredentials: FreshAuto, Condition: ConditionSuccess,
		Start: StartAfterPrevious,
	}
}

// NewStep returns a step with the project file's defaults: enabled, inline Bash, nothing chosen yet.
func NewStep(name string) Step {
	return Step{Name: name, Enabled: true, Script: Script{Source: SourceInline, Language: Bash}, Options: DefaultOptions()}
}

// Check returns what keeps the step from being run, field by field. A step with problems can be saved.
func (s Step) Check() []Problem {
	var ps problems
	ps.add("name", CheckName("step", s.Name))
	seen := map[string]bool{}
	for i, v := range s.Values {
		prefix := fmt.Sprintf("values[%d].", i)
		ps.addAll(prefix, v.Check())
		if len(v.Scope) > 0 {
			ps.add(prefix+"scope", NewError(codeValueScope, "The step's own value %q has a scope. Only the project's variables have one.", v.Name))
		}
		if seen[NameKey(v.Name)] {
			ps.add(prefix+"name", NewError(codeValueTwice, "The step has two values called %q. Remove one.", v.Name))
		}
		seen[NameKey(v.Name)] = true
	}
	ps.addAll("", checkEnvVars(s.EnvVars))
	ps.addAll("aws.", s.AWS.check())
	ps.addAll("script.", s.Script.check())
	ps.addAll("options.", s.Options.check())
	return ps.list
}

func (a StepAWS) check() []Problem {
	var ps problems
	if strings.TrimSpace(a.Account) == "" {
		ps.add("account", NewError(codeStepAccountEmpty, "No AWS account is chosen. Choose an account variable, or No AWS account."))
	}
	none := NameKey(a.Account) == NoAccount
	if a.Expect != "" {
		if none {
			ps.add("expect", NewError("step.expect.none",
				"The step expects an AWS account but uses none. Choose an account variable or remove expect."))
		}
		ps.add("expect", CheckAWSAccountID(a.Expect))
	}
	if r := a.AssumeRole; r != nil {
		if none {
			ps.add("assumeRole", NewError("step.role.none",
				"The step assumes a role but uses no AWS account to assume it with. Choose an account variable or don't assume a role."))
		}
		ps.addAll("assumeRole.", r.Check())
	}
	if strings.TrimSpace(a.Region) == "" && !none && strings.TrimSpace(a.Account) != "" {
		ps.add("region", NewError(codeStepRegionEmpty,
			"No region is given. Enter one such as eu-west-1, or an expression such as #{AWS.Region}."))
	}
	ps.add("region", CheckRegion(a.Region))
	return ps.list
}

func (s Script) check() []Problem {
	var ps problems
	switch s.Source {
	case SourceInline:
		switch s.Language {
		case PowerShell, Bash, Python:
		default:
			ps.add("language", NewError("script.language", "%q is not a script language. Use powershell, bash or python.", s.Language))
		}
		if strings.TrimSpace(s.Body) == "" {
			ps.add("body", NewError(codeScriptBodyEmpty, "The step has no script. Write one, or take it from a package or a folder."))
		}
		if strings.ContainsRune(s.Body, 0) {
			ps.add("body", NewError("script.body.nul", "The script contains a NUL character, so it is not text. Load it again as text."))
		}
	case SourcePackage:
		if strings.TrimSpace(s.Package) == "" {
			ps.add("package", NewError(codeScriptPackageEmpty, "No package is chosen. Choose one or import it."))
		}
		ps.addAll("", s.checkFile())
	case SourceFolder:
		ps.add("folder", checkFolder(s.Folder))
		ps.addAll("", s.checkFile())
	default:
		ps.add("source", NewError("script.source", "%q is not a script source. Use inline, package or folder.", s.Source))
	}
	ps.addAll("", s.checkArguments())
	ps.addAll("", checkScriptPackages(s.Packages))
	return ps.list
}

// checkFolder returns what is wrong with the path of a script folder; it doesn't look at the disk.
func checkFolder(path string) error {
	switch {
	case strings.TrimSpace(path) == "":
		return NewError(codeScriptFolderEmpty, "No folder is chosen. Choose the one that contains the script.")
	case strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return NewError("script.folder.form", "%q can't be the path of a folder. Choose the folder again.", path)
	}
	return nil
}

func (s Script) checkFile() []Problem {
	var ps problems
	file := strings.TrimSpace(s.File)
	switch {
	case file == "":
		ps.add("file", NewError(codeScriptFileEmpty, "No script file is chosen. Name the file to run, such as tools/rotate.ps1."))
	case HasExpression(file):
	default:
		if LanguageOf(file) == "" {
			ps.add("file", NewError("script.file.language",
				"Can't tell the language of %q. The name of the script file must end in .ps1, .sh or .py.", file))
		}
	}
	return ps.list
}

func (o Options) check() []Problem {
	var ps problems
	if o.Timeout < 0 {
		ps.add("timeout", NewError("options.timeout", "The time limit can't be negative. Use one such as 10m, or none."))
	}
	switch o.Stderr {
	case ErrorOutputInfo, ErrorOutputWarning, ErrorOutputError, ErrorOutputFail:
	default:
		ps.add("stderr", NewError("options.stderr", "%q is not a setting for error output. Use info, warning, error or fail.", o.Stderr))
	}
	switch o.Edition {
	case EditionAuto, EditionDesktop, EditionCore:
	default:
		ps.add("edition", NewError("options.edition", "%q is not a PowerShell edition. Use auto, desktop or core.", o.Edition))
	}
	switch o.Start {
	case StartAfterPrevious, StartWithPrevious:
	default:
		ps.add("start", NewError("options.start", "%q is not a start trigger. Use after-previous or with-previous.", o.Start))
	}
	switch o.Condition {
	case ConditionSuccess, ConditionFailure, ConditionAlways, ConditionVariable:
	default:
		ps.add("condition", NewError("options.condition", "%q is not a run condition. Use success, failure, always or variable.", o.Condition))
	}
	ps.add("conditionExpression", o.checkExpression())
	if o.Retries < 0 || o.Retries > MaxRetries {
		ps.add("retries", NewError("options.retries", "A step can be retried up to %d times, not %d.", MaxRetries, o.Retries))
	}
	if o.RetryPause < 0 {
		ps.add("retryPause", NewError("options.retrypause", "The pause before a retry can't be negative. Use one such as 15s, or none."))
	}
	switch o.FreshCredentials {
	case FreshAuto, FreshAlways, FreshNever:
	default:
		ps.add("freshCredentials",
			NewError("options.freshcredentials", "%q is not a setting for fresh credentials. Use auto, always or never.", o.FreshCredentials))
	}
	return ps.list
}

// checkExpression returns an error if the run condition lacks its expression, or has one that nothing reads.
func (o Options) checkExpression() error {
	given := strings.TrimSpace(o.ConditionExpression) != ""
	switch {
	case o.Condition == ConditionVariable && !given:
		return NewError(codeExpressionEmpty,
			"The step runs when an expression is true, but none is given. Write one such as #{Deploy}, or choose another run condition.")
	case o.Condition != ConditionVariable && given:
		return NewError("options.expression.unused",
			"The step has an expression, but its run condition is %s. Choose the run condition variable, or remove the expression.", o.Condition)
	}
	return nil
}

// IsTrue reports whether the value of a run condition's expression is true: as in Octopus, any but an empty one, False, No and 0.
func IsTrue(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "", "false", "no", "0":
		return false
	}
	return true
}
