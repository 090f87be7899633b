//go:build e2e

package e2e

import (
	"encoding/json"
	"os/exec"
)

// cloud is a local imitation of AWS, in a process of its own.
type cloud struct {
	Endpoint  string `json:"endpoint"`
	AccessKey string `json:"accessKeyId"`
	SecretKey string `json:"secretAccessKey"`
	AWSID     string `json:"awsAccount"`
	Region    string `json:"region"`
	StartURL  string `json:"startUrl"`
	MFADevice string `json:"mfaDevice"`
	MFASeed   string `json:"mfaSeed"`
}

// deployer is a role that can be assumed there.
const deployer = "arn:aws:iam::000000000000:role/deployer"

func (s *stage) startCloud() cloud {
	s.t.Helper()
	cmd := exec.Command(program(s.t, "stepdeck"), "sandbox")
	cmd.Env = s.env
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { end(cmd) })
	var c cloud
	if err := json.NewDecoder(out).Decode(&c); err != nil {
		s.t.Fatal(err)
	}
	return c
}
