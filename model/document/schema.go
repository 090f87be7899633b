package document

import "encoding/json"

// Schema returns the JSON Schema (draft 2020-12) of the project file.
func Schema() ([]byte, error) {
	root := objectSchema(fileTable().keys())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Stepdeck project file"
	return json.MarshalIndent(root, "", "  ")
}

func objectSchema(keys []key) map[string]any {
	properties := map[string]any{}
	var required []string
	for _, k := range keys {
		properties[k.name] = keySchema(k)
		if k.required {
			required = append(required, k.name)
		}
	}
	s := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if required != nil {
		s["required"] = required
	}
	return s
}

// scalarSchema accepts any scalar for a text, as the parser does: YAML has 123456789012 and true without quotes.
func scalarSchema() map[string]any {
	return map[string]any{"type": []string{"string", "number", "boolean", "null"}}
}

func keySchema(k key) map[string]any {
	var s map[string]any
	switch k.kind {
	case scalar:
		s = scalarSchema()
		if k.enum != nil {
			s = map[string]any{"enum": k.words()}
		}
	case boolean:
		s = map[string]any{"type": "boolean"}
	case integer:
		s = map[string]any{"type": "integer"}
		if k.name == "stepdeck" {
			s = map[string]any{"const": FormatVersion}
		}
	case duration:
		s = map[string]any{"type": []string{"string", "integer"}, "pattern": `^([0-9]+(\.[0-9]+)?(ms|s|m|h))*$|^0$`}
	case scalars:
		s = map[string]any{"type": "array", "items": scalarSchema()}
		if k.reserved {
			s["maxItems"] = 0
		}
	case object:
		s = objectSchema(k.children)
	case objects:
		s = map[string]any{"type": "array", "items": objectSchema(k.children)}
	case secret:
		s = secretSchema(k)
	case value:
		s = map[string]any{"anyOf": []any{scalarSchema(), secretSchema(k)}}
	}
	s["description"] = k.about
	return s
}

func secretSchema(k key) map[string]any {
	s := objectSchema(k.children)
	s["maxProperties"] = 1
	return s
}

// words returns the values of an enumeration.
func (k key) words() []any {
	var words []any
	for _, w := range k.enum {
		words = append(words, w)
	}
	if k.switches {
		words = append(words, true, false)
	}
	return words
}
