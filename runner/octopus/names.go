package octopus

import (
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Source is where a variable of Octopus gets its value here.
type Source int

// The sources of variables.
const (
	FromRun   Source = iota // the run itself
	FromStep                // the step that runs
	Given                   // only the project or whoever starts the run: an Octopus server would know it
	Sometimes               // likewise, but Octopus itself does not always have it, so scripts do without
)

// Variable is a variable that Octopus itself sets.
type Variable struct {
	Name    string // with [x] for an index
	Source  Source
	Example string
	About   string
}

// prefix is what the names of Octopus's own variables begin with.
const prefix = "octopus."

// IsOwn reports whether a name is that of a variable of Octopus itself, known or not.
func IsOwn(name string) bool { return strings.HasPrefix(model.NameKey(name), prefix) }

// Variables returns the variables that Octopus sets and a script can use here, in the order of lists.
func Variables() []Variable {
	return slices.Concat(ofRun(), ofStep(), ofRelease(), ofServer(), ofDeployment())
}

func ofRun() []Variable {
	return variables(FromRun, [][3]string{
		{"Octopus.Deployment.Id", "Deployments-17", "the run's number; 0 in a preview"},
		{"Octopus.Deployment.Name", "Deploy to Staging", ""},
		{"Octopus.Deployment.Created", "2026-11-28T09:30:00+01:00", "when the run began"},
		{"Octopus.Deployment.CreatedUtc", "2026-11-28T08:30:00Z", ""},
		{"Octopus.Deployment.CreatedBy.Id", "ana@desk", "who started the run, and on which computer"},
		{"Octopus.Deployment.CreatedBy.Username", "ana@desk", ""},
		{"Octopus.Deployment.CreatedBy.DisplayName", "ana@desk", ""},
		{"Octopus.Deployment.CreatedBy.EmailAddress", "ana@desk", ""},
		{"Octopus.Task.Id", "ServerTasks-17", "the run's number; 0 in a preview"},
		{"Octopus.Task.Name", "Deploy Website to Staging", ""},
		{"Octopus.Task.QueueTime", "2026-11-28T08:30:00Z", ""},
		{"Octopus.Runbook.Id", "Runbooks-…", "the project, by another name"},
		{"Octopus.Runbook.Name", "Website", ""},
		{"Octopus.RunbookRun.Id", "RunbookRuns-17", "the run's number; 0 in a preview"},
		{"Octopus.RunbookRun.Name", "Run on Staging", ""},
		{"Octopus.RunbookRun.Created", "2026-11-28T09:30:00+01:00", ""},
		{"Octopus.RunbookRun.CreatedUtc", "2026-11-28T08:30:00Z", ""},
		{"Octopus.RunbookRun.CreatedBy.Id", "ana@desk", ""},
		{"Octopus.RunbookRun.CreatedBy.Username", "ana@desk", ""},
		{"Octopus.RunbookRun.CreatedBy.DisplayName", "ana@desk", ""},
		{"Octopus.RunbookRun.CreatedBy.EmailAddress", "ana@desk", ""},
		{"Octopus.Project.Id", "Projects-…", "with Stepdeck's own id"},
		{"Octopus.Project.Name", "Website", ""},
		{"Octopus.Project.Slug", "website", ""},
		{"Octopus.Environment.Id", "Environments-…", "of the run's environment; a run without one has none of these"},
		{"Octopus.Environment.Name", "Staging", ""},
		{"Octopus.Environment.Slug", "staging", ""},
		{"Octopus.Environment.SortOrder", "1", "its place in the list of environments, from 0"},
		{"Octopus.Machine.Id", "Machines-desk", "this computer"},
		{"Octopus.Machine.Name", "desk", ""},
		{"Octopus.Machine.Hostname", "desk", ""},
	})
}

func ofStep() []Variable {
	return variables(FromStep, [][3]string{
		{"Octopus.Step.Id", "1f2e…", "Stepdeck's own id"},
		{"Octopus.Step.Name", "Rotate keys", ""},
		{"Octopus.Step.Number", "2", "its place in the process, from 1"},
		{"Octopus.Action.Id", "1f2e…", "an action is the same as its step here"},
		{"Octopus.Action.Name", "Rotate keys", ""},
		{"Octopus.Action.StepName", "Rotate keys", ""},
		{"Octopus.Action.Number", "2", ""},
		{"Octopus.Action.Slug", "rotate-keys", ""},
		{"Octopus.Action.Script.Syntax", "Bash", "`PowerShell`, `Bash` or `Python`"},
		{"Octopus.Action.Script.ScriptSource", "Package", "`Inline`, `Package` or `Folder`"},
		{"Octopus.Action.Script.ScriptFileName", "deploy.sh", "of a script in a package or folder"},
		{"Octopus.Action.Aws.Region", "eu-west-1", "where the step has a region"},
		{"Octopus.Action.Aws.AssumeRole", "True", "`False` where the step assumes no role"},
		{"Octopus.Action.Aws.AssumedRoleArn", "arn:aws:iam::123456789012:role/Deploy", "the last one of several"},
		{"Octopus.Action.AwsAccount.Variable", "aws.account", "where a variable names the account"},
		{"Octopus.Action.AwsAccount.UseInstanceRole", "False", "`True` where the account is `instance-role`"},
	})
}

func ofRelease() []Variable {
	return append(variables(Given, [][3]string{
		{"Octopus.Release.Number", "1.4.0", "of the release"},
		{"Octopus.Release.Id", "Releases-123", ""},
		{"Octopus.Release.Created", "2026-11-28T08:00:00Z", ""},
	}), variables(Sometimes, [][3]string{
		{"Octopus.Release.Notes", "Fixes the login", ""},
		{"Octopus.Release.Channel.Id", "Channels-1", ""},
		{"Octopus.Release.Channel.Name", "Default", ""},
		{"Octopus.Release.Previous.Id", "Releases-122", ""},
		{"Octopus.Release.Previous.Number", "1.3.0", ""},
		{"Octopus.Release.PreviousForEnvironment.Id", "Releases-122", ""},
		{"Octopus.Release.PreviousForEnvironment.Number", "1.3.0", ""},
		{"Octopus.Release.CurrentForEnvironment.Id", "Releases-122", ""},
		{"Octopus.Release.CurrentForEnvironment.Number", "1.3.0", ""},
		{"Octopus.Release.Git.BranchName", "main", ""},
		{"Octopus.Release.Git.CommitHash", "0c708fde…", ""},
		{"Octopus.Release.Git.Ref", "refs/heads/main", ""},
		{"Octopus.Release.CustomFields[x]", "4587", ""},
		{"Octopus.Release.Package", "[…]", "JSON"},
		{"Octopus.Release.Builds", "[…]", "JSON"},
		{"Octopus.Release.WorkItems", "[…]", "JSON"},
	})...)
}

func ofServer() []Variable {
	return append(variables(Given, [][3]string{
		{"Octopus.Web.ServerUri", "https://octopus.example.com", "of an Octopus server, for scripts that call it"},
		{"Octopus.Web.BaseUrl", "https://octopus.example.com", ""},
		{"Octopus.Web.ProjectLink", "/app#/Spaces-1/projects/website", ""},
		{"Octopus.Web.DeploymentLink", "/app#/Spaces-1/deployments/17", ""},
		{"Octopus.Web.ReleaseLink", "/app#/Spaces-1/releases/123", ""},
		{"Octopus.Web.RunbookRunLink", "/app#/Spaces-1/runs/17", ""},
		{"Octopus.Web.RunbookSnapshotLink", "/app#/Spaces-1/snapshots/5", ""},
		{"Octopus.Space.Id", "Spaces-1", ""},
		{"Octopus.Space.Name", "Default", ""},
		{"Octopus.ProjectGroup.Id", "ProjectGroups-1", ""},
		{"Octopus.ProjectGroup.Name", "Websites", ""},
		{"Octopus.WorkerPool.Id", "WorkerPools-1", ""},
		{"Octopus.WorkerPool.Name", "Default", ""},
		{"Octopus.Machine.Roles", "web-server", ""},
		{"Octopus.Agent.ProgramDirectoryPath", "/opt/octopus", ""},
		{"Octopus.Tentacle.Agent.ApplicationDirectoryPath", "/home/octopus/apps", ""},
		{"Octopus.Tentacle.Agent.InstanceName", "Tentacle", ""},
		{"Octopus.Tentacle.Agent.ProgramDirectoryPath", "/opt/octopus", ""},
	}), variables(Sometimes, [][3]string{
		{"Octopus.RunbookSnapshot.Id", "RunbookSnapshots-5", ""},
		{"Octopus.RunbookSnapshot.Name", "Snapshot 5", ""},
		{"Octopus.RunbookSnapshot.Notes", "Rotates keys", ""},
	})...)
}

func ofDeployment() []Variable {
	return variables(Sometimes, [][3]string{
		{"Octopus.Deployment.Tenant.Id", "Tenants-1", "of the tenant"},
		{"Octopus.Deployment.Tenant.Name", "Acme", ""},
		{"Octopus.Deployment.Tenant.Tags", "Ring/Early", ""},
		{"Octopus.Deployment.Comments", "Signed off", ""},
		{"Octopus.Deployment.PreviousSuccessful.Id", "Deployments-16", ""},
		{"Octopus.Deployment.Trigger.Id", "ProjectTriggers-1", ""},
		{"Octopus.Deployment.Trigger.Name", "Nightly", ""},
		{"Octopus.Deployment.Changes", "[…]", "JSON"},
		{"Octopus.Deployment.WorkItems", "[…]", "JSON"},
		{"Octopus.Deployment.PackageBuildInformation", "[…]", "JSON"},
		{"Octopus.Deployment.ChangesMarkdown", "", ""},
		{"Octopus.Deployment.Machines", "Machines-1", ""},
		{"Octopus.Deployment.SpecificMachines", "Machines-1", ""},
		{"Octopus.Deployment.ExcludedMachines", "Machines-1", ""},
		{"Octopus.Deployment.ForcePackageDownload", "False", ""},
		{"Octopus.Step.Status.Code", "Succeeded", ""},
		{"Octopus.Step.Status.Error", "", ""},
		{"Octopus.Step.Status.ErrorDetail", "", ""},
		{"Octopus.Action.Status.Error", "", ""},
		{"Octopus.Action.Status.ErrorDetail", "", ""},
		{"Octopus.Action.IsSkipped", "True", ""},
		{"Octopus.Action.Template.Id", "ActionTemplates-1", "of the step template"},
		{"Octopus.Action.Template.Version", "3", ""},
	})
}

func variables(source Source, rows [][3]string) []Variable {
	list := make([]Variable, len(rows))
	for i, r := range rows {
		list[i] = Variable{Name: r[0], Source: source, Example: r[1], About: r[2]}
	}
	return list
}

// Lookup returns the variable of Octopus with a name. found is false for a name that it does not know.
func Lookup(name string) (v Variable, found bool) {
	key := model.NameKey(name)
	for _, v := range Variables() {
		known := model.NameKey(v.Name)
		before, indexed := strings.CutSuffix(known, "[x]")
		if key == known || indexed && strings.HasPrefix(key, before+"[") {
			return v, true
		}
	}
	return Variable{}, false
}

// ByOwnName returns the variable of Octopus that has a PowerShell variable of that name.
func ByOwnName(name string) (v Variable, found bool) {
	key := strings.ToLower(name)
	if !strings.HasPrefix(key, "octopus") {
		return Variable{}, false
	}
	for _, v := range Variables() {
		if slices.Contains(OwnNames(v.Name), key) {
			return v, true
		}
	}
	return Variable{}, false
}
