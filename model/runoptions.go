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
	Step  string // whose own value it is; empty: Name says it, as [Project.ValuesNamed] reads it
	Name  string
	Value Secret
}

// Of returns which value is given.
func (g Given) Of() ValueName { return ValueName{g.Step, g.Name} }

// NewGiven returns a value that is given for a run under the name that a person writes: NAME, or STEP/NAME.
func NewGiven(name, value string) Given { return Given{Name: name, Value: NewSecret(value)} }

// GivenTo returns a value that is given for a run.
func GivenTo(n ValueName, value string) Given {
	return Given{Step: n.Step, Name: n.Name, Value: NewSecret(value)}
}
