package script

import (
	"errors"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/stepdeck/stepdeck/model"
)

// bashParameters returns code that sets the positional parameters of the shell, and redirects its streams if the text says
// so. In a step the parameters may have several lines: a line break or comment between two of them is a space to Bash, not
// the end of the command.
func bashParameters(text string) (string, error) {
	words, redirections, err := splitBash(text)
	if err != nil {
		return "", err
	}
	code := ""
	if len(words) > 0 {
		code = "set -- " + strings.Join(words, " ") + "\n"
	}
	if len(redirections) > 0 {
		code += "exec " + strings.Join(redirections, " ") + "\n"
	}
	return code, nil
}

// splitBash returns the words of parameters and their redirections, as they are written.
func splitBash(text string) (words, redirections []string, err error) {
	if strings.ContainsRune(text, 0) {
		return nil, nil, model.NewError("script.parameters.nul", "The script parameters contain a NUL character. Type them again.")
	}
	text = withoutLastBackslash(strings.TrimSpace(unixLines(text)))
	if at := continuedComment(text); at > 0 {
		return nil, nil, model.NewError("script.parameters.comment",
			"The script parameters can't be read: the comment in line %d ends with a backslash. Remove the backslash, so that the next "+
				"line counts.", at)
	}
	words, redirections, ok := oneCommand(text)
	if !ok {
		for word, err := range syntax.NewParser().WordsSeq(strings.NewReader(text + "\n")) {
			if err != nil {
				return nil, nil, parametersError(err)
			}
			words = append(words, text[word.Pos().Offset():min(int(word.End().Offset()), len(text))])
		}
	}
	return words, redirections, nil
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

// oneCommand returns the words and redirections of the text, if Bash takes it as the arguments of one command.
func oneCommand(text string) (words, redirections []string, ok bool) {
	const command = ": "
	source := command + text + "\n"
	file, err := syntax.NewParser().Parse(strings.NewReader(source), "")
	if err != nil || len(file.Stmts) != 1 || file.Stmts[0].Background || file.Stmts[0].Coprocess || file.Stmts[0].Disown {
		return nil, nil, false
	}
	call, simple := file.Stmts[0].Cmd.(*syntax.CallExpr)
	if !simple {
		return nil, nil, false
	}
	for _, r := range file.Stmts[0].Redirs {
		if r.Hdoc != nil { // the lines after it would be its text
			return nil, nil, false
		}
		redirections = append(redirections, source[r.Pos().Offset():r.End().Offset()])
	}
	for _, word := range call.Args[1:] {
		words = append(words, source[word.Pos().Offset():word.End().Offset()])
	}
	return words, redirections, true
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
