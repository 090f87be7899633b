package model

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a text that may be secret. Wherever it is printed, logged or encoded, and whatever it is a part of, it shows as
// asterisks; only Reveal tells it. The zero value is the empty text.
type Secret struct{ text *string } // a pointer, which fmt prints as an address where it calls no methods: in unexported fields

// secretShown stands for a secret, whatever its length.
const secretShown = "********"

// NewSecret returns a secret with the text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsEmpty reports whether the text is empty.
func (s Secret) IsEmpty() bool { return s.Reveal() == "" }

// Format implements fmt.Formatter for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, secretShown) }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(secretShown) }

// MarshalText implements encoding.TextMarshaler, which JSON goes by too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(secretShown), nil }

// PassphraseVariable is the environment variable that can hold the passphrase of the vault. No script gets it.
const PassphraseVariable = "STEPDECK_PASSPHRASE" //nolint:gosec // a name
