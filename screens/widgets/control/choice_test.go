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
	var chosen []string
	c.OnChosen = func(v string) { chosen = append(chosen, v) }
	a.Show(container.NewHBox(c), fyne.NewSize(300, 60))
	c.SetValue("yes")
	if len(chosen) != 0 || c.Value() != "yes" {
		t.Fatalf("SetValue: %q, chosen %v", c.Value(), chosen)
	}
	c.TypedKey(uitest.Key(fyne.KeyLeft))
	test.TapAt(c, fyne.NewPos(c.rights[0]+5, 10))
	if strings.Join(chosen, " ") != "no yes" {
		t.Errorf("chosen %v", chosen)
	}
}

func TestOptionsOfAChoiceCanChange(t *testing.T) {
	a := uitest.New(t)
	c := NewChoice(nil, Option{"no", "No"}, Option{"yes", "Yes"})
	a.Show(container.NewHBox(c), fyne.NewSize(300, 60))
	c.SetValue("yes")
	c.SetOptions(Option{"no", "No"}, Option{"perhaps", "Perhaps"}, Option{"yes", "Yes"})
	if c.Value() != "yes" || len(c.rights) != 3 {
		t.Errorf("the value is %q among %d options", c.Value(), len(c.rights))
	}
	c.SetOptions(Option{"no", "No"})
	if c.Value() != "no" || len(c.rights) != 1 {
		t.Errorf("the value is %q among %d options", c.Value(), len(c.rights))
	}
}
