package joblog_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/runner/joblog"
)

func TestScanner(t *testing.T) {
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	m := joblog.NewMasker()
	m.Add(secret)
	for name, tt := range map[string]struct {
		pieces []string
		found  bool
	}{
		"none":           {[]string{strings.Repeat("ordinary text\n", 1000)}, false},
		"empty":          {nil, false},
		"whole":          {[]string{"key=" + secret + "\n"}, true},
		"in pieces":      {[]string{"key=" + secret[:7], secret[7:20], secret[20:] + "\n"}, true},
		"its beginning":  {[]string{"key=" + secret[:3] + "\n"}, false},
		"in binary data": {[]string{"\x00\xff\x01" + secret + "\x00"}, true},
		"percent coded":  {[]string{strings.ReplaceAll(secret, "/", "%2F")}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := m.Scanner()
			for _, p := range tt.pieces {
				if n, err := s.Write([]byte(p)); n != len(p) || err != nil {
					t.Fatalf("%d, %v", n, err)
				}
			}
			if found := s.Close(); found != tt.found {
				t.Errorf("found %v", found)
			}
		})
	}
}

func TestScannerKnowsNoSecrets(t *testing.T) {
	s := joblog.NewMasker().Scanner()
	_, _ = s.Write(bytes.Repeat([]byte("x"), 1<<20))
	if s.Close() {
		t.Error("it found one")
	}
}
