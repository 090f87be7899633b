package command

import (
	"strings"
	"testing"
)

// One name that is very long moves the rest of its own row, and not that of all others.
func TestTableWithALongCell(t *testing.T) {
	var out strings.Builder
	c := &cli{IO: IO{Out: &out}}
	long := strings.Repeat("n", 300)
	rows := [][]string{{"é", "eu-west-1", "a"}, {long, "eu-west-1", "b"}, {"c", "", ""}}
	if err := c.table([]string{"PROFILE", "REGION", "KEYS FROM"}, rows); err != nil {
		t.Fatal(err)
	}
	want := "PROFILE  REGION     KEYS FROM\né        eu-west-1  a\n" + long + "  eu-west-1  b\nc\n"
	if got := out.String(); got != want {
		t.Errorf("printed is\n%s", got)
	}
}
