package runner

import (
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/script"
)

// inputs returns what is recorded of what a step runs. It doesn't contain the values of sensitive variables. The script is
// as the person wrote it, even if that contains a secret in plain text.
func inputs(s *StepPlan) model.Inputs {
	in := model.Inputs{
		Source: s.Step.Script.Source, Language: s.Language, Script: s.Written, Parameters: s.Step.Script.Parameters,
		Arguments:    s.Step.Script.Arguments,
		ScriptSHA256: model.ScriptHash(s.Written), File: s.Entry, Folder: s.Folder, FolderSHA256: s.FolderHash,
		AccountField: s.Step.AWS.Account,
	}
	if s.Package != nil {
		in.Package, in.PackageVersion, in.PackageSHA256 = s.Package.Name, s.Package.Version, s.Package.SHA256
	}
	for _, p := range s.Packages {
		in.Packages = append(in.Packages, model.UsedPackage{Name: p.As, Package: p.Name, Version: p.Version, SHA256: p.SHA256})
	}
	if s.Role != nil {
		for _, role := range s.Role.Chain() {
			in.RoleARNs = append(in.RoleARNs, role.ARN)
		}
	}
	for _, v := range s.Variables {
		if v.Sensitive {
			v.Value = ""
		}
		in.Values = append(in.Values, v)
	}
	for _, v := range s.EnvVars {
		if v.Sensitive {
			v.Value = ""
		}
		v.Name = model.EnvPrefix + v.Name
		in.Values = append(in.Values, v)
	}
	for _, tool := range []script.Tool{s.Tool, s.AWSTool} {
		if tool.Path != "" {
			in.Tools = append(in.Tools, model.UsedTool{Name: string(tool.Kind), Path: tool.Path, Version: tool.Version})
		}
	}
	return in
}
