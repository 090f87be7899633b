package vault

import (
	"context"
	"errors"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// person answers questions one after another, and remembers them.
type person struct {
	answers []string
	fail    error
	asked   []Question
}

func (p *person) ask(_ context.Context, q Question) (string, error) {
	p.asked = append(p.asked, q)
	if p.fail != nil {
		return "", p.fail
	}
	answer := ""
	if len(p.answers) > 0 {
		answer, p.answers = p.answers[0], p.answers[1:]
	}
	return answer, nil
}

func (p *person) vault(dir string) *Vault {
	return Open(Options{Dir: dir, Ask: p.ask, Keychain: noKeychain{}, cost: cheap})
}

func (p *person) wasAsked(t *testing.T, want ...Question) {
	t.Helper()
	if len(p.asked) != len(want) {
		t.Fatalf("asked %+v, want %+v", p.asked, want)
	}
	for i, q := range want {
		if p.asked[i] != q {
			t.Errorf("question %d is %+v, want %+v", i, p.asked[i], q)
		}
	}
}

func TestThePersonIsAsked(t *testing.T) {
	ctx := t.Context()
	key := ref("a1", model.SecretKeyField)
	secrets := map[model.SecretRef]string{key: "hunter2"}

	t.Run("for a new passphrase where there is no keychain, once", func(t *testing.T) {
		dir, p := t.TempDir(), &person{answers: []string{passphrase}}
		v := p.vault(dir)
		must(t, v.Put(ctx, secrets))
		must(t, v.Put(ctx, secrets))
		wantSecret(t, v, key, "hunter2")
		p.wasAsked(t, Question{New: true})
		again := &person{answers: []string{"Correct horse", passphrase}}
		wantSecret(t, again.vault(dir), key, "hunter2")
		again.wasAsked(t, Question{}, Question{Wrong: true})
	})
	t.Run("not at all where there is a keychain", func(t *testing.T) {
		p := &person{}
		v := Open(Options{Dir: t.TempDir(), Ask: p.ask, Keychain: newMemoryKeychain(), cost: cheap})
		must(t, v.Put(ctx, secrets))
		p.wasAsked(t)
	})
	t.Run("not where the environment gives the passphrase", func(t *testing.T) {
		p := &person{}
		v := Open(Options{Dir: t.TempDir(), Ask: p.ask, Passphrase: given(passphrase), Keychain: noKeychain{}, cost: cheap})
		must(t, v.Put(ctx, secrets))
		p.wasAsked(t)
	})
	t.Run("and may give no answer", func(t *testing.T) {
		dir, p := t.TempDir(), &person{}
		v := p.vault(dir)
		wantCode(t, v.Put(ctx, secrets), "vault.nokey")
		declined := errors.New("declined")
		p.fail = declined
		if err := v.Ready(ctx); !errors.Is(err, declined) {
			t.Errorf("got %v", err)
		}
		if status, err := v.Status(ctx); err != nil || status.Exists {
			t.Errorf("a refused answer made a vault: %+v %v", status, err)
		}
	})
	t.Run("or give up after a wrong one", func(t *testing.T) {
		dir := t.TempDir()
		must(t, (&person{answers: []string{passphrase}}).vault(dir).Put(ctx, secrets))
		p := &person{answers: []string{"wrong"}}
		_, err := p.vault(dir).Get(ctx, key)
		wantCode(t, err, "vault.passphrase.wrong")
	})
}

func TestReadyAndLock(t *testing.T) {
	ctx := t.Context()
	dir, p := t.TempDir(), &person{answers: []string{passphrase, passphrase}}
	v := p.vault(dir)
	must(t, v.Ready(ctx))
	must(t, v.Ready(ctx))
	p.wasAsked(t, Question{New: true})
	status, err := v.Status(ctx)
	must(t, err)
	if !status.Exists || !status.Open || status.Secrets != 0 || status.Wrapping != ByPassphrase {
		t.Errorf("status of an empty vault: %+v", status)
	}
	must(t, v.Lock(ctx))
	if status, err = v.Status(ctx); err != nil || status.Open {
		t.Errorf("still open: %+v %v", status, err)
	}
	must(t, v.Put(ctx, map[model.SecretRef]string{ref("a", "value"): "x"}))
	p.wasAsked(t, Question{New: true}, Question{})
	wantSecret(t, v, ref("a", "value"), "x")
}

// Two windows may ask for a first passphrase at once: the vault that is there first stays, and the other one opens it.
func TestTwoFirstVaults(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	first := &person{answers: []string{"one"}}
	second := &person{answers: []string{"two", "one"}}
	v := Open(Options{Dir: dir, Keychain: noKeychain{}, cost: cheap, Ask: func(ctx context.Context, q Question) (string, error) {
		if q.New {
			must(t, first.vault(dir).Put(ctx, map[model.SecretRef]string{ref("a", "value"): "first"}))
		}
		return second.ask(ctx, q)
	}})
	must(t, v.Put(ctx, map[model.SecretRef]string{ref("b", "value"): "second"}))
	second.wasAsked(t, Question{New: true}, Question{})
	wantSecret(t, v, ref("a", "value"), "first")
	wantSecret(t, v, ref("b", "value"), "second")
}
