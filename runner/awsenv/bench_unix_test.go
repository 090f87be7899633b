//go:build unix

package awsenv_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// cpu returns the CPU time of this process so far, user and system.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func measured(b *testing.B, do func()) {
	before := cpu(b)
	for b.Loop() {
		do()
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(time.Millisecond)/float64(b.N), "cpu-ms/op")
}

// BenchmarkResolve is AssumeRole and GetCallerIdentity including the server. Its lower bound is two plain HTTP
// requests.
func BenchmarkResolve(b *testing.B) {
	key := sandbox.NewKey()
	s := startSandbox(b, sandbox.Options{Keys: []sandbox.Key{key}})
	r := request(s, key)
	r.Network = network(b)
	with := r
	with.Roles = awsenv.RolesOf(&model.AssumeRole{ARN: rolePath + "deployer"})
	for name, r := range map[string]awsenv.Request{"identity": r, "role": with} {
		b.Run(name, func(b *testing.B) {
			measured(b, func() {
				if _, err := awsenv.Resolve(context.Background(), r); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
	b.Run("first role, nothing warm", func(b *testing.B) {
		measured(b, func() {
			s, err := sandbox.Start(context.Background(), sandbox.Options{Keys: []sandbox.Key{key}})
			if err != nil {
				b.Fatal(err)
			}
			cold := with
			if cold.Network, err = awsenv.NewNetwork(nil); err != nil {
				b.Fatal(err)
			}
			cold.Endpoint = s.Endpoint()
			if _, err := awsenv.Resolve(context.Background(), cold); err != nil {
				b.Fatal(err)
			}
			cold.Network.Close()
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("floor, two bare requests", func(b *testing.B) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(w, r.Body)
		}))
		defer server.Close()
		measured(b, func() {
			for range 2 {
				answer, err := server.Client().Post(server.URL, "text/plain", http.NoBody)
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
			}
		})
	})
}

func BenchmarkEnviron(b *testing.B) {
	inherited := make([]string, 0, 100)
	for i := range 100 {
		inherited = append(inherited, "VARIABLE_"+string(rune('A'+i%26))+string(rune('A'+i/26))+"=some value")
	}
	session := awsenv.Session{Environment: []awsenv.Variable{{Name: "AWS_REGION", Value: "eu-west-1"}}}
	for b.Loop() {
		awsenv.Environ(inherited, session, awsenv.Options{PrivateConfig: "/w", Path: []string{"/opt/aws"}})
	}
}
