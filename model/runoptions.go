package model

import "time"

// RunOptions is what a person decides about one run of a project.
type RunOptions struct {
	Environment string        // one of the project's, or empty if it has none
	Steps       []string      // names; none: every enabled step
	Given       []Given       // values given for this run
	Confirm     []string      // ids or labels of protected AWS accounts, as the person typed them
	Timeout     time.Duration // for the whole run; 0: none
	Rehearsal   *Rehearsal    // nil: the run is no rehearsal
}

// Given is a value that is given for one run. It may be that of a sensitive variable.
type Given struct {
	Name  string
	Value Secret
}

// NewGiven returns a value that is given for a run.
func NewGiven(name, value string) Given { return Given{Name: name, Value: NewSecret(value)} }
