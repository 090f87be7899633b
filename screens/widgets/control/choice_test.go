package control

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

func TestChoice(t *testing.T) {
	a := uitest.New(t)
	c := NewChoice(nil, Option{"no", "No"}, Option{"yes", "Yes"})
	var told []string
	c.OnChosen = func(v string) { told = append(told, v) }
	a.Show(container.NewHBox(c), fyne.NewSize(300, 60))
	c.SetValue("yes")
	if len(told) != 0 || c.Value() != "yes" {
		t.Fatalf("SetValue: %q, told %v", c.Value(), told)
	}
	c.TypedKey(uitest.Key(fyne.KeyLeft))
	test.TapAt(c, fyne.NewPos(c.rights[0]+5, 10))
	if strings.Join(told, " ") != "no yes" {
		t.Errorf("told %v", told)
	}
}
