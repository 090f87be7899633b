package filters

import (
	"errors"
	"strings"

	"rsc.io/markdown"
)

// maxMarkdown is how many bytes of Markdown are read: deeply nested text takes more than linear time.
const maxMarkdown = 1 << 20

// toHTML makes HTML of CommonMark with tables, strikethrough and links without brackets; HTML in the text stays, as in Octopus. The
// library is the one of its kind that costs a program's start the least: every run pays for that.
func toHTML(c Call) (string, bool, error) {
	switch {
	case len(c.Options) > 0:
		return "", false, nil
	case len(c.Text) > maxMarkdown:
		return "", false, errors.New("it is too long for Markdown")
	}
	p := markdown.Parser{Table: true, Strikethrough: true, AutoLinkText: true}
	return markdown.ToHTML(p.Parse(strings.TrimSpace(c.Text))) + "\n", true, nil
}
