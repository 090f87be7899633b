package command_test

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepdeck/stepdeck/command"
	"github.com/stepdeck/stepdeck/model/vault"
	"github.com/stepdeck/stepdeck/runner/engine"
)

const secretOfTests = "sw0rdf1sh-sw0rdf1sh"

// withSecret imports a project with a secret in the vault, and then takes the passphrase away.
func (d *desk) withSecret(script string) {
	d.t.Helper()
	d.environ = append(d.environ, "PW="+secretOfTests)
	d.project(plain + "variables:\n  - {name: Password, type: sensitive, value: {env: PW}}\n  - {name: Text}\nsteps:\n" + bash("S", script))
	d.environ = slices.DeleteFunc(d.environ, func(e string) bool {
		return strings.HasPrefix(e, "PW=") || strings.HasPrefix(e, "STEPDECK_PASSPHRASE=")
	})
}

// masterKey opens the vault as a window does.
func (d *desk) masterKey() []byte {
	d.t.Helper()
	v := vault.Open(vault.Options{Dir: d.home, Passphrase: vault.FromEnvironment(func(name string) string {
		return map[string]string{"STEPDECK_PASSPHRASE": passphrase}[name]
	}, nil)})
	must(d.t, v.Ready(d.t.Context()))
	key, err := v.MasterKey(d.t.Context())
	must(d.t, err)
	if len(key) == 0 {
		d.t.Fatal("an open vault gives no key")
	}
	return key
}

func commandsOf(t *testing.T, commands ...engine.Command) string {
	t.Helper()
	var in bytes.Buffer
	for _, c := range commands {
		must(t, engine.NewEncoder(&in).Encode(c))
	}
	return in.String()
}

// reads runs the command in this process with something on its standard input.
func (d *desk) reads(in io.Reader, args ...string) result {
	d.t.Helper()
	var out, errs bytes.Buffer
	code := command.Main(d.t.Context(), command.IO{In: in, Out: &out, Err: &errs, Environ: d.environ}, args, "1.2.3", "abcdef")
	return result{d.t, code, out.String(), errs.String()}
}

func TestTheKeyComesOnStandardInput(t *testing.T) {
	d := newDesk(t)
	d.withSecret(`p="$(get_octopusvariable Password)"; t="$(get_octopusvariable Text)"; echo "lengths ${#p} $(($(printf %s "$t" | wc -c)))"`)
	d.run("run", "P", "--events").wants(3).says("STEPDECK_PASSPHRASE") // it opens by nothing else
	long := strings.Repeat("é", 50_000)
	secrets := engine.Secrets{MasterKey: d.masterKey(), Given: []engine.GivenRecord{{Name: "Text", Value: []byte(long)}}}
	in := commandsOf(t, secrets)
	r := d.reads(strings.NewReader(in), "run", "P", "--events", "--secrets-stdin").wants(0)
	if strings.Contains(r.out+r.err, secretOfTests) {
		t.Errorf("the secret is printed\n%s%s", r.out, r.err)
	}
	if first, _, _ := strings.Cut(r.out, "\n"); first != `{"type":"ready","version":"1.2.3","commit":"abcdef"}` {
		t.Errorf("the first event is %s", first)
	}
	d.ok("runs", "log", "2").says("lengths 19 100000")
	d.reads(strings.NewReader(in), "runs", "again", "2", "--events", "--secrets-stdin").wants(0)
	d.ok("runs", "log", "3").says("lengths 19 100000")

	other := engine.Secrets{MasterKey: bytes.Repeat([]byte{7}, 32)}
	d.reads(strings.NewReader(commandsOf(t, other)), "run", "P", "--events", "--secrets-stdin").wants(3).says("STEPDECK_PASSPHRASE")
}

func TestGivenByStandardInputAndByAFlag(t *testing.T) {
	d := newDesk(t)
	d.withSecret("get_octopusvariable Text")
	in := commandsOf(t, engine.Secrets{Given: []engine.GivenRecord{{Name: "text", Value: []byte("x")}}})
	d.reads(strings.NewReader(in), "run", "P", "--events", "--secrets-stdin", "--set", "Text=y").wants(2).says("given twice")
	in = commandsOf(t, engine.Secrets{Given: []engine.GivenRecord{{Name: "Password", Value: []byte{0xff, 0, 0xfe}}}})
	d.reads(strings.NewReader(in), "run", "P", "--events", "--secrets-stdin").wants(2).says(`"Password" on standard input`)
}

func TestInvalidSecretsOnStandardInput(t *testing.T) {
	d := newDesk(t)
	d.withSecret("true")
	for _, row := range []struct {
		name, in, want string
		args           []string
	}{
		{"nothing", "", "ended before the secrets", nil},
		{"another command", `{"type":"stop"}` + "\n", "must be the secrets", nil},
		{"cut short", `{"type":"secrets","masterKey":"` + secretOfTests, "must be a JSON object", nil},
		{"no JSON", secretOfTests + "\n", "must be a JSON object", nil},
		{"without events", "", "--secrets-stdin only works with --events", []string{"run", "P", "--secrets-stdin"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if row.args == nil {
				row.args = []string{"run", "P", "--events", "--secrets-stdin"}
			}
			r := d.reads(strings.NewReader(row.in), row.args...).wants(2).says(row.want)
			if strings.Contains(r.out+r.err, secretOfTests) {
				t.Errorf("it tells what came: %s%s", r.out, r.err)
			}
		})
	}
	// They come first or not at all.
	in := commandsOf(t, engine.Secrets{MasterKey: []byte(secretOfTests)})
	r := d.reads(strings.NewReader(in), "run", "P", "--events")
	if strings.Contains(r.out+r.err, secretOfTests) {
		t.Errorf("it tells what came: %s%s", r.out, r.err)
	}
}

// Whoever promised secrets may hang: the wait has an end, which is named.
func TestSecretsThatNeverArrive(t *testing.T) {
	environ := newDesk(t).environ
	synctest.Test(t, func(t *testing.T) {
		in, end := io.Pipe()
		var out, errs bytes.Buffer
		begun := time.Now()
		world := command.IO{In: in, Out: &out, Err: &errs, Environ: environ}
		code := command.Main(t.Context(), world, []string{"run", "P", "--events", "--secrets-stdin"}, "1.2.3", "abcdef")
		if waited := time.Since(begun); code != 2 || waited != 10*time.Second || !strings.Contains(errs.String(), "within 10s") {
			t.Errorf("code %d after %v: %s%s", code, waited, out.String(), errs.String())
		}
		must(t, end.Close())
	})
}
