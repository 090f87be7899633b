package vault

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// childRole makes this test program the other process of a test.
const childRole = "STEPDECK_VAULT_TEST_ROLE"

func TestMain(m *testing.M) {
	if os.Getenv(childRole) == "" {
		os.Exit(m.Run())
	}
	if err := putMany(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func openCheap(dir string) *Vault {
	return Open(Options{Dir: dir, Passphrase: given(passphrase), Keychain: noKeychain{}, cost: cheap})
}

// putMany keeps secrets one by one and says each time which one is certain now.
func putMany(dir, owner, count string) error {
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	v := openCheap(dir)
	for i := range n {
		field := fmt.Sprint("f", i)
		if err := v.Put(context.Background(), map[model.SecretRef]string{ref(owner, field): owner + field}); err != nil {
			return err
		}
		fmt.Println(field)
	}
	return nil
}

func startChild(t *testing.T, dir, owner string, count int) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], dir, owner, strconv.Itoa(count))
	cmd.Env = append(os.Environ(), childRole+"=put")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	return cmd, bufio.NewScanner(out)
}

func TestProcessesAtOnceLoseNothing(t *testing.T) {
	dir := t.TempDir()
	const processes, each = 6, 8
	var all []*exec.Cmd
	for i := range processes { // one of them makes the vault
		cmd, _ := startChild(t, dir, fmt.Sprint("o", i), each)
		all = append(all, cmd)
	}
	for _, cmd := range all {
		must(t, cmd.Wait())
	}
	v := openCheap(dir)
	for i := range processes {
		for j := range each {
			owner, field := fmt.Sprint("o", i), fmt.Sprint("f", j)
			wantSecret(t, v, ref(owner, field), owner+field)
		}
	}
}

func TestKillLosesNothingAcknowledged(t *testing.T) {
	cycles := 30
	if testing.Short() {
		cycles = 3
	}
	dir := t.TempDir()
	promised := 0
	for cycle := range cycles {
		owner := fmt.Sprint("o", cycle)
		cmd, lines := startChild(t, dir, owner, 1_000_000)
		if !lines.Scan() {
			t.Fatal("the child said nothing")
		}
		said := []string{lines.Text()}
		// Killed at any moment: the time is what is random here, not what the test waits for.
		kill := time.AfterFunc(time.Duration(rand.IntN(40))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		for lines.Scan() {
			said = append(said, lines.Text())
		}
		_ = cmd.Wait()
		kill.Stop()
		v := openCheap(dir)
		for _, field := range said {
			wantSecret(t, v, ref(owner, field), owner+field)
		}
		promised += len(said)
	}
	t.Logf("%d kills, %d acknowledged writes, none lost", cycles, promised)
}
