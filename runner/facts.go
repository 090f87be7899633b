package runner

import (
	"strconv"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// FactKind is the kind of a fact in a preview.
type FactKind string

// The kinds of facts.
const (
	FactNoAccount       FactKind = "no account"
	FactAccount         FactKind = "account" // From: the variable that names it
	FactLate            FactKind = "late"    // account, role or region are known only when the step runs
	FactExpected        FactKind = "expected AWS account"
	FactRole            FactKind = "role"
	FactNextRole        FactKind = "next role" // assumed with the session of the role before it; those below are of the role above them
	FactSessionName     FactKind = "session name"
	FactExternalID      FactKind = "external ID"
	FactSessionDuration FactKind = "session duration" // From: the longer one that was asked for
	FactPolicy          FactKind = "session policy"
	FactPolicyARNs      FactKind = "managed policies"
	FactTags            FactKind = "session tags"
	FactSourceIdentity  FactKind = "source identity"
	FactRegion          FactKind = "region"
	FactEnvironment     FactKind = "environment"          // names of the AWS variables, separated by blanks
	FactEnvVar          FactKind = "environment variable" // From: its name
	FactPackage         FactKind = "package"              // From: its version
	FactFurtherPackage  FactKind = "further package"      // with its version; From: its name in the step
	FactPackedPackage   FactKind = "packed package"       // likewise; its file lies beside the script
	FactFolder          FactKind = "folder"
	FactFile            FactKind = "file"      // in the package or folder
	FactArgument        FactKind = "parameter" // From: its name
	FactLanguage        FactKind = "language"
	FactTool            FactKind = "tool"   // From: its version
	FactAWSTool         FactKind = "aws"    // From: its version
	FactOption          FactKind = "option" // Field: its path in the project file; Title: its name
)

// FactKinds returns all kinds.
func FactKinds() []FactKind {
	return []FactKind{
		FactNoAccount, FactAccount, FactLate, FactExpected, FactRole, FactNextRole, FactSessionName, FactExternalID, FactSessionDuration,
		FactPolicy, FactPolicyARNs, FactTags, FactSourceIdentity, FactRegion,
		FactEnvironment, FactEnvVar, FactPackage, FactFurtherPackage, FactPackedPackage, FactFolder, FactFile, FactArgument,
		FactLanguage, FactTool,
		FactAWSTool, FactOption,
	}
}

// Fact is a row in the preview of a step. The terminal and the window each have the words for a kind of fact. Options are the
// exception: Title and Text are what the terminal prints, and the window has its own for the option that Field names.
type Fact struct {
	Kind  FactKind
	Text  string
	From  string // where Text comes from, or what belongs to it: see the kind. Of an option: the DeliveryReason, if it isn't the step's
	Field string // FactOption only
	Title string // FactOption only
}

// keysOfConsole says how a script gets the keys of a console sign-in, unless its step has it otherwise.
const keysOfConsole = "renewed while the script runs: those of a console sign-in live for minutes"

// Facts returns what a preview shows of the step apart from its script and variables, without empty facts.
func (s StepPlan) Facts() []Fact {
	var f facts
	f.identity(s)
	f.add(FactRegion, s.Region, "")
	f.add(FactEnvironment, strings.Join(s.Environ, " "), "")
	f.envVars(s.EnvVars)
	if s.Package != nil {
		f.add(FactPackage, s.Package.Name, s.Package.Version)
	}
	for _, p := range s.Packages {
		kind := FactPackedPackage
		if p.Extract {
			kind = FactFurtherPackage
		}
		f.add(kind, strings.TrimSpace(p.Name+" "+p.Version), p.As)
	}
	f.add(FactFolder, s.Folder, "")
	f.add(FactFile, s.Entry, "")
	f.arguments(s.Arguments)
	f.add(FactLanguage, string(s.Language), "")
	f.add(FactTool, s.Tool.Path, s.Tool.Version)
	f.add(FactAWSTool, s.AWSTool.Path, s.AWSTool.Version)
	f.options(s)
	return f
}

type facts []Fact

func (f *facts) add(kind FactKind, text, from string) {
	if text != "" {
		*f = append(*f, Fact{Kind: kind, Text: text, From: from})
	}
}

func (f *facts) identity(s StepPlan) {
	if s.NoAccount {
		f.add(FactNoAccount, model.NoAccount, "")
	} else {
		f.add(FactAccount, s.Account.Name, s.AccountVariable)
	}
	if s.Late {
		*f = append(*f, Fact{Kind: FactLate})
	}
	for _, e := range s.Expect {
		f.add(FactExpected, e.AWSID, e.From)
	}
	if s.Role == nil {
		return
	}
	for i, r := range s.Role.Chain() {
		f.role(r, i > 0, i > 0 || s.Account.IsRole())
	}
}

// role adds what a step says of one role. A chained one is assumed with a role's session, as each that follows another.
func (f *facts) role(r model.AssumeRole, follows, chained bool) {
	kind := FactRole
	if follows {
		kind = FactNextRole
	}
	f.add(kind, r.ARN, "")
	f.add(FactSessionName, r.SessionName, "")
	f.add(FactExternalID, r.ExternalID, "")
	f.duration(r.Duration, chained)
	f.add(FactPolicy, strings.Join(strings.Fields(r.Policy), " "), "")
	f.add(FactPolicyARNs, strings.Join(r.PolicyARNs, ", "), "")
	f.add(FactTags, tagTexts(r.Tags), "")
	f.add(FactSourceIdentity, r.SourceIdentity, "")
}

func (f *facts) duration(seconds int, chained bool) {
	text := func(n int) string { return model.FormatDuration(time.Duration(n) * time.Second) }
	if chained && seconds > model.MaxChained {
		f.add(FactSessionDuration, text(model.MaxChained), text(seconds))
		return
	}
	f.add(FactSessionDuration, text(seconds), "")
}

func tagTexts(tags []model.Tag) string {
	texts := make([]string, len(tags))
	for i, t := range tags {
		texts[i] = t.Key + "=" + t.Value
		if t.Transitive {
			texts[i] += " (transitive)"
		}
	}
	return strings.Join(texts, ", ")
}

// envVars adds each environment variable, also one whose value is empty.
func (f *facts) envVars(list []model.InputValue) {
	for _, v := range list {
		text := strings.Join(strings.Fields(v.Value), " ")
		if v.Sensitive {
			text = hidden
		}
		*f = append(*f, Fact{Kind: FactEnvVar, Text: clip(text), From: v.Name})
	}
}

// arguments adds each parameter, also one whose value is empty.
func (f *facts) arguments(list []model.Argument) {
	for _, a := range list {
		text := strings.Join(strings.Fields(a.Value), " ")
		if a.As == model.ArgumentList {
			text = strings.Join(a.Values(), ", ")
		}
		*f = append(*f, Fact{Kind: FactArgument, Text: clip(text), From: a.Name})
	}
}

// options adds the options that apply, each in the words of the terminal.
func (f *facts) options(s StepPlan) {
	o, language := s.Step.Options, s.Language
	f.option("timeout", "Time limit", model.FormatDuration(o.Timeout))
	f.option("stderr", "Error output", string(o.Stderr))
	if language == model.PowerShell {
		f.option("edition", "Edition", string(o.Edition))
	}
	f.freshness(s)
	f.option("stopOnFirstFailure", "On failure", choose(o.StopOnFirstFailure, "stops at the first failing command", "continues"))
	f.option("isolateAwsConfig", "~/.aws files", choose(o.IsolateAWSConfig, "hidden from the script", "readable by the script"))
	f.process(o)
}

// freshness adds how the script gets its keys, as far as that is known before anybody has signed in.
func (f *facts) freshness(s StepPlan) {
	chosen := s.Step.Options.FreshCredentials
	text, from := map[model.Freshness]string{
		model.FreshAuto:   "renewed if they would end before the step does",
		model.FreshAlways: "renewed while the script runs",
		model.FreshNever:  "keys in the environment, never renewed",
	}[chosen], ""
	switch {
	case s.NoAccount:
	case s.Account.Kind == model.KindConsole && chosen == model.FreshAuto:
		text, from = keysOfConsole, string(OfConsole)
	case s.lastingKey() && chosen == model.FreshAlways:
		text, from = "keys in the environment: they don't end, so there is nothing to renew", string(KeysNeverEnd)
	}
	f.option("freshCredentials", "Credentials", text)
	if text != "" {
		(*f)[len(*f)-1].From = from
	}
}

// lastingKey reports whether the script gets a long-lived access key itself.
func (s StepPlan) lastingKey() bool {
	a := s.Account
	return !s.Late && s.Role == nil && a.Kind == model.KindAccessKey && !a.GetsSession() && !a.TokenSet
}

// process adds the options that say when the step runs, but for those that have their usual value.
func (f *facts) process(o model.Options) {
	f.option("start", "Starts", choose(o.Start == model.StartWithPrevious, "together with the step before it", ""))
	f.option("condition", "Runs", map[model.Condition]string{
		model.ConditionFailure:  "only if a step before it failed",
		model.ConditionAlways:   "also if a step before it failed",
		model.ConditionVariable: "if its expression is true",
	}[o.Condition])
	f.option("conditionExpression", "Expression", clip(strings.Join(strings.Fields(o.ConditionExpression), " ")))
	if o.Retries > 0 {
		f.option("retries", "Retries", "up to "+strconv.Itoa(o.Retries)+" while it fails")
	}
	f.option("retryPause", "Retry pause", model.FormatDuration(o.RetryPause))
	f.option("leaveBackground", "Left processes", choose(o.LeaveBackground, "keep running after the step", ""))
	f.option("required", "Required", choose(o.Required, "runs too when only other steps are chosen", ""))
}

func (f *facts) option(name, title, text string) {
	if text != "" {
		*f = append(*f, Fact{Kind: FactOption, Field: "options." + name, Title: title, Text: text})
	}
}

func choose(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}
