package model

// ProjectInfo is an entry in a list of projects.
type ProjectInfo struct {
	ID          ID
	Name        string
	Description string
	Steps       int
}

// RunFilter selects runs for a list; the zero value selects all.
type RunFilter struct {
	Project string // name
	Step    string // name of a step that ran
	Status  Status
	Words   []RunWord // all of them must occur
	Before  int64     // id: only older runs, for the next page; 0 to begin with the newest
	Limit   int       // 0 for no limit
}

// RunWord is a word that occurs, in any case, in what a list shows of a run: its number, project, environment, who
// started it, exit code, day and time, the steps that ran, the AWS accounts with their labels. Runs with one of the
// Statuses match too: how a list names a status is up to the list.
type RunWord struct {
	Text     string
	Statuses []Status
}
