package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// cheap makes a passphrase cost nothing: most tests are not about its price.
var cheap = argonCost{rounds: 1, memory: 8, threads: 1}

const passphrase = "correct horse"

func given(text string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return text, nil }
}

func ref(owner, field string) model.SecretRef {
	return model.SecretRef{Owner: model.ID(owner), Field: field}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	if model.ErrorCode(err) != code {
		t.Fatalf("error is %q (%v), want %q", model.ErrorCode(err), err, code)
	}
}

func wantSecret(t testing.TB, v *Vault, r model.SecretRef, want string) {
	t.Helper()
	got, err := v.Get(context.Background(), r)
	must(t, err)
	if got != want {
		t.Fatalf("%v is %q, want %q", r, got, want)
	}
}

// wrapping is one way to lock a vault; open returns the vault of a folder as another process would see it.
type wrapping struct {
	name string
	kind Wrapping
	open func(dir string) *Vault
}

// suite is what every wrapping has to do.
func suite(t *testing.T, w wrapping) {
	ctx := context.Background()
	key, token := ref("a1", model.SecretKeyField), ref("a1", model.SessionTokenField)

	t.Run("a new vault", func(t *testing.T) {
		dir := t.TempDir()
		v := w.open(dir)
		_, err := v.Get(ctx, key)
		wantCode(t, err, "secret.missing")
		must(t, v.Delete(ctx, key))
		must(t, v.Put(ctx, nil))
		if status, err := v.Status(ctx); err != nil || status.Exists {
			t.Errorf("looking made a vault: %+v %v", status, err)
		}
		must(t, v.Put(ctx, map[model.SecretRef]string{key: "hunter2", token: ""}))
		for _, again := range []*Vault{v, w.open(dir)} {
			wantSecret(t, again, key, "hunter2")
			wantSecret(t, again, token, "")
			_, err = again.Get(ctx, ref("a2", model.SecretKeyField))
			wantCode(t, err, "secret.missing")
		}
		status, err := w.open(dir).Status(ctx)
		must(t, err)
		if want := (Status{filepath.Join(dir, FileName), true, w.kind, 2, false}); status != want {
			t.Errorf("status is %+v, want %+v", status, want)
		}
	})
	t.Run("values of all kinds", func(t *testing.T) {
		dir := t.TempDir()
		secrets := map[model.SecretRef]string{}
		for i, text := range []string{"x", "wörld 🎉", "\x00\xff\xfe not UTF-8", strings.Repeat("long ", 300_000), "line\nline\r\n"} {
			secrets[ref(fmt.Sprint("owner", i), "value")] = text
		}
		must(t, w.open(dir).Put(ctx, secrets))
		v := w.open(dir)
		for r, text := range secrets {
			wantSecret(t, v, r, text)
		}
		refs, err := v.Refs(ctx)
		must(t, err)
		if len(refs) != len(secrets) || !slices.IsSortedFunc(refs,
			func(a, b model.SecretRef) int { return strings.Compare(string(a.Owner), string(b.Owner)) }) {
			t.Errorf("refs are %v", refs)
		}
	})
	t.Run("change and delete", func(t *testing.T) {
		dir := t.TempDir()
		v := w.open(dir)
		must(t, v.Put(ctx, map[model.SecretRef]string{key: "one", token: "t"}))
		must(t, w.open(dir).Put(ctx, map[model.SecretRef]string{key: "two"}))
		wantSecret(t, v, key, "two")
		must(t, v.Delete(ctx, token, ref("nobody", "x")))
		_, err := w.open(dir).Get(ctx, token)
		wantCode(t, err, "secret.missing")
		if has, err := v.Has(ctx, token); has || err != nil {
			t.Errorf("still has it (%v)", err)
		}
		if has, err := v.Has(ctx, key); !has || err != nil {
			t.Errorf("does not have it (%v)", err)
		}
		wantSecret(t, v, key, "two")
	})
	t.Run("every write has new nonces, and the one before stays as a copy", func(t *testing.T) {
		dir := t.TempDir()
		v := w.open(dir)
		path := filepath.Join(dir, FileName)
		seen := map[string]bool{}
		var previous []byte
		for range 4 {
			must(t, v.Put(ctx, map[model.SecretRef]string{key: "same"}))
			text, err := os.ReadFile(path)
			must(t, err)
			f, err := decode(text)
			must(t, err)
			for _, nonce := range [][]byte{f.entries[key][:nonceSize], text[f.body : f.body+nonceSize]} {
				if seen[string(nonce)] {
					t.Fatal("a nonce was used twice")
				}
				seen[string(nonce)] = true
			}
			if previous != nil {
				backup, err := os.ReadFile(path + backupSuffix)
				must(t, err)
				if !reflect.DeepEqual(backup, previous) {
					t.Error("the copy is not the generation before")
				}
			}
			previous = text
		}
	})
	t.Run("nothing in the clear", func(t *testing.T) {
		dir := t.TempDir()
		must(t, w.open(dir).Put(ctx, map[model.SecretRef]string{key: "hunter2-hunter2"}))
		must(t, w.open(dir).Put(ctx, map[model.SecretRef]string{token: "x"}))
		found := 0
		for _, name := range []string{FileName, FileName + backupSuffix} {
			text, err := os.ReadFile(filepath.Join(dir, name))
			must(t, err)
			if strings.Contains(string(text), "hunter2") {
				t.Errorf("%s holds the secret", name)
			}
			if strings.Contains(string(text), model.SecretKeyField) { // the search finds what is there
				found++
			}
			info, err := os.Stat(filepath.Join(dir, name))
			must(t, err)
			if readableByOthers(info) {
				t.Errorf("%s has mode %v", name, info.Mode())
			}
		}
		if found != 2 {
			t.Error("the search found no names either: it searched nothing")
		}
	})
	t.Run("every bit flipped is refused", func(t *testing.T) {
		dir := t.TempDir()
		v := w.open(dir)
		must(t, v.Put(ctx, map[model.SecretRef]string{key: "hunter2"}))
		path := filepath.Join(dir, FileName)
		good, err := os.ReadFile(path)
		must(t, err)
		master, err := v.MasterKey(ctx)
		must(t, err)
		for bit := range len(good) * 8 {
			bad := slices.Clone(good)
			bad[bit/8] ^= 1 << (bit % 8)
			must(t, os.WriteFile(path, bad, 0o600))
			// One that has the key, so that the seals alone decide, and now and then one that has to ask for it.
			other := Open(Options{Dir: dir, Keychain: noKeychain{}, MasterKey: master})
			if bit%97 == 0 {
				other = w.open(dir)
			}
			if secret, err := other.Get(ctx, key); err == nil {
				t.Fatalf("with bit %d flipped the secret is %q", bit, secret)
			}
			if bit%8 != 0 {
				continue
			}
			if err := other.Put(ctx, map[model.SecretRef]string{token: "x"}); err == nil {
				t.Fatalf("with bit %d flipped a secret was added", bit)
			}
		}
		for length := range good {
			must(t, os.WriteFile(path, good[:length], 0o600))
			if _, err := v.Get(ctx, key); err == nil {
				t.Fatalf("cut to %d bytes it is accepted", length)
			}
		}
		must(t, os.WriteFile(path, append(slices.Clone(good), 0), 0o600))
		_, err = v.Get(ctx, key)
		wantCode(t, err, "vault.damaged")
		must(t, os.WriteFile(path, good, 0o600))
		wantSecret(t, v, key, "hunter2")
	})
	t.Run("swapped secrets are refused", func(t *testing.T) {
		dir := t.TempDir()
		v := w.open(dir)
		other := ref("a2", model.SecretKeyField)
		must(t, v.Put(ctx, map[model.SecretRef]string{key: "prod", token: "token", other: "test"}))
		master, err := v.MasterKey(ctx)
		must(t, err)
		for _, pair := range [][2]model.SecretRef{{key, other}, {key, token}} {
			text, err := os.ReadFile(v.path)
			must(t, err)
			f, err := decode(text)
			must(t, err)
			f.entries[pair[0]], f.entries[pair[1]] = f.entries[pair[1]], f.entries[pair[0]]
			// Sealed as a whole with the right key: the secrets themselves have to notice.
			must(t, os.WriteFile(v.path, f.encode(master), 0o600))
			for _, r := range pair {
				_, err := v.Get(ctx, r)
				wantCode(t, err, "vault.damaged")
			}
			must(t, os.WriteFile(v.path, text, 0o600))
		}
	})
	t.Run("many at once lose nothing", func(t *testing.T) {
		dir := t.TempDir()
		var all sync.WaitGroup
		for i := range 6 {
			v := w.open(dir) // as if in another process
			all.Go(func() {
				for j := range 5 {
					if err := v.Put(ctx, map[model.SecretRef]string{ref(fmt.Sprint("o", i), fmt.Sprint("f", j)): fmt.Sprint(i, j)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		v := w.open(dir)
		for i := range 6 {
			for j := range 5 {
				wantSecret(t, v, ref(fmt.Sprint("o", i), fmt.Sprint("f", j)), fmt.Sprint(i, j))
			}
		}
	})
	t.Run("a handed-in key saves the question", func(t *testing.T) {
		dir := t.TempDir()
		v := w.open(dir)
		must(t, v.Put(ctx, map[model.SecretRef]string{key: "hunter2"}))
		master, err := v.MasterKey(ctx)
		must(t, err)
		wantSecret(t, Open(Options{Dir: dir, Keychain: noKeychain{}, MasterKey: master}), key, "hunter2")
		master[0] ^= 1
		if _, err := Open(Options{Dir: dir, Keychain: noKeychain{}, MasterKey: master}).Get(ctx, key); err == nil {
			t.Error("a wrong key opens it")
		}
	})
}

func TestPassphraseVault(t *testing.T) {
	suite(t, wrapping{"passphrase", ByPassphrase, func(dir string) *Vault {
		return Open(Options{Dir: dir, Passphrase: given(passphrase), Keychain: noKeychain{}, cost: cheap})
	}})
}

func TestPassphrases(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	secret := ref("a", "b")
	const composed, decomposed = "gr\u00fcn", "gru\u0308n"
	must(t, Open(Options{Dir: dir, Passphrase: given(composed), Keychain: noKeychain{}}).Put(ctx, map[model.SecretRef]string{secret: "s"}))
	for _, row := range []struct {
		name       string
		passphrase func(context.Context) (string, error)
		code       string
	}{
		{"the right one", given(composed), ""},
		{"the same characters otherwise composed", given(decomposed), ""},
		{"a wrong one", given("grün "), "vault.passphrase.wrong"},
		{"none", given(""), "vault.passphrase.missing"},
		{"nobody to ask", nil, "vault.passphrase.missing"},
		{"a source that fails", func(context.Context) (string, error) { return "", context.Canceled }, "canceled"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := Open(Options{Dir: dir, Passphrase: row.passphrase, Keychain: noKeychain{}}).Get(ctx, secret)
			switch row.code {
			case "":
				must(t, err)
				if got != "s" {
					t.Errorf("the secret is %q", got)
				}
			case "canceled":
				if !errors.Is(err, context.Canceled) {
					t.Errorf("error is %v", err)
				}
			default:
				wantCode(t, err, row.code)
			}
		})
	}
	t.Run("is asked for once", func(t *testing.T) {
		asked := 0
		v := Open(Options{Dir: dir, Keychain: noKeychain{}, Passphrase: func(context.Context) (string, error) { asked++; return composed, nil }})
		for range 3 {
			wantSecret(t, v, secret, "s")
			must(t, v.Put(ctx, map[model.SecretRef]string{ref("c", "d"): "e"}))
		}
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
	})
	t.Run("none is needed where nothing is opened", func(t *testing.T) {
		v := Open(Options{Dir: dir, Keychain: noKeychain{}})
		must(t, v.Delete(ctx, ref("nobody", "b")))
		if has, err := v.Has(ctx, secret); !has || err != nil {
			t.Errorf("has it: %v %v", has, err)
		}
	})
	t.Run("a passphrase chooses nothing later", func(t *testing.T) {
		dir := t.TempDir()
		chain := newMemoryKeychain()
		must(t, Open(Options{Dir: dir, Keychain: chain}).Put(ctx, map[model.SecretRef]string{secret: "s"}))
		v := Open(Options{Dir: dir, Keychain: chain, Passphrase: given(passphrase)})
		wantSecret(t, v, secret, "s")
		must(t, v.Put(ctx, map[model.SecretRef]string{ref("c", "d"): "e"}))
		if status, err := v.Status(ctx); err != nil || status.Wrapping != ByKeychain {
			t.Errorf("status is %+v %v", status, err)
		}
	})
}

func TestNothingToLockWith(t *testing.T) {
	dir := t.TempDir()
	err := Open(Options{Dir: dir, Keychain: noKeychain{}}).Put(context.Background(), map[model.SecretRef]string{ref("a", "b"): "hunter2"})
	wantCode(t, err, "vault.nokey")
	for _, name := range []string{"keychain", passphraseVariable, passphraseFileVariable} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q does not name %s", err, name)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, FileName)); !os.IsNotExist(err) {
		t.Error("something was written")
	}
}

func TestFromEnvironment(t *testing.T) {
	dir := t.TempDir()
	file := func(text string) string {
		f, err := os.CreateTemp(dir, "")
		must(t, err)
		_, err = f.WriteString(text)
		must(t, errors.Join(err, f.Close()))
		return f.Name()
	}
	for _, row := range []struct{ name, passphrase, file, want, code string }{
		{"neither", "", "", "", ""},
		{"the variable", " with blanks ", "", " with blanks ", ""},
		{"the file", "", file("from file \n"), "from file ", ""},
		{"the file with a Windows line end", "", file("from file\r\n"), "from file", ""},
		{"both", "x", file("y"), "", "vault.passphrase.twice"},
		{"an empty file", "", file("\n"), "", "vault.passphrase.file"},
		{"a file of two lines", "", file("a\nb\n"), "", "vault.passphrase.file"},
		{"no such file", "", filepath.Join(dir, "gone"), "", "vault.passphrase.file"},
	} {
		t.Run(row.name, func(t *testing.T) {
			getenv := func(name string) string {
				return map[string]string{passphraseVariable: row.passphrase, passphraseFileVariable: row.file}[name]
			}
			got, err := FromEnvironment(getenv, os.ReadFile)(context.Background())
			if got != row.want || model.ErrorCode(err) != row.code {
				t.Errorf("got %q %v, want %q %s", got, err, row.want, row.code)
			}
		})
	}
}

func TestRefusedFiles(t *testing.T) {
	ctx := context.Background()
	for _, row := range []struct {
		name, code string
		change     func(path string) error
	}{
		{"readable by the group", "vault.rights", func(path string) error { return os.Chmod(path, 0o640) }},
		{"readable by all", "vault.rights", func(path string) error { return os.Chmod(path, 0o604) }},
		{"a link", "vault.failed", func(path string) error { return errors.Join(os.Rename(path, path+"2"), os.Symlink(path+"2", path)) }},
		{"a newer format", "vault.newer", func(path string) error {
			text, err := os.ReadFile(path)
			text[len(magic)] = 2
			return errors.Join(err, os.WriteFile(path, text, 0o600))
		}},
		{"another program's file", "vault.damaged", func(path string) error { return os.WriteFile(path, []byte("hello"), 0o600) }},
		{"empty", "vault.damaged", func(path string) error { return os.WriteFile(path, nil, 0o600) }},
		{"gone, but with its copy", "vault.gone", os.Remove},
	} {
		t.Run(row.name, func(t *testing.T) {
			if os.PathSeparator == '\\' && (row.code == "vault.rights" || row.name == "a link") {
				t.Skip("Windows has other rights and asks for a right to make links")
			}
			dir := t.TempDir()
			v := Open(Options{Dir: dir, Passphrase: given(passphrase), Keychain: noKeychain{}, cost: cheap})
			for _, text := range []string{"one", "two"} {
				must(t, v.Put(ctx, map[model.SecretRef]string{ref("a", "b"): text}))
			}
			must(t, row.change(v.path))
			before, _ := os.ReadFile(v.path)
			_, err := v.Get(ctx, ref("a", "b"))
			wantCode(t, err, row.code)
			wantCode(t, v.Put(ctx, map[model.SecretRef]string{ref("a", "b"): "three"}), row.code)
			if after, _ := os.ReadFile(v.path); string(after) != string(before) {
				t.Error("the refused file was changed")
			}
			// The copy of the generation before brings back what it holds.
			must(t, errors.Join(os.RemoveAll(v.path), os.Rename(v.path+backupSuffix, v.path)))
			wantSecret(t, v, ref("a", "b"), "one")
		})
	}
}

func TestHostileCostIsRefusedBeforeItIsPaid(t *testing.T) {
	f := &file{wrapping: ByPassphrase, cost: argonCost{1 << 30, 1 << 30, 255},
		entries: map[model.SecretRef]entry{ref("a", "b"): make([]byte, 50)}}
	f.wrapped = make([]byte, nonceSize+keySize+tagSize)
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, FileName), f.encode(make([]byte, keySize)), 0o600))
	_, err := Open(Options{Dir: dir, Passphrase: given("x"), Keychain: noKeychain{}}).Get(context.Background(), ref("a", "b"))
	wantCode(t, err, "vault.damaged")
}

func TestTooLargeSecretIsRefused(t *testing.T) {
	v := Open(Options{Dir: t.TempDir(), Passphrase: given("x"), Keychain: noKeychain{}, cost: cheap})
	wantCode(t, v.Put(context.Background(), map[model.SecretRef]string{ref("a", "b"): strings.Repeat("x", maxSecret+1)}), "secret.large")
	if err := v.Put(context.Background(), map[model.SecretRef]string{{}: "x"}); err == nil {
		t.Error("a secret of nobody was taken")
	}
}

func FuzzDecode(f *testing.F) {
	dir := f.TempDir()
	v := Open(Options{Dir: dir, Passphrase: given("x"), Keychain: noKeychain{}, cost: cheap})
	must(f, v.Put(context.Background(), map[model.SecretRef]string{ref("a", "b"): "c", ref("d", "e"): "f"}))
	text, err := os.ReadFile(v.path)
	must(f, err)
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := decode(text)
		if err != nil {
			return
		}
		if got.body+nonceSize+tagSize != len(text) {
			t.Fatalf("%d of %d bytes are sealed", got.body, len(text))
		}
		for _, e := range got.entries {
			if _, err := decrypt(make([]byte, keySize), nil, e); err == nil {
				t.Fatal("opened by a key of zeros")
			}
		}
	})
}
