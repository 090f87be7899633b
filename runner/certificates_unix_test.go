//go:build !windows

package runner

import (
	"context"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// reader is a world that keeps the log.
type reader struct {
	*world
	text strings.Builder
}

func (r *reader) Lines(_ model.StepRun, _ int64, b model.LogBatch) {
	r.text.Write(b.Bytes)
}

// own returns a TLS server whose certificate nobody trusts, and that certificate.
func own(t *testing.T) (url string, root []byte) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<ListAllMyBucketsResult><Buckets><Bucket><Name>reached</Name></Bucket></Buckets></ListAllMyBucketsResult>`)
	}))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // of handshakes that fail
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
}

// runScript runs one Bash script without an account.
func runScript(t *testing.T, r *Runner, w *world, project model.Project, body string) (model.Run, string) {
	t.Helper()
	step := model.NewStep("S")
	step.AWS.Account, step.Script.Body = model.NoAccount, body
	project.Name, project.Steps = "P", []model.Step{step}
	watcher := &reader{world: w}
	run, err := r.Run(t.Context(), Request{Project: project}, watcher, nil)
	if err != nil {
		t.Fatal(err)
	}
	return run, watcher.text.String()
}

// The real aws reaches an endpoint whose certificate is from an authority that only the system's store has.
func TestScriptsUseTheSystemsCertificates(t *testing.T) {
	if _, err := exec.LookPath("aws"); err != nil {
		if os.Getenv("STEPDECK_REQUIRE_TOOLS") == "1" {
			t.Fatal(err)
		}
		t.Skip("NOT SHOWN: ", err)
	}
	url, root := own(t)
	body := "aws s3api list-buckets --no-sign-request --region eu-west-1 --output text --query 'Buckets[].Name' --endpoint-url " + url
	for _, c := range []struct {
		name         string
		certificates Certificates
		environ      []string
		chosen       []model.EnvVar
		succeeds     bool
	}{
		{name: "off"},
		{name: "on", certificates: func(context.Context) ([]byte, error) { return root, nil }, succeeds: true},
		{name: "the person's bundle wins", certificates: func(context.Context) ([]byte, error) { return root, nil },
			environ: []string{"AWS_CA_BUNDLE=/nonexistent.pem"}},
		{name: "the project's bundle wins", certificates: func(context.Context) ([]byte, error) { return root, nil },
			chosen: []model.EnvVar{{Name: "AWS_CA_BUNDLE", Value: "/nonexistent.pem"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, r, _ := newWorld(t)
			r.deps.Certificates, r.deps.Environ = c.certificates, append([]string{"PATH=" + os.Getenv("PATH")}, c.environ...)
			run, log := runScript(t, r, w, model.Project{EnvVars: c.chosen}, body)
			if succeeded := run.Status == model.Succeeded && strings.Contains(log, "reached"); succeeded != c.succeeds {
				t.Errorf("%s:\n%s", run.Status, log)
			}
		})
	}
}

func TestEveryVariableOfCertificatesLeadsToTheFile(t *testing.T) {
	_, root := own(t)
	w, r, _ := newWorld(t)
	r.deps.Certificates = func(context.Context) ([]byte, error) { return root, nil }
	r.deps.Environ = append(r.deps.Environ, "SSL_CERT_FILE=/mine.pem", "NODE_EXTRA_CA_CERTS=")
	_, log := runScript(t, r, w, model.Project{}, `for v in AWS_CA_BUNDLE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS
do grep -c BEGIN "${!v}"; ls -l "${!v}" | cut -c1-10; done; echo "$SSL_CERT_FILE"; echo "in $AWS_CA_BUNDLE"`)
	if want := strings.Repeat("1\n-rw-------\n", 4) + "/mine.pem\nin "; !strings.Contains(log, want) {
		t.Errorf("%s\nwant\n%s", log, want)
	}
	_, file, _ := strings.Cut(log, "\nin ")
	if _, err := os.Stat(strings.TrimSpace(file)); !os.IsNotExist(err) {
		t.Errorf("the file %q stays: %v", file, err)
	}
	plan, err := r.Plan(t.Context(), Request{Project: model.Project{Name: "P", Steps: []model.Step{{Name: "S", Enabled: true}}}})
	if err != nil || !slices.Contains(plan.Steps[0].Environ, "CURL_CA_BUNDLE") {
		t.Errorf("the preview has %q, %v", plan.Steps[0].Environ, err)
	}
}

func TestCertificatesThatCanNotBeReadStopTheStep(t *testing.T) {
	w, r, _ := newWorld(t)
	r.deps.Certificates = func(context.Context) ([]byte, error) { return nil, model.NewError("trust.read", "No certificates.") }
	if run, log := runScript(t, r, w, model.Project{}, "echo ran"); run.Status != model.Failed || strings.Contains(log, "ran") {
		t.Errorf("%s: %s", run.Status, log)
	}
}
