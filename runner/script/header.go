package script

import (
	"fmt"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// HeaderParameters returns the parameters that a Bash or Python script documents in the comment that it begins with, one a line:
//
//	# @param NAME TYPE DEFAULT HELP
//
// TYPE is text, int, number, flag, date, file, list or choice(a|b), and an int, number or date can have limits: number(1..30). DEFAULT
// is a word or text in double quotes; a dash stands for none, and required for a parameter that must be given. Lines that are none of
// this are only comments.
func HeaderParameters(text string) []model.Parameter {
	list, _ := readHeader(text)
	return list
}

// HeaderFaults returns a sentence for each line of the comment that a Bash or Python script begins with, which looks like a parameter
// but is none, with the line's number and the reason.
func HeaderFaults(text string) []string {
	_, faults := readHeader(text)
	return faults
}

// maxParameters is how many parameters of a script are read, and how many faults.
const maxParameters = 200

func readHeader(text string) (list []model.Parameter, faults []string) {
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		comment, isComment := strings.CutPrefix(line, "#")
		if !isComment && line != "" {
			break
		}
		rest, tagged := strings.CutPrefix(strings.TrimSpace(comment), "@param")
		if !tagged || rest != "" && rest == strings.TrimLeft(rest, " \t") {
			continue
		}
		p, why := headerParameter(rest)
		if _, twice := model.FindParameter(list, p.Name); why == "" && twice {
			why = "the name stands twice"
		}
		switch {
		case why == "" && len(list) < maxParameters:
			list = append(list, p)
		case why != "" && len(faults) < maxParameters:
			faults = append(faults, fmt.Sprintf("Line %d of the script: %q is no parameter: %s. Write @param NAME TYPE DEFAULT HELP.",
				number, clipped("@param"+rest), why))
		}
	}
	return list, faults
}

// clipped returns the beginning of a text.
func clipped(text string) string {
	const most = 60 // characters
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// headerParameter reads what follows @param. why says why that is no parameter.
func headerParameter(text string) (p model.Parameter, why string) {
	name, rest := cutWord(text)
	kind, rest := cutType(rest)
	switch {
	case name == "":
		return p, "it has no name"
	case model.CheckArgumentName(name) != nil:
		return p, fmt.Sprintf("%q can't be a name, which has letters, digits, - _ and . after a letter", clipped(name))
	case kind == "":
		return p, "it has no type"
	}
	p.Name = name
	if why := headerType(&p, kind); why != "" {
		return p, why
	}
	fallback, help, closed := cutDefault(rest)
	if !closed {
		return p, "its quote is never closed"
	}
	p.Help = help
	switch fallback {
	case "required":
		p.Mandatory = true
	case "-":
	case `""`:
	default:
		p.Default = strings.Trim(fallback, `"`)
	}
	return p, ""
}

// headerType sets what the type says of a parameter, or says why it is none. A type of another kind of documentation is none.
func headerType(p *model.Parameter, text string) (why string) {
	kind, inner, hasInner := strings.Cut(text, "(")
	inner, closed := strings.CutSuffix(inner, ")")
	if hasInner && !closed {
		return "the bracket of its type is never closed"
	}
	p.Type, p.As, p.Control = kind, model.ArgumentText, model.ControlText
	switch kind {
	case "text":
	case "flag":
		p.As, p.Control = model.ArgumentSwitch, model.ControlCheckbox
	case "list":
		p.As = model.ArgumentList
	case "file":
		p.Control = model.ControlFile
	case "int", "number", "date":
		p.Control, p.Whole = model.ControlNumber, kind == "int"
		if kind == "date" {
			p.Control = model.ControlDate
		}
		if hasInner && !headerRange(p, inner) {
			return "its limits must be such as (1..30), the lower one first"
		}
		return ""
	case "choice":
		return headerChoice(p, inner)
	default:
		return fmt.Sprintf("there is no type %q, only text, int, number, date, file, flag, list and choice(a|b)", clipped(kind))
	}
	if hasInner {
		return fmt.Sprintf("the type %s has no brackets", kind)
	}
	return ""
}

// headerChoice sets the values of a choice.
func headerChoice(p *model.Parameter, inner string) (why string) {
	p.Control = model.ControlSelect
	for option := range strings.SplitSeq(inner, "|") {
		if option = strings.TrimSpace(option); option != "" {
			p.Options = append(p.Options, option)
		}
	}
	if len(p.Options) == 0 {
		return "a choice needs its values, such as choice(a|b)"
	}
	return ""
}

// headerRange sets the limits of a number or date, of which one may be left out.
func headerRange(p *model.Parameter, text string) bool {
	low, high, isRange := strings.Cut(text, "..")
	p.Min, p.Max = strings.TrimSpace(low), strings.TrimSpace(high)
	prompt := model.Prompt{Control: p.Control}
	for _, limit := range []string{p.Min, p.Max} {
		if _, err := prompt.Accept(limit); err != nil {
			return false
		}
	}
	if p.Min != "" && p.Max != "" {
		prompt.Max = p.Max
		_, err := prompt.Accept(p.Min)
		return isRange && err == nil
	}
	return isRange
}

func cutWord(text string) (word, rest string) {
	text = strings.TrimLeft(text, " \t")
	end := strings.IndexAny(text, " \t")
	if end < 0 {
		return text, ""
	}
	return text[:end], text[end:]
}

// cutType cuts a word that may have blanks between brackets.
func cutType(text string) (kind, rest string) {
	text = strings.TrimLeft(text, " \t")
	end := strings.IndexAny(text, " \t(")
	if end < 0 {
		return text, ""
	}
	if text[end] == '(' {
		closing := strings.IndexByte(text, ')')
		if closing < 0 {
			return text, ""
		}
		end = closing + 1
	}
	return text[:end], text[end:]
}

// cutDefault cuts a word, or text in double quotes with the quotes. Without a word there is no default.
func cutDefault(text string) (fallback, help string, closed bool) {
	text = strings.TrimLeft(text, " \t")
	if strings.HasPrefix(text, `"`) {
		end := strings.IndexByte(text[1:], '"')
		if end < 0 {
			return "", "", false
		}
		return text[:end+2], strings.TrimSpace(text[end+2:]), true
	}
	word, rest := cutWord(text)
	if word == "" {
		word = "-"
	}
	return word, strings.TrimSpace(rest), true
}
