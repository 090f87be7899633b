//go:build e2e

package e2e

import (
	"archive/zip"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// makePackage writes a package in NuGet's layout.
func (s *stage) makePackage(id, version string, files map[string]string) string {
	s.t.Helper()
	path := filepath.Join(s.home, id+"."+version+".nupkg")
	f, err := os.Create(path)
	if err != nil {
		s.t.Fatal(err)
	}
	z := zip.NewWriter(f)
	put := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
	put(id+".nuspec", fmt.Sprintf(`<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata><id>%s</id><version>%s</version><authors>Acme</authors><description>Scripts</description></metadata>
</package>
`, id, version))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		put(name, files[name])
	}
	if err := z.Close(); err != nil {
		s.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// TestPackagedScript drops a package on the window, looks at its files, and runs one of its scripts as a step.
func TestPackagedScript(t *testing.T) {
	s := newStage(t)
	aws := s.startCloud()
	file := s.makePackage("Acme.Scripts", "1.2.0", map[string]string{
		"tools/rotate.sh": "echo \"rotating $1 in $AWS_REGION\"\n. \"$(dirname \"$0\")/../lib/who.sh\"\nwho\n",
		"lib/who.sh":      "who() { aws --endpoint-url \"$AWS_ENDPOINT_URL\" sts get-caller-identity --query Arn --output text; }\n",
	})
	s.importProject(fmt.Sprintf(`stepdeck: 1
project: Ops
accounts:
  - {name: Website, kind: access-key, accessKeyId: %s, secretKey: {file: key}, endpoint: %q}
variables:
  - {name: aws.account, type: aws-account, value: Website}
`, aws.AccessKey, aws.Endpoint), "key", aws.SecretKey)
	w := s.open()
	w.click(words("Packages"))
	w.drop(file)
	w.read("Acme.Scripts")
	w.read("1.2.0")
	w.click(words("Acme.Scripts"))
	w.click(words("tools/rotate.sh"))
	w.await("the file's text", func(v view) bool {
		x, ok := kind("codeedit.Editor").find(v)
		return ok && strings.Contains(x.Text, "rotating")
	})

	w.click(words("Projects"))
	w.openProject("Ops")
	w.click(words("Add step"))
	w.click(words("Add"))
	w.fill(field("Step name"), "Rotate")
	w.fill(field("Region"), "eu-west-1")
	w.click(words("Script file inside a package"))
	w.pick(field("Package"), "Acme.Scripts")
	w.pick(field("Script file"), "tools/rotate.sh")
	w.fill(field("Parameters"), "keys")
	w.click(words("Save and run"))
	w.read("Run · Ops")
	w.click(words("Run"))
	w.read("✓ Succeeded")
	w.click(words("Copy"))
	w.until("the log is copied", func() bool { return strings.Contains(w.clipboard(), "rotating keys in eu-west-1") })
	if log := w.clipboard(); !strings.Contains(log, "arn:aws:") {
		t.Errorf("the log says\n%s", log)
	}
	w.close()
}
