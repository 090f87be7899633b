package engine

import "github.com/stepdeck/stepdeck/model"

// Plan is what a run would do, with secrets hidden.
type Plan struct {
	Project     string           `json:"project"`
	Environment string           `json:"environment"`
	TimeoutMs   int64            `json:"timeoutMs" about:"of the whole run; 0: none"`
	Rehearsal   *model.Rehearsal `json:"rehearsal,omitempty" about:"the run only tries its steps out; absent: it is none"`
	Steps       []Step           `json:"steps"`
	Problems    []RunProblem     `json:"problems" about:"why the run as a whole can't start"`
}

// Step is what one step of a plan would do.
type Step struct {
	Number          int               `json:"step" about:"number of the step in the process, from 1"`
	Name            string            `json:"name"`
	Late            bool              `json:"late" about:"account, role or region are known only when the step runs"`
	NoAccount       bool              `json:"noAccount" about:"it acts without an AWS account"`
	Account         string            `json:"account"`
	AccountVariable string            `json:"accountVariable" about:"variable that names the account; empty: the step names it"`
	Endpoint        string            `json:"endpoint" about:"empty: AWS itself"`
	AssumeRole      *model.AssumeRole `json:"assumeRole,omitempty"`
	Expect          []Expectation     `json:"expect" about:"AWS accounts that the step must act in"`
	Region          string            `json:"region"`
	Language        model.Language    `json:"language"`
	Source          model.Source      `json:"source"`
	Package         *Package          `json:"package,omitempty"`
	Packages        []StepPackage     `json:"packages,omitempty" about:"further ones, beside the script"`
	Folder          *Folder           `json:"folder,omitempty"`
	Script          string            `json:"script" about:"with its variables resolved"`
	Parameters      string            `json:"parameters"`
	Arguments       []model.Argument  `json:"arguments,omitempty" about:"values of parameters by their names, instead of parameters"`
	Variables       []PlanValue       `json:"variables"`
	Octopus         []PlanValue       `json:"octopusVariables" about:"that Octopus itself sets, and so Stepdeck"`
	Environ         []string          `json:"environment" null:"true" about:"names of the AWS variables that the script will have"`
	EnvVars         []PlanValue       `json:"environmentVariables" about:"that the project and the step set"`
	Options         StepOptions       `json:"options"`
	Tool            string            `json:"tool" about:"program that runs the script"`
	ToolVersion     string            `json:"toolVersion"`
	AWS             string            `json:"aws" about:"path of aws; empty: not found"`
	AWSVersion      string            `json:"awsVersion"`
	Warnings        []string          `json:"warnings"`
	Notices         []string          `json:"notices"`
	Problems        []Problem         `json:"problems" about:"why the step can't start"`
}

// Expectation is an AWS account that a step must act in.
type Expectation struct {
	AWSAccount string `json:"awsAccount"`
	From       string `json:"from" about:"where this is required"`
}

// Package is the package that a step's script is in.
type Package struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
	File    string `json:"file" about:"the script in it"`
}

// StepPackage is a further package of a step.
type StepPackage struct {
	Name    string `json:"name" about:"by which the script finds it"`
	ID      string `json:"id"`
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
	Extract bool   `json:"extract" about:"it is unpacked; else its file lies beside the script"`
}

// Folder is the folder that a step's script is in.
type Folder struct {
	Path string `json:"path"`
	File string `json:"file" about:"the script in it"`
}

// PlanValue is a variable that a step would see.
type PlanValue struct {
	Name      string `json:"name"`
	Value     string `json:"value" about:"asterisks if it is sensitive"`
	Sensitive bool   `json:"sensitive"`
}

// StepOptions are the options of a step, as in the project file.
type StepOptions struct {
	TimeoutMs    int64 `json:"timeoutMs" about:"of each attempt; 0: none"`
	RetryPauseMs int64 `json:"retryPauseMs" about:"before each retry; 0: none"`
	model.Options
}

// RunProblem is a reason why a run as a whole can't start.
type RunProblem struct {
	Step string `json:"step" about:"name of the step; empty: of the run"`
	Problem
}

// Problem is a reason why a run or a step can't start.
type Problem struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}
