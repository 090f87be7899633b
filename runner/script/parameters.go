package script

import (
	"errors"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stepdeck/stepdeck/model"
)

// bashParameters returns the parameters as they follow the script's name. In a step they may have several lines: a line
// break or comment between two of them is a space to Bash, not the end of the command.
func bashParameters(text string) (string, error) {
	if strings.ContainsRune(text, 0) {
		return "", model.NewError("script.parameters.nul", "The script parameters contain a NUL character. Type them again.")
	}
	text = withoutLastBackslash(strings.TrimSpace(unixLines(text)))
	if at := continuedComment(text); at > 0 {
		return "", model.NewError("script.parameters.comment",
			"The script parameters can't be read: the comment in line %d ends with a backslash. Remove the backslash, so that the next "+
				"line counts.", at)
	}
	if oneCommand(text) {
		return text, nil
	}
	var words []string
	for word, err := range syntax.NewParser().WordsSeq(strings.NewReader(text + "\n")) {
		if err != nil {
			return "", parametersError(err)
		}
		words = append(words, text[word.Pos().Offset():min(int(word.End().Offset()), len(text))])
	}
	return strings.Join(words, " "), nil
}

// continuedComment returns the number of a line with a comment that ends with a backslash: for Bash the next line is
// not part of the comment, for the parser it is. Such a text inside quotes is rejected too, which is better than losing
// a parameter.
func continuedComment(text string) (line int) {
	lines := strings.Split(text, "\n")
	for i, l := range lines[:len(lines)-1] {
		comment := strings.HasPrefix(l, "#") || strings.Contains(l, " #") || strings.Contains(l, "\t#")
		if comment && strings.HasSuffix(l, `\`) {
			return i + 1
		}
	}
	return 0
}

// oneCommand reports whether Bash takes the text as the arguments of one command, including redirections.
func oneCommand(text string) bool {
	file, err := syntax.NewParser().Parse(strings.NewReader(": "+text+"\n"), "")
	if err != nil || len(file.Stmts) != 1 || file.Stmts[0].Background || file.Stmts[0].Coprocess || file.Stmts[0].Disown {
		return false
	}
	for _, r := range file.Stmts[0].Redirs {
		if r.Hdoc != nil { // the lines after it would be its text
			return false
		}
	}
	_, simple := file.Stmts[0].Cmd.(*syntax.CallExpr)
	return simple
}

// withoutLastBackslash removes a backslash that would continue the text on the next line.
func withoutLastBackslash(text string) string {
	rest := strings.TrimRight(text, `\`)
	if (len(text)-len(rest))%2 == 0 {
		return text
	}
	return strings.TrimSpace(text[:len(text)-1])
}

func parametersError(err error) error {
	var parse syntax.ParseError
	reason, line := err.Error(), uint(1)
	if errors.As(err, &parse) {
		reason, line = parse.Text, parse.Pos.Line()
	}
	return model.NewError("script.parameters.syntax",
		"The script parameters can't be read: line %d: %s. Close every quote, and put ; & | < > ( ) in a parameter into quotes.", line, reason)
}
