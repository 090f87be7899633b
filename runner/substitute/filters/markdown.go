package filters

import (
	"errors"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
)

// markdown makes HTML of CommonMark with tables, strikethrough and links without brackets.
func markdown(c Call) (string, bool, error) {
	if len(c.Options) > 0 {
		return "", false, nil
	}
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
		goldmark.WithRendererOptions(html.WithUnsafe()), // HTML in the text stays, as in Octopus
	)
	var out strings.Builder
	if err := md.Convert([]byte(strings.TrimSpace(c.Text)), &out); err != nil {
		return "", false, errors.New("it is not Markdown")
	}
	return out.String() + "\n", true, nil
}
