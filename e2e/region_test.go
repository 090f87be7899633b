//go:build e2e

package e2e

import (
	"strings"
	"testing"
)

// TestACityIsARegion types cities into a step's region field.
func TestACityIsARegion(t *testing.T) {
	s := newStage(t)
	s.importScript("Cities", "Where", "echo hi")
	w := s.open()
	w.openProject("Cities")
	w.click(words("Where"))
	w.key("Return")
	region := field("Region")
	holds := func(text string) {
		t.Helper()
		w.await("the region is "+text, func(v view) bool { x, ok := region.find(v); return ok && x.Text == text })
	}
	w.fill(region, "Frank")
	w.read("Europe (Frankfurt)") // the list, in place
	w.picture("root", "typed")
	w.key("Tab")
	holds("eu-central-1")

	w.fill(region, "stockholm")
	w.key("Return")
	holds("eu-north-1")

	w.fill(region, "eu-w")
	w.key("Down", "Down", "Return")
	holds("eu-west-2")

	w.fill(region, "tokyo")
	w.key("ctrl+s")
	w.read("Saved.")
	if text := s.command("export", "Cities"); !strings.Contains(text, "ap-northeast-1") {
		t.Errorf("saved is\n%s", text)
	}
	holds("ap-northeast-1")

	w.fill(region, "GovCloud")
	w.key("Tab")
	w.read("us-gov-east-1 (US-East), us-gov-west-1 (US-West)")
	w.picture("root", "several")

	w.fill(region, "par")
	w.click(words("eu-west-3")) // in the list
	holds("eu-west-3")
	w.key("ctrl+s")
	w.read("Saved.")
	w.close()
}
