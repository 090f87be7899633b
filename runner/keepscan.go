package runner

import (
	"bytes"
	"io"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/stepdeck/stepdeck/runner/joblog"
)

// secretScan looks for secrets in a file. PowerShell writes text as UTF-16, with a mark at its beginning.
type secretScan struct {
	secrets *joblog.Scanner
	to      io.WriteCloser // nil: nothing has come yet
}

func newSecretScan(m *joblog.Masker) *secretScan { return &secretScan{secrets: m.Scanner()} }

// Write implements io.Writer. It never fails: whatever is not found here is still kept.
func (s *secretScan) Write(p []byte) (int, error) {
	if s.to == nil && len(p) > 0 {
		decoder := encoding.Nop.NewDecoder()
		if bytes.HasPrefix(p, []byte("\xff\xfe")) || bytes.HasPrefix(p, []byte("\xfe\xff")) {
			decoder = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
		}
		s.to = transform.NewWriter(s.secrets, decoder)
	}
	if s.to != nil {
		_, _ = s.to.Write(p)
	}
	return len(p), nil
}

// close reports whether there was a secret.
func (s *secretScan) close() bool {
	if s.to != nil {
		_ = s.to.Close()
	}
	return s.secrets.Close()
}
