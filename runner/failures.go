package runner

import (
	"fmt"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Variables that say what has gone wrong in a run, under Octopus's names.
const (
	deploymentError       = "Octopus.Deployment.Error"
	deploymentErrorDetail = "Octopus.Deployment.ErrorDetail"
)

// noFailure returns the values of these variables while nothing has gone wrong.
func noFailure() layer {
	l := layer{}
	for _, name := range []string{deploymentError, deploymentErrorDetail} {
		l[model.NameKey(name)] = entry{name: name, kind: model.TypeText}
	}
	return l
}

// TellsOfFailure reports whether a variable is one of those that say what has gone wrong in a run. Every run has them.
func TellsOfFailure(name string) bool {
	_, tells := noFailure()[model.NameKey(name)]
	return tells
}

// statusName returns the name of a variable about how a step ended, which expressions can use.
func statusName(step, what string) string { return "Octopus.Step[" + step + "].Status." + what }

// statusCode returns Octopus's word for a status.
func statusCode(s model.Status) string {
	switch s {
	case model.Succeeded, model.Warning:
		return "Succeeded"
	case model.Skipped:
		return "Skipped"
	case model.Stopped:
		return "Canceled"
	case model.Failed, model.TimedOut, model.Interrupted:
		return "Failed"
	case model.Queued:
		return "Pending"
	case model.Running:
		return "Running"
	}
	return ""
}

// ended makes known to later steps how a step ended. message is without secrets. It returns whether scripts see a change, too.
func (v *values) ended(s model.StepRun, message string) (changed bool) {
	know := func(name, text string) {
		v.known[model.NameKey(name)] = entry{name: name, text: text, kind: model.TypeText}
	}
	know(statusName(s.Step, "Code"), statusCode(s.Status))
	if !failedStep(s) {
		return false
	}
	detail := failureDetail(s, message)
	know(statusName(s.Step, "Error"), message)
	know(statusName(s.Step, "ErrorDetail"), detail)
	if before, failed := v.layers[layerOutput][model.NameKey(deploymentErrorDetail)]; failed {
		detail = before.text + "\n" + detail // the error is the first one
	} else {
		v.setFact(deploymentError, message)
	}
	v.setFact(deploymentErrorDetail, detail)
	return true
}

func (v *values) setFact(name, text string) {
	v.layers[layerOutput][model.NameKey(name)] = entry{name: name, text: text, kind: model.TypeText}
}

func failureDetail(s model.StepRun, message string) string {
	text := fmt.Sprintf("Step %d %q: %s", s.Number, s.Step, s.Status)
	if s.ExitCode != nil {
		text += fmt.Sprintf(", exit code %d", *s.ExitCode)
	}
	return strings.TrimSuffix(text+". "+message, " ")
}
