package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// notices returns the text that is shipped with the programs.
func notices(pieces []piece) (string, error) {
	var out strings.Builder
	out.WriteString("Stepdeck holds work of others, under the licences below. None of them is changed by Stepdeck's own licence.\n\n")
	for _, p := range pieces {
		fmt.Fprintf(&out, "  %s\n", strings.TrimSpace(p.name+" "+p.version+"  ("+p.licence+")"))
	}
	out.WriteString("\nSQLite, which is in github.com/mattn/go-sqlite3, is in the public domain.\n")
	line := strings.Repeat("=", 100)
	for _, p := range pieces {
		for _, file := range p.files {
			text, err := os.ReadFile(file)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&out, "\n%s\n%s: %s\n%s\n\n%s\n", line, strings.TrimSpace(p.name+" "+p.version), filepath.Base(file), line,
				strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
		}
	}
	return out.String(), nil
}

// The parts of CycloneDX that are used here. Source: CycloneDX 1.5 JSON reference.
type (
	document struct {
		Format     string      `json:"bomFormat"`
		Spec       string      `json:"specVersion"`
		Serial     string      `json:"serialNumber"`
		Version    int         `json:"version"`
		Metadata   metadata    `json:"metadata"`
		Components []component `json:"components"`
	}
	metadata struct {
		Timestamp string    `json:"timestamp"`
		Component component `json:"component"`
	}
	component struct {
		Type       string      `json:"type"`
		Ref        string      `json:"bom-ref,omitempty"`
		Name       string      `json:"name"`
		Version    string      `json:"version,omitempty"`
		PURL       string      `json:"purl,omitempty"`
		Hashes     []hash      `json:"hashes,omitempty"`
		Licences   []licence   `json:"licenses,omitempty"`
		Properties []property  `json:"properties,omitempty"`
		Components []component `json:"components,omitempty"`
	}
	hash     struct{ Alg, Content string }
	property struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	licence struct {
		Licence    *licenceID `json:"license,omitempty"`
		Expression string     `json:"expression,omitempty"`
	}
	licenceID struct {
		ID   string `json:"id,omitempty"`
		Name string `json:"name,omitempty"`
	}
)

// MarshalJSON writes the names in lower case, as the format requires.
func (h hash) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"alg": h.Alg, "content": h.Content})
}

// sbom lists the parts of the programs, and the programs with their checksums before they are signed.
func sbom(o options, pieces []piece, made time.Time) ([]byte, error) {
	whole := component{Type: "application", Ref: "stepdeck", Name: "Stepdeck", Version: o.version, Licences: expression("MIT")}
	for _, program := range o.programs {
		content, err := os.ReadFile(program)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(content)
		whole.Components = append(whole.Components, component{
			Type: "file", Name: filepath.Base(program), Hashes: []hash{{"SHA-256", hex.EncodeToString(sum[:])}},
			Properties: []property{{"stepdeck:signed", "no: the sum is the one before the program is signed"}},
		})
	}
	list := document{Format: "CycloneDX", Spec: "1.5", Version: 1, Metadata: metadata{made.Format(time.RFC3339), whole}}
	for _, p := range pieces {
		c := component{Type: "library", Ref: p.name + "@" + p.version, Name: p.name, Version: p.version, Licences: expression(p.licence)}
		if p.module {
			c.PURL = "pkg:golang/" + p.name + "@" + p.version
			c.Properties = []property{{"go:sum", p.sum}}
		}
		list.Components = append(list.Components, c)
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	list.Serial = serial(text)
	return json.MarshalIndent(list, "", "  ")
}

// serial returns a UUID derived from the list: the same list has the same one.
func serial(text []byte) string {
	u := sha256.Sum256(text)
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80 // version 8, "custom"; variant of RFC 9562
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:16])
}

func expression(spdx string) []licence {
	switch {
	case spdx == "":
		return nil
	case strings.Contains(spdx, " "):
		return []licence{{Expression: spdx}}
	case strings.HasPrefix(spdx, "LicenseRef-"):
		return []licence{{Licence: &licenceID{Name: spdx}}}
	}
	return []licence{{Licence: &licenceID{ID: spdx}}}
}
