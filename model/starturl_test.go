package model_test

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

const start = "https://d-1234567890.awsapps.com/start"

func TestCleanStartURL(t *testing.T) {
	for text, want := range map[string]string{
		" https://D-1234567890.awsapps.com/start/#/?tab=accounts ": start,
		"https://d-1234567890.awsapps.com/start?x=1":               start,
		"https://d-1234567890.awsapps.com/start":                   start,
		"http://127.0.0.1:8080/start/":                             "http://127.0.0.1:8080/start",
	} {
		if got, err := model.CleanStartURL(text); got != want || err != nil {
			t.Errorf("%q became %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "start\x1b", "http://d-1234567890.awsapps.com/start", "ftp://x", "https://user@d-1.awsapps.com"} {
		if got, err := model.CleanStartURL(text); err == nil || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q became %q, %v", text, got, err)
		}
	}
}

func FuzzCleanStartURL(f *testing.F) {
	for _, seed := range []string{"", start, start + "/#/", "http://[::1]:1/", "https://user@x/", "https://%zz"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once, err := model.CleanStartURL(text)
		if err != nil {
			return
		}
		if twice, err := model.CleanStartURL(once); err != nil || twice != once {
			t.Errorf("%q became %q, which becomes %q, %v", text, once, twice, err)
		}
	})
}
