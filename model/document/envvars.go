package document

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/stepdeck/stepdeck/model"
)

// envVarTable is the table of the environment variables of a project and of a step.
func envVarTable() table[envVar] {
	return table[envVar]{
		fields: []field[envVar]{
			text("name", "Name of the environment variable.", func(v *envVar) *string { return &v.Name }).mandatory(),
			envValueField(),
			flag("sensitive", "The value is a secret: it is kept in the vault, never in a file.", func(v *envVar) *bool { return &v.Sensitive }),
		},
		done: readEnvValue,
	}
}

func envValueField() field[envVar] {
	return field[envVar]{
		key: key{
			name: "value", kind: value, about: "The value, or where a sensitive one comes from.", children: secretTable().keys(),
		},
		mark: Honoured, pointer: func(v *envVar) any { return &v.Value },
		read: func(_ *reader, n ast.Node, _ string, v *envVar) { v.node = n },
		write: func(m *mapping, v, _ *envVar) {
			if !v.Sensitive {
				m.text("value", v.Value)
			}
		},
	}
}

// readEnvValue reads the value once it is known whether it is sensitive.
func readEnvValue(r *reader, at string, v *envVar) {
	_, isMapping := v.node.(ast.MapNode)
	switch {
	case v.node == nil:
	case isMapping && v.Sensitive:
		v.from = r.secret(v.node, at+".value")
	case isMapping:
		r.fail(v.node, "document.value",
			"only a sensitive environment variable can take its value from {env: …} or {file: …}. Write the value, or add sensitive: true")
	case v.Sensitive:
		if r.scalar(v.node, at+".value") != "" {
			r.fail(v.node, "document.sensitive",
				"a sensitive value is not allowed in a project file. Use {env: NAME} or {file: PATH}, or leave it out and enter it later")
		}
	default:
		v.Value = r.scalar(v.node, at+".value")
	}
}

func splitEnvVars(list []envVar) (envVars []model.EnvVar, from []Secret) {
	for _, v := range list {
		envVars, from = append(envVars, v.EnvVar), append(from, v.from)
	}
	return envVars, from
}

func joinEnvVars(list []model.EnvVar) []envVar {
	var out []envVar
	for _, v := range list {
		out = append(out, envVar{EnvVar: v})
	}
	return out
}
