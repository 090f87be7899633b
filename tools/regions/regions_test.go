package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheRegionsAreThoseOfTheSDK(t *testing.T) {
	module := filepath.Join("..", "..")
	want, err := source(module)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file(module))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("model/regionsdata.go is not that of the SDK in go.mod. Update it: go run -C tools ./regions ..")
	}
}

func TestGenerate(t *testing.T) {
	code, err := generate([]byte(`{"partitions": [{"id": "aws-x", "regionRegex": "^x\\-\\d+$",
		"regions": {"x-2": {"description": "X (\"Two\")"}, "x-1": {"description": "X (One)"}, "aws-x-global": {"description": "all"}}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	const want = "\t\t{\"aws-x\", `^x\\-\\d+$`, []Region{\n\t\t\t{\"x-1\", \"X (One)\"},\n\t\t\t{\"x-2\", \"X (\\\"Two\\\")\"},\n\t\t}},\n"
	if !strings.Contains(string(code), want) {
		t.Errorf("got\n%s", code)
	}
	for _, data := range []string{"", "{}", `{"partitions": []}`} {
		if _, err := generate([]byte(data)); err == nil {
			t.Errorf("%q is taken", data)
		}
	}
}
