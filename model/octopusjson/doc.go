// Package octopusjson reads what Octopus Deploy exports as JSON, or answers to requests: step templates, processes, variables,
// and the resources that give names to the ids in them. It knows the format alone, and not what Stepdeck makes of it.
//
// It reads what people have: a value of another type than usual is taken as text, and keys that it does not know are passed over.
// Only what can't be understood at all is an error.
package octopusjson

// MaxFile is the maximum size of a file in bytes. Exports with large scripts have a few megabytes.
const MaxFile = 32 << 20

// Export is what one or several files contain.
type Export struct {
	Templates    []Template
	Processes    []Process
	VariableSets []VariableSet
	Projects     []Project
	Accounts     []Account
	Environments []Named
	Names        map[string]string // of anything else that has an id and a name, such as a runbook, by the id
}

// Template is a step template: an action whose parameters are asked for.
type Template struct {
	Action
	Description String
	Parameters  List[Parameter]

	File string `json:"-"` // in which it stands
}

// Parameter is an input of a step template.
type Parameter struct {
	Name            String
	Label           String
	HelpText        String
	DefaultValue    Text
	DisplaySettings Texts
}

// Process is the process of a deployment or of a runbook.
type Process struct {
	ID        String `json:"Id"`
	ProjectID String `json:"ProjectId"`
	RunbookID String `json:"RunbookId"`
	Steps     List[Step]

	File string `json:"-"`
}

// Step is a step of a process. It has several actions where Octopus runs them on one target after the other.
type Step struct {
	Name         String
	Condition    String
	StartTrigger String
	Properties   Texts
	Actions      List[Action]
}

// Action is what a step does.
type Action struct {
	ID         String `json:"Id"`
	Name       String
	ActionType String
	Notes      String
	IsDisabled Flag
	IsRequired Flag
	Condition  String
	Properties Texts
	Inputs     Texts // of a step package, which has them instead of properties
	Packages   List[Package]

	WorkerPoolID       String `json:"WorkerPoolId"`
	WorkerPoolVariable String
	Container          Container

	Environments         List[String]
	ExcludedEnvironments List[String]
	Channels             List[String]
	TenantTags           List[String]
	GitDependencies      List[GitDependency]
}

// Package is a package that an action uses. The one that contains the action's own script or files has no name.
type Package struct {
	Name       String
	PackageID  String `json:"PackageId"`
	Properties Texts

	AcquisitionLocation String
}

// Container is the image in which an action runs.
type Container struct{ Image String }

// UnmarshalJSON passes over anything that is no object.
func (c *Container) UnmarshalJSON(data []byte) error {
	type plain Container
	return lenient(data, (*plain)(c))
}

// GitDependency is a Git repository whose files an action uses, such as its script.
type GitDependency struct {
	Name            String
	RepositoryURI   String `json:"RepositoryUri"`
	DefaultBranch   String
	FilePathFilters List[String]
}

// UnmarshalJSON passes over anything that is no object.
func (g *GitDependency) UnmarshalJSON(data []byte) error {
	type plain GitDependency
	return lenient(data, (*plain)(g))
}

// VariableSet is the variables of a project or of a library set.
type VariableSet struct {
	ID          String `json:"Id"`
	OwnerID     String `json:"OwnerId"`
	Variables   List[Variable]
	ScopeValues ScopeValues

	File string `json:"-"`
}

// Variable is one value of a name.
type Variable struct {
	Name        String
	Value       Text
	Description String
	Type        String
	IsSensitive Flag
	Scope       Scope
	Prompt      *Prompt
}

// Scope has ids or names of what a value is for, by its kind, such as Environment.
type Scope map[string]List[String]

// UnmarshalJSON passes over anything that is no object.
func (s *Scope) UnmarshalJSON(data []byte) error {
	type plain Scope
	return lenient(data, (*plain)(s))
}

// Prompt says how a value is asked for.
type Prompt struct {
	Label           String
	Description     String
	Required        Flag
	DisplaySettings Texts
}

// ScopeValues are the names of what variables can be scoped to.
type ScopeValues struct {
	Environments List[Named]
	Actions      List[Named]
	Channels     List[Named]
	Machines     List[Named]
	Processes    List[Named]
}

// Named is something of which only the name is known.
type Named struct {
	ID   String `json:"Id"`
	Name String
}

// Project is a project, without its process.
type Project struct {
	ID          String `json:"Id"`
	Name        String
	Description String

	IncludedLibraryVariableSetIDs List[String] `json:"IncludedLibraryVariableSetIds"`
}

// Account is an account for a cloud, without its secret.
type Account struct {
	ID          String `json:"Id"`
	Name        String
	Description String
	AccountType String
	AccessKey   String
	Region      String
}

// Merge returns what several exports contain together.
func Merge(list ...Export) Export {
	all := Export{Names: map[string]string{}}
	for _, e := range list {
		all.Templates = append(all.Templates, e.Templates...)
		all.Processes = append(all.Processes, e.Processes...)
		all.VariableSets = append(all.VariableSets, e.VariableSets...)
		all.Projects = append(all.Projects, e.Projects...)
		all.Accounts = append(all.Accounts, e.Accounts...)
		all.Environments = append(all.Environments, e.Environments...)
		for id, name := range e.Names {
			all.Names[id] = name
		}
	}
	return all
}

// Importable reports whether there is anything in it of which a project can be made.
func (e Export) Importable() bool { return len(e.Templates)+len(e.Processes)+len(e.VariableSets) > 0 }
