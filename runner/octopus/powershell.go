package octopus

import (
	"cmp"
	"strings"
)

var (
	// $OctopusParameters with what follows: an index, a member or nothing of both.
	parametersRead = pattern(`(?i)^[$@](?:\{(?:global:|script:)?OctopusParameters\}|(?:global:|script:)?OctopusParameters\b)\s*` +
		`(\[\s*(?:'([^'\n]*)'|"([^"\n]*)"|([^\]\n]*))\s*\](\s*=[^=])?|` +
		`\.\s*(?:'([^'\n]*)'|"([^"\n]*)"|(\w+)(\s*\(\s*(?:'([^'\n]*)'|"([^"\n]*)")?)?))?`)
	getVariable = pattern(`(?i)^Get-Variable\s+(?:-Name\s+)?['"]?([\p{L}\p{Nd}_]+)`)
	ownVariable = pattern(`(?i)^[$@](?:\{(?:global:|script:|local:|variable:)?([\p{L}\p{Nd}_]+)\}|` +
		`(?:global:|script:|local:|variable:)?([\p{L}\p{Nd}_]+))(:?)(\s*=[^=])?(\s+in\b)?`)
	paramBlock         = pattern(`^param\s*\(`)
	functionParameters = pattern(`^(?:function|filter)\s+[\w:.-]+\s*\(`)
)

// member is what a member of $OctopusParameters does.
type member int

const (
	otherMember member = iota // it is the name of a variable
	reads                     // the variable that its argument names
	asks                      // whether there is that one
	lists                     // all of them
)

func memberOf(name string) member {
	switch strings.ToLower(name) {
	case "item", "get_item", "getvalueordefault":
		return reads
	case "containskey", "trygetvalue":
		return asks
	case "keys", "values", "getenumerator", "count":
		return lists
	}
	return otherMember
}

func (f *finder) powerShell() {
	of := classes("powershell", f.text)
	noComments := blank(f.text, of, comment)
	noStrings := blank(noComments, of, single, double)
	f.uses.text = noComments
	own := newScopes(noStrings)
	for _, mark := range []string{"$", "@"} {
		f.each(noComments, mark, parametersRead, func(at int, m []string) {
			if of[at] != single {
				f.parameter(at, m, own)
			}
		})
	}
	f.locals(blank(noComments, of, single), noStrings)
	f.each(lower(noComments), "get-variable", getVariable, func(at int, m []string) { f.local(m[1], at) })
	f.calls(noStrings, powerShellHelper, powerShellFunction)
}

// parameter takes one use of $OctopusParameters.
func (f *finder) parameter(at int, m []string, own *scopes) {
	index, does := m[1] != "" && m[1][0] == '[', memberOf(m[8])
	name, argument := cmp.Or(m[2], m[3]), cmp.Or(m[10], m[11])
	switch {
	case index && m[5] != "" && name != "":
		own.assign(name, at)
	case index && name != "":
		if !own.isOwn(name, at) {
			f.named(name, at, m[3] != "", false)
		}
	case index:
		f.uses.Dynamic = true
	case cmp.Or(m[6], m[7]) != "":
		f.named(cmp.Or(m[6], m[7]), at, m[7] != "", false)
	case (does == reads || does == asks) && argument != "":
		f.named(argument, at, m[11] != "", does == asks)
	case does == reads || does == asks: // the argument is no text
		f.uses.Dynamic = true
	case does == otherMember && m[8] != "" && m[9] == "":
		f.variable(m[8], at, false)
	}
}

// named adds a variable by the text of its name, in which other values may be replaced.
func (f *finder) named(text string, at int, replaced, test bool) {
	if replaced && strings.ContainsAny(text, "$`") || strings.Contains(text, "#{") {
		f.uses.Dynamic = true
		return
	}
	f.variable(text, at, test)
}

// locals finds the variables that the script reads where it has not given them a value itself.
func (f *finder) locals(text, noStrings string) {
	own := newScopes(noStrings)
	f.parametersOf(noStrings, own)
	known := map[string]bool{}
	f.each(text, "$", ownVariable, func(at int, m []string) {
		name := strings.ToLower(cmp.Or(m[1], m[2]))
		switch {
		case at > 0 && text[at-1] == '`', m[3] != "": // a dollar sign itself; a drive, such as $env:Path
		case m[4] != "": // $name = …
			own.assign(name, at)
		case m[5] != "": // foreach ($name in …)
			own.declare(name, block{start: at, end: own.around(at).end})
		case !known[name] && !own.isOwn(name, at):
			f.local(name, at)
			known[name] = true // once is enough
		}
	})
}

func (f *finder) local(name string, at int) {
	f.uses.locals = append(f.uses.locals, Use{Name: name, Line: f.lines.of(at)})
}

// parametersOf declares the parameters of param(…) in the block around it, and those of function name(…) in its body.
func (f *finder) parametersOf(text string, own *scopes) {
	end := 0 // of the list before
	folded := lower(text)
	f.each(folded, "param", paramBlock, func(at int, m []string) {
		if from := at + len(m[0]); from > end {
			end = declarations(text, from, own, own.around(at))
		}
	})
	for _, word := range []string{"function", "filter"} {
		f.each(folded, word, functionParameters, func(at int, m []string) {
			if from := at + len(m[0]); from > end {
				body := own.after(from)
				end = declarations(text, from, own, block{start: at, end: body.end})
			}
		})
		end = 0
	}
}

// declarations declares the parameters of a list that begins at an offset, and returns the offset of its end.
func declarations(text string, from int, own *scopes, in block) (end int) {
	depth, value := 1, false // value: of a default, in which variables are read
	i := from
	for ; i < len(text) && depth > 0; i++ {
		switch c := text[i]; {
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		case depth == 1 && c == '=':
			value = true
		case depth == 1 && c == ',':
			value = false
		case depth == 1 && c == '$' && !value:
			own.declare(variableName().FindString(text[i+1:min(len(text), i+longestRead)]), in)
		}
	}
	return i
}

var variableName = pattern(`^[\p{L}\p{Nd}_]+`)

var (
	powerShellHelper = pattern(`(?i)^(?:\w+-Octopus\w*|Write-(?:Highlight|Wait)|Update-Progress|Execute-WithRetry|Fail-Step|` +
		`Set-Environment(?:State|Url)|Report-KubernetesManifest(?:File)?|Convert-(?:To)?ServiceMessage\w+|Import-ScriptModule)$`)
	powerShellFunction = pattern(`(?i)\b(?:function|filter)\s+(?:global:|script:|local:)?([\w-]+)`)
)
