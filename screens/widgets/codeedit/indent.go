package codeedit

import (
	"strings"
)

// indentOf returns the indentation that a text uses: a tab if most indented lines begin with one, else two or four spaces.
func indentOf(lines []string) string {
	tabs, blanks, least := 0, 0, 4
	for _, l := range lines {
		switch {
		case strings.HasPrefix(l, "\t"):
			tabs++
		case strings.HasPrefix(l, "  "):
			blanks++
			if n := len(leading(l)); n == 2 {
				least = 2
			}
		}
	}
	if tabs > blanks {
		return "\t"
	}
	return strings.Repeat(" ", least)
}

// leading returns the spaces and tabs at the start of a line.
func leading(line string) string { return line[:len(line)-len(strings.TrimLeft(line, " \t"))] }

// newline breaks the line and indents the next one like this one, a level deeper if the language says so.
func (e *Editor) newline() {
	from, to := e.sel.Range()
	before, after := e.buf.line(from.Row)[:from.Col], e.buf.line(to.Row)[to.Col:]
	base := leading(before)
	text := "\n" + base
	if !e.lexer.Opens(before) {
		e.replaceSelection(text, single)
		return
	}
	text += e.indent
	caret := endOf(from, text)
	if after != "" && strings.IndexByte("})]", after[0]) >= 0 { // {|} becomes three lines
		text += "\n" + base
	}
	e.do(single, selection{caret, caret}, change{from, e.buf.slice(from, to), text})
}

// closeBracket types a closing bracket, and reduces the indentation if it is the first character of its line.
func (e *Editor) closeBracket(bracket string) {
	at := e.sel.Head
	before := e.buf.line(at.Row)[:at.Col]
	if !e.sel.Empty() || before == "" || strings.TrimLeft(before, " \t") != "" || !strings.HasSuffix(before, e.indent) || at.Row == 0 {
		e.replaceSelection(bracket, typing)
		return
	}
	from := textPos{Row: at.Row, Col: at.Col - len(e.indent)}
	end := endOf(from, bracket)
	e.do(single, selection{end, end}, change{from, e.indent, bracket})
}

// tab indents the selected lines, or inserts spaces up to the next stop if the selection is in one line.
func (e *Editor) tab() {
	from, to := e.sel.Range()
	if from.Row != to.Row {
		e.shiftLines(func(line string) (remove int, add string) {
			if strings.TrimSpace(line) == "" {
				return 0, ""
			}
			return 0, e.indent
		})
		return
	}
	if e.indent == "\t" {
		e.replaceSelection("\t", single)
		return
	}
	e.replaceSelection(strings.Repeat(" ", len(e.indent)-from.Col%len(e.indent)), single)
}

// untab removes a level of indentation from the selected lines.
func (e *Editor) untab() {
	e.shiftLines(func(line string) (remove int, add string) {
		switch {
		case strings.HasPrefix(line, "\t"):
			return 1, ""
		default:
			return min(len(e.indent), len(line)-len(strings.TrimLeft(line, " "))), ""
		}
	})
}

// toggleComment comments out the selected lines, or uncomments them if all are comments.
func (e *Editor) toggleComment() {
	mark := e.lexer.LineComment()
	if mark == "" {
		return
	}
	first, last := e.selectedRows()
	all := true
	for row := first; row <= last; row++ {
		line := strings.TrimLeft(e.buf.line(row), " \t")
		all = all && (line == "" || strings.HasPrefix(line, mark) && !strings.HasPrefix(line, "#{"))
	}
	e.shiftLines(func(line string) (int, string) {
		text := strings.TrimLeft(line, " \t")
		switch {
		case text == "":
			return 0, ""
		case all:
			return len(line) - len(strings.TrimPrefix(text[len(mark):], " ")), leading(line)
		}
		return 0, mark + " "
	})
}

// selectedRows returns the rows of the selection, without a last one of which nothing is selected.
func (e *Editor) selectedRows() (first, last int) {
	from, to := e.sel.Range()
	if to.Row > from.Row && to.Col == 0 {
		to.Row--
	}
	return from.Row, to.Row
}

// shiftLines changes the starts of the selected lines as one step. how returns how many bytes to remove and what to insert instead.
func (e *Editor) shiftLines(how func(line string) (remove int, add string)) {
	first, last := e.selectedRows()
	after := selection{e.sel.Anchor, e.sel.Head}
	var changes []change
	for row := first; row <= last; row++ {
		line := e.buf.line(row)
		remove, add := how(line)
		if remove == 0 && add == "" {
			continue
		}
		changes = append(changes, change{textPos{Row: row}, line[:remove], add})
		for _, p := range []*textPos{&after.anchor, &after.head} {
			if p.Row == row && (p.Col > 0 || after.anchor == after.head) {
				p.Col = max(0, p.Col-remove+len(add))
			}
		}
	}
	e.do(single, after, changes...)
}
