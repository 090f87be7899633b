package model_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestASecretShowsNowhere(t *testing.T) {
	const text = "hunter2"
	given := model.NewGiven("Password", text)
	inside := struct{ given []model.Given }{[]model.Given{given}} // where fmt calls no methods
	for name, what := range map[string]any{
		"alone": given.Value, "a pointer": &given.Value, "given": given, "a list": []model.Given{given}, "in a map": map[string]any{"a": given},
		"options": model.RunOptions{Given: []model.Given{given}}, "a pointer to options": &model.RunOptions{Given: []model.Given{given}},
		"in an unexported field": inside, "a pointer to that": &inside,
	} {
		var shown []string
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T %v"} {
			shown = append(shown, fmt.Sprintf(format, what))
		}
		encoded, err := json.Marshal(what)
		if err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		options := &slog.HandlerOptions{Level: slog.LevelDebug}
		slog.New(slog.NewTextHandler(&log, options)).Info("x", "what", what)
		slog.New(slog.NewJSONHandler(&log, options)).Info("x", "what", what, slog.Group("g", "what", what))
		shown = append(shown, string(encoded), log.String(), fmt.Sprint(what), fmt.Errorf("x: %v", what).Error())
		for _, s := range shown {
			for _, told := range []string{text, "68756e74", "68756E74", "104 117 110", "0x68, 0x75", "aHVudGVy"} {
				if strings.Contains(s, told) {
					t.Errorf("%s shows %s", name, s)
				}
			}
		}
	}
}

func TestSecret(t *testing.T) {
	for _, text := range []string{"", "hunter2", "********"} {
		s := model.NewSecret(text)
		if s.Reveal() != text || s.IsEmpty() != (text == "") {
			t.Errorf("%q is kept as %q, empty %v", text, s.Reveal(), s.IsEmpty())
		}
		if shown := fmt.Sprint(s); shown != "********" {
			t.Errorf("%q shows as %q, which tells something of it", text, shown)
		}
	}
	if !(model.Secret{}).IsEmpty() {
		t.Error("the zero value is not empty")
	}
}
