package awslist

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/stepdeck/stepdeck/model"
)

// Decode reads what aws prints: a JSON list of texts, or of lists of a value and a label. Numbers count as texts, and a value that is
// there twice as one. What Stepdeck's own commands list is sorted; a project's query may have an order of its own.
func Decode(text []byte, c model.Choices) (List, error) {
	text, err := toUTF8(text)
	if err != nil {
		return List{}, malformed(c)
	}
	if text = bytes.TrimSpace(text); len(text) == 0 {
		return List{}, nil
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(text, &rows); err != nil {
		return List{}, malformed(c)
	}
	var list List
	seen, size := map[string]bool{}, 0
	for _, row := range rows {
		choice, ok := readRow(row)
		switch {
		case !ok:
			return List{}, malformed(c)
		case !offered(choice.Value):
			list.LeftOut++
		case seen[choice.Value]:
		case len(list.Choices) == MaxChoices || size+len(choice.Value)+len(choice.Label) > MaxText:
			list.Cut = true
		default:
			seen[choice.Value] = true
			size += len(choice.Value) + len(choice.Label)
			list.Choices = append(list.Choices, choice)
		}
	}
	if c.Known() {
		slices.SortStableFunc(list.Choices, byName)
	}
	return list, nil
}

// offered reports whether a prompt can offer a value. What is no Unicode has become U+FFFD, so it isn't what AWS has.
func offered(value string) bool {
	return value != "" && len(value) <= MaxValue && model.SafeLine(value) == value && !strings.ContainsRune(value, utf8.RuneError)
}

// toUTF8 returns an answer in UTF-8 without a byte order mark, which on Windows can be in UTF-16 with one.
func toUTF8(text []byte) ([]byte, error) {
	out, _, err := transform.Bytes(unicode.BOMOverride(encoding.Nop.NewDecoder()), text)
	return out, err
}

func byName(a, b model.Choice) int {
	return strings.Compare(strings.ToLower(a.Value), strings.ToLower(b.Value))
}

func malformed(c model.Choices) error {
	return model.NewError("choices.form", "“%s” prints something other than a list of values, or of pairs [value, label]. Correct the query.",
		c.CommandLine())
}

// longestLabel is how much of a label is kept, in bytes: a description can be long.
const longestLabel = 200

// readRow reads a value, or a list of a value and perhaps a label.
func readRow(row json.RawMessage) (choice model.Choice, ok bool) {
	if value, ok := readText(row); ok {
		return model.Choice{Value: value}, true
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(row, &parts); err != nil || len(parts) == 0 || len(parts) > 2 {
		return choice, false
	}
	if choice.Value, ok = readText(parts[0]); !ok || len(parts) == 1 {
		return choice, ok
	}
	label, ok := readText(parts[1])
	choice.Label = model.SafeCut(strings.TrimSpace(model.SafeLine(label)), longestLabel)
	if choice.Label == choice.Value {
		choice.Label = ""
	}
	return choice, ok
}

// readText reads a text, number or truth value. Nothing (null) is an empty text.
func readText(raw json.RawMessage) (string, bool) {
	var text string
	if json.Unmarshal(raw, &text) == nil { // null too
		return text, true
	}
	if first := raw[0]; first == '[' || first == '{' {
		return "", false
	}
	return string(raw), true
}
