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
// TYPE is text, number, flag, date, file, list or choice(a|b), and a number or date can have limits: number(1..30). DEFAULT is
// a word or text in double quotes; a dash stands for none, and required for a parameter that must be given. Lines that are none of
// this are only comments.
func HeaderParameters(text string) []model.Parameter {
	var list []model.Parameter
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		line = strings.TrimSpace(line)
		comment, isComment := strings.CutPrefix(line, "#")
		if !isComment && line != "" {
			break
		}
		p, ok := headerParameter(strings.TrimSpace(comment))
		if _, twice := model.FindParameter(list, p.Name); ok && !twice && len(list) < maxParameters {
			list = append(list, p)
		}
	}
	return list
}

// HeaderFaults returns a sentence for each line of the comment that a Bash or Python script begins with, which looks like a parameter
// but is none: its type is unknown or missing, a quote is never closed, its limits allow nothing, or its name is not one or stands twice.
func HeaderFaults(text string) []string {
	var faults []string
	var list []model.Parameter
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		comment, isComment := strings.CutPrefix(line, "#")
		if !isComment && line != "" {
			break
		}
		comment = strings.TrimSpace(comment)
		if rest, tagged := strings.CutPrefix(comment, "@param"); !tagged || rest != "" && rest == strings.TrimLeft(rest, " \t") {
			continue
		}
		p, ok := headerParameter(comment)
		if _, twice := model.FindParameter(list, p.Name); ok && !twice {
			list = append(list, p)
		} else if len(faults) < maxParameters {
			faults = append(faults, fmt.Sprintf("Line %d of the script: %q is no parameter. Write @param NAME TYPE DEFAULT HELP, each name once.",
				number, clipped(comment)))
		}
	}
	return faults
}

// clipped returns the beginning of a text.
func clipped(text string) string {
	const most = 60 // characters
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// maxParameters is how many parameters of a script are read.
const maxParameters = 200

func headerParameter(comment string) (p model.Parameter, ok bool) {
	rest, isParameter := strings.CutPrefix(comment, "@param")
	if !isParameter || rest == strings.TrimLeft(rest, " \t") {
		return p, false
	}
	name, rest := cutWord(rest)
	kind, rest := cutType(rest)
	if model.CheckArgumentName(name) != nil || !headerType(&p, kind) {
		return p, false
	}
	p.Name = name
	fallback, help, closed := cutDefault(rest)
	if !closed {
		return p, false
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
	return p, true
}

// headerType sets what the type says of a parameter. A type of another kind of documentation is none.
func headerType(p *model.Parameter, text string) bool {
	kind, inner, hasInner := strings.Cut(text, "(")
	if hasInner {
		if !strings.HasSuffix(inner, ")") {
			return false
		}
		inner = strings.TrimSuffix(inner, ")")
	}
	p.Type, p.As, p.Control = kind, model.ArgumentText, model.ControlText
	switch kind {
	case "text":
		return !hasInner
	case "flag":
		p.As, p.Control = model.ArgumentSwitch, model.ControlCheckbox
		return !hasInner
	case "list":
		p.As = model.ArgumentList
		return !hasInner
	case "file":
		p.Control = model.ControlFile
		return !hasInner
	case "number", "date":
		p.Control = model.ControlType(kind)
		return !hasInner || headerRange(p, inner)
	case "choice":
		p.Control = model.ControlSelect
		for option := range strings.SplitSeq(inner, "|") {
			if option = strings.TrimSpace(option); option != "" {
				p.Options = append(p.Options, option)
			}
		}
		return len(p.Options) > 0
	}
	return false
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
