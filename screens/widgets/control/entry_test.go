package control

import (
	"testing"

	"github.com/stepdeck/stepdeck/screens/uitest"
)

func TestSecretIsWriteOnly(t *testing.T) {
	uitest.New(t)
	s := NewSecret(nil)
	s.SetStored(false)
	if s.Given() {
		t.Error("Given without a value")
	}
	s.SetStored(true)
	if !s.Given() || s.Value() != "" || s.Text != "" {
		t.Errorf("a set secret shows %q", s.Text)
	}
	s.SetText("  abc ")
	if s.Value() != "abc" || !s.Password {
		t.Errorf("value %q", s.Value())
	}
	s.SetText("\ufeffabc ") // copied from the beginning of a file
	if s.Value() != "abc" || s.Raw() != "abc " {
		t.Errorf("values %q, %q", s.Value(), s.Raw())
	}
	if !s.paste("\ufeff-----BEGIN\nabc\n") || s.Value() != "-----BEGIN\nabc" || s.Raw() != s.Value() {
		t.Errorf("pasted %q, %q", s.Value(), s.Raw())
	}
}
