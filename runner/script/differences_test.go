package script_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

var differenceRow = regexp.MustCompile("(?m)^\\| (Bash|PowerShell) \\| `(.+?)` \\| (.+?) \\| (.+?) \\|$")

// The table of docs/scripts.md says how scripts differ from those that run by themselves.
func TestDocumentedDifferences(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "scripts.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := differenceRow.FindAllStringSubmatch(string(text), -1)
	if len(rows) < 10 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, row := range rows {
		t.Run(row[2], func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS == "windows" {
				t.Skip("some start Bash")
			}
			l := map[string]language{"Bash": bash, "PowerShell": powerShell}[row[1]]
			plain, got := bothWays(t, l, l.tool(t), row[2]+"\n", false)
			if said := asCell(plain); said != row[3] {
				t.Errorf("by itself it gives %s, and the table says %s", said, row[3])
			}
			if said := asCell(got); said != row[4] {
				t.Errorf("in a step it gives %s, and the table says %s", said, row[4])
			}
		})
	}
}

// asCell writes an outcome as a cell of the table.
func asCell(o outcome) string {
	cell := "`" + strings.Join(strings.Fields(o.stdout), " ") + "`"
	if cell == "``" {
		cell = "nothing"
	}
	if o.code != 0 {
		cell += fmt.Sprintf(", exit %d", o.code)
	}
	return cell
}
