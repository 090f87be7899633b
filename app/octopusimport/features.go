package octopusimport

import (
	"maps"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model/octopusjson"
)

// feature is one of Octopus's configuration features that Stepdeck does not have.
type feature struct {
	does, instead string
	targets       string // the property that lists its files; without one it does nothing. Empty: it has none
}

func leftOut() map[string]feature {
	const inScript = "Do it in the script."
	return map[string]feature{
		"Octopus.Features.SubstituteInFiles": {"replaces #{…} in files", "Replace them in the script.",
			"Octopus.Action.SubstituteInFiles.TargetFiles"},
		"Octopus.Features.JsonConfigurationVariables": {"puts variables into configuration files",
			"Write the values in the script, with jq or ConvertTo-Json.", "Octopus.Action.Package.JsonConfigurationVariablesTargets"},
		"Octopus.Features.ConfigurationVariables":            {"puts variables into .config files", inScript, ""},
		"Octopus.Features.ConfigurationTransforms":           {"runs .config transforms", inScript, ""},
		"Octopus.Features.CustomDirectory":                   {"unpacks its package to a folder of its own", "Copy the files in the script.", ""},
		"Octopus.Features.CustomScripts":                     {"runs custom deployment scripts", "Make steps of them.", ""},
		"Octopus.Features.Vhd":                               {"changes a virtual hard disk", inScript, ""},
		"Octopus.Features.RedGateDatabaseDeployment":         {"deploys a database with Redgate", inScript, ""},
		"Octopus.Features.SelectPowerShellEditionForWindows": {}, // its property says which
	}
}

// features says which features of an action with a script are left out, and which of its properties are not known.
func (c *converter) features(item *Item, a octopusjson.Action) {
	for name := range strings.SplitSeq(a.Properties.Text("Octopus.Action.EnabledFeatures"), ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		f, known := leftOut()[name]
		switch {
		case !known:
			item.missing("Look at the step in Octopus.", "The feature %s is not known here and left out.", shown(name))
		case f.targets != "" && strings.TrimSpace(a.Properties.Text(f.targets)) == "": // it is on and has nothing to do
		case f.does != "":
			item.missing(f.instead, "Octopus %s for it; Stepdeck does not.", f.does)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.Properties)) {
		value := a.Properties.Text(name)
		if !strings.HasPrefix(name, "Octopus.") || value == "" || strings.EqualFold(value, "false") || isKnown(name) {
			continue
		}
		item.missing("Look at the step in Octopus.", "The property %s, which is %s, is left out.", shown(name), shown(value))
	}
}

// isKnown reports whether a property is taken over, told of elsewhere, or without a meaning here.
func isKnown(property string) bool {
	for _, known := range []string{
		"Octopus.Action.Script.", "Octopus.Action.Aws.", "Octopus.Action.AwsAccount.", "Octopus.Action.AutoRetry.",
		"Octopus.Action.ExecutionTimeout.",
		"Octopus.Action.Package.", "Octopus.Action.SubstituteInFiles.", "Octopus.Action.CustomScripts.", "Octopus.Action.StructuredConfiguration",
		"Octopus.Action.Template.", "Octopus.Action.Azure", "Octopus.Action.GoogleCloud", "Octopus.Action.Kubernetes", "Octopus.Action.EKS.",
		"Octopus.Action.AwsRegion", "Octopus.Action.GitRepository.", "Octopus.Action.ConditionVariableExpression", "Octopus.Step.",
		"Octopus.Action.EnabledFeatures", "Octopus.Action.RunOnServer", "Octopus.Action.TargetRoles", "Octopus.Action.MaxParallelism",
		"Octopus.Action.FailScriptOnErrorOutput", propertyEdition,
	} {
		if strings.HasPrefix(property, known) {
			return true
		}
	}
	return false
}
