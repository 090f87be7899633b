package control

import (
	"testing"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

func TestSecretIsWriteOnly(t *testing.T) {
	uitest.New(t)
	s := NewSecret(nil)
	s.SetSet(false)
	if s.Given() {
		t.Error("given without a value")
	}
	s.SetSet(true)
	if !s.Given() || s.Value() != "" || s.Text != "" {
		t.Errorf("a set secret shows %q", s.Text)
	}
	s.SetText("  abc ")
	if s.Value() != "abc" || !s.Password {
		t.Errorf("value %q", s.Value())
	}
	s.SetText("\ufeffabc ") // copied with the beginning of a file
	if s.Value() != "abc" || s.Whole() != "abc " {
		t.Errorf("values %q, %q", s.Value(), s.Whole())
	}
	if !s.paste("\ufeff-----BEGIN\nabc\n") || s.Value() != "-----BEGIN\nabc" || s.Whole() != s.Value() {
		t.Errorf("pasted %q, %q", s.Value(), s.Whole())
	}
}
