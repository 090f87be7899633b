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
	targets       string   // the property that lists its files; without one it does nothing. Empty: it has none
	properties    []string // what the names of its properties begin with
}

func leftOut() map[string]feature {
	const inScript, file = "Do it in the script.", "Octopus.Action.Package."
	return map[string]feature{
		"Octopus.Features.SubstituteInFiles": {"replaces #{…} in files", "Replace them in the script.",
			"Octopus.Action.SubstituteInFiles.TargetFiles", []string{"Octopus.Action.SubstituteInFiles."}},
		"Octopus.Features.JsonConfigurationVariables": {"puts variables into configuration files",
			"Write the values in the script, with jq or ConvertTo-Json.", file + "JsonConfigurationVariablesTargets",
			[]string{file + "JsonConfigurationVariables", "Octopus.Action.StructuredConfiguration"}},
		"Octopus.Features.ConfigurationVariables": {"puts variables into .config files", inScript, "",
			[]string{file + "AutomaticallyUpdateAppSettings"}},
		"Octopus.Features.ConfigurationTransforms": {"runs .config transforms", inScript, "",
			[]string{file + "AutomaticallyRunConfigurationTransformationFiles", file + "AdditionalXmlConfigurationTransforms"}},
		"Octopus.Features.CustomDirectory": {"unpacks its package to a folder of its own", "Copy the files in the script.", "",
			[]string{file + "CustomInstallationDirectory", file + "CustomPackageFileName"}},
		"Octopus.Features.CustomScripts": {"runs custom deployment scripts", "Make steps of them.", "",
			[]string{"Octopus.Action.CustomScripts."}},
		"Octopus.Features.Vhd": {"changes a virtual hard disk", inScript, "", []string{"Octopus.Action.Vhd."}},
		"Octopus.Features.RedGateDatabaseDeployment": {"deploys a database with Redgate", inScript, "",
			[]string{"Octopus.Action.RedGate", file + "RedGate"}},
		"Octopus.Features.SelectPowerShellEditionForWindows": {}, // its property says which
	}
}

// features says which features of an action with a script are left out, and which of its properties are not known.
func (c *converter) features(item *Item, a octopusjson.Action) {
	var covered []string
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
			c.properties(item, a.Properties, f.properties...)
			covered = append(covered, f.properties...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.Properties)) {
		value := a.Properties[name]
		text := strings.TrimSpace(value.Value)
		if !strings.HasPrefix(name, "Octopus.") || text == "" && !value.Hidden || strings.EqualFold(text, "false") || isKnown(name) ||
			beginsWith(name, covered) {
			continue
		}
		item.missing("Look at the step in Octopus.", "The property %s, which is %s, is left out.", shown(name), shownProperty(name, value))
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
