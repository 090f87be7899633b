//go:build unix

package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/stepdeck/stepdeck/app/secrets"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner/process/supervisor"
)

// asSaver makes this test program save an account in the data folder that it names. It says where it is, and goes on when
// it should.
const asSaver = "STEPDECK_TEST_AS_SAVER"

func TestMain(m *testing.M) {
	if supervisor.Requested(os.Args) {
		os.Exit(supervisor.Main(supervisor.Build("1.2.3", "abcdef"))) // of the build of openHere
	}
	if dir := os.Getenv(asSaver); dir != "" {
		os.Exit(beSaver(dir))
	}
	os.Exit(m.Run())
}

const newKeyID, newSecretKey = "AKIAOTHEROTHEROTHER1", "new"

func beSaver(dir string) int {
	ctx := context.Background()
	lines := bufio.NewReader(os.Stdin)
	pause := func(at string) {
		fmt.Println(at)
		_, _ = lines.ReadString('\n')
	}
	s, err := Open(ctx, Options{DataDir: dir, Environ: []string{"STEPDECK_PASSPHRASE=test"}})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	a, err := s.store.Account(ctx, "Ops")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	pause("opened")
	a.AccessKeyID = newKeyID
	err = s.Secrets().Save(ctx, "save the account", secrets.OfAccount(&a, model.AccountSecrets{SecretKey: newSecretKey}),
		func(c *store.Change) error {
			pause("sealed")
			return c.SaveAccount(ctx, &a)
		})
	pause(fmt.Sprintf("saved %v", err))
	return 0
}

// saver is such a process.
type saver struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startSaver(t *testing.T, dir string) *saver {
	t.Helper()
	p := &saver{t: t, cmd: exec.CommandContext(t.Context(), os.Args[0])}
	p.cmd.Env = append(os.Environ(), asSaver+"="+dir)
	p.cmd.Stderr = os.Stderr
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(out)
	t.Cleanup(p.kill)
	p.wants("opened")
	return p
}

func (p *saver) wants(at string) {
	p.t.Helper()
	if line, err := p.out.ReadString('\n'); err != nil || line != at+"\n" {
		p.t.Fatalf("it says %q, %v; want %q", line, err, at)
	}
}

func (p *saver) goOn() {
	p.t.Helper()
	if _, err := io.WriteString(p.in, "\n"); err != nil {
		p.t.Fatal(err)
	}
}

func (p *saver) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// holdVault keeps everybody from the vault until release is called.
func holdVault(t *testing.T, dir string) (release func()) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, "vault.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() { _ = f.Close() }
}

// withOps opens a data folder that has the account Ops with its secret key.
func withOps(t *testing.T) (s *Services, dir string) {
	t.Helper()
	dir = t.TempDir()
	s, err := Open(t.Context(), Options{DataDir: dir, Environ: []string{"STEPDECK_PASSPHRASE=test"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	a := ops()
	if err := s.Accounts().Save(t.Context(), &a, model.AccountSecrets{SecretKey: "old"}); err != nil {
		t.Fatal(err)
	}
	return s, dir
}

// A save that is killed leaves the old account with the old key or the new one with the new, and after the next start no
// secret of nobody.
func TestAKilledSaveLeavesTheOldStateOrTheNew(t *testing.T) {
	for name, tt := range map[string]struct {
		kill func(t *testing.T, s *Services, dir string, p *saver)
		left int // secrets in the vault before the next start
		now  bool
	}{
		"before anything is sealed": {func(t *testing.T, _ *Services, dir string, p *saver) {
			release := holdVault(t, dir)
			p.goOn()
			p.kill()
			release()
		}, 1, false},
		"between sealing and saving": {func(_ *testing.T, _ *Services, _ string, p *saver) {
			p.goOn()
			p.wants("sealed")
			p.kill()
		}, 2, false},
		"between saving and tidying up": {func(t *testing.T, s *Services, dir string, p *saver) {
			p.goOn()
			p.wants("sealed")
			release := holdVault(t, dir)
			p.goOn()
			saved := func() bool {
				a, err := s.store.Account(t.Context(), "Ops")
				return err == nil && a.AccessKeyID == newKeyID
			}
			for end := time.Now().Add(time.Minute); !saved(); time.Sleep(5 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("it is not saved")
				}
			}
			p.kill()
			release()
		}, 2, true},
		"afterwards": {func(_ *testing.T, _ *Services, _ string, p *saver) {
			p.goOn()
			p.wants("sealed")
			p.goOn()
			p.wants("saved <nil>")
			p.kill()
		}, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := withOps(t)
			tt.kill(t, s, dir, startSaver(t, dir))
			if n := sealed(t, s); n != tt.left {
				t.Errorf("the vault has %d secrets, want %d", n, tt.left)
			}
			check := func(s *Services) {
				t.Helper()
				a, err := s.store.Account(t.Context(), "Ops")
				if err != nil || (a.AccessKeyID == newKeyID) != tt.now {
					t.Errorf("the account is %+v, %v", a, err)
				}
				wantSecret(t, s, a.SecretKeyRef(), map[bool]string{true: newSecretKey, false: "old"}[tt.now])
			}
			check(s)
			next, err := Open(t.Context(), Options{DataDir: dir, Environ: []string{"STEPDECK_PASSPHRASE=test"}})
			if err != nil {
				t.Fatal(err)
			}
			defer next.Close()
			check(next)
			if n := sealed(t, next); n != 1 {
				t.Errorf("after the next start the vault has %d secrets", n)
			}
		})
	}
}

// What a process has sealed and not yet saved is not swept by another one.
func TestASweepSparesWhatAnotherProcessIsAboutToSave(t *testing.T) {
	s, dir := withOps(t)
	p := startSaver(t, dir)
	p.goOn()
	p.wants("sealed")
	if err := s.vault.Put(t.Context(), map[model.SecretRef]string{store.NewVaultEntry(model.ValueField): "of nobody"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Secrets().Sweep(t.Context()); err != nil || sealed(t, s) != 3 {
		t.Errorf("swept with %v, %d secrets are left", err, sealed(t, s))
	}
	p.goOn()
	p.wants("saved <nil>") // and has swept by itself
	a, err := s.store.Account(t.Context(), "Ops")
	if err != nil || a.AccessKeyID != newKeyID {
		t.Errorf("the account is %+v, %v", a, err)
	}
	wantSecret(t, s, a.SecretKeyRef(), newSecretKey)
	if err := s.Secrets().Sweep(t.Context()); err != nil || sealed(t, s) != 1 {
		t.Errorf("swept with %v, %d secrets are left", err, sealed(t, s))
	}
}

// A reader and a writer: the reader gets the old key or the new one at every moment.
func TestASecretIsThereAtEveryMoment(t *testing.T) {
	s, dir := withOps(t)
	a, err := s.store.Account(t.Context(), "Ops")
	if err != nil {
		t.Fatal(err)
	}
	p := startSaver(t, dir)
	p.goOn()
	p.wants("sealed")
	done := make(chan error, 1)
	stop := make(chan struct{})
	go func() {
		for {
			secret, err := s.Secrets().Get(t.Context(), a.SecretKeyRef())
			if err == nil && secret != "old" && secret != newSecretKey {
				err = fmt.Errorf("the secret is %q", secret)
			}
			if err != nil {
				done <- err
				return
			}
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
		}
	}()
	p.goOn()
	p.wants("saved <nil>")
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
	wantSecret(t, s, a.SecretKeyRef(), newSecretKey)
}
