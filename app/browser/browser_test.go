package browser

import (
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// A page comes from a server: what it names besides a page is not opened.
func TestOnlyPagesAreOpened(t *testing.T) {
	for _, address := range []string{
		"", "file:///etc/passwd", "http://example.com", "-x", "javascript:x", "https:", "calc.exe", "https:///x",
	} {
		if err := Open(t.Context(), "", address); model.ErrorCode(err) != "browser.url" {
			t.Errorf("%q: %v", address, err)
		}
	}
	page := "https://example.com/?a=1&b=%22"
	if program := opener(page); !slices.Contains(program, page) || strings.Contains(program[0], "cmd") || strings.HasSuffix(program[0], "sh") {
		t.Errorf("the page is opened by %q", program)
	}
}
