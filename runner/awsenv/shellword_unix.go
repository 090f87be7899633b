//go:build unix

package awsenv

import "mvdan.cc/sh/v3/syntax"

// shellWord returns a text as one word of a command that a person copies into a terminal, where nothing in it is expanded.
func shellWord(text string) string {
	if inert(text) {
		return `"` + text + `"`
	}
	quoted, err := syntax.Quote(text, syntax.LangBash) // zsh reads it likewise
	if err != nil {                                    // no argument can hold it, such as a zero
		return "''"
	}
	return quoted
}
