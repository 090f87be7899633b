package script

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

func TestVersionsOfAWS(t *testing.T) {
	for _, c := range []struct {
		kind               Kind
		version            string
		maintenance, reads bool
	}{
		{AWS, "1.45.11", true, true},
		{AWS, "1.29.0", true, true},
		{AWS, "1.28.85", true, false},
		{AWS, "2.9.19", false, false},
		{AWS, "2.12.9", false, false},
		{AWS, "2.13.0", false, true},
		{AWS, "2.36.7", false, true},
		{AWS, "3.0.0", false, true},
		{AWS, "odd", false, true},
		{Bash, "1.14", false, true},
	} {
		tool := Tool{Kind: c.kind, Version: c.version}
		if got := tool.ReadsEndpoint(); got != c.reads {
			t.Errorf("%s %s reads the endpoint: %t", c.kind, c.version, got)
		}
		notice := tool.Notice()
		if (notice != nil) != c.maintenance {
			t.Errorf("%s %s: %v", c.kind, c.version, notice)
		}
		if notice != nil && (model.ErrorCode(notice) != "tool.maintenance" || !strings.Contains(notice.Error(), c.version)) {
			t.Errorf("%v", notice)
		}
	}
}
