package desktop

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// asInstance makes this test program take the lock of the folder in the variable, as a window does.
const asInstance = "STEPDECK_TEST_AS_INSTANCE"

// holdLock takes the lock as a start does, prints the result, and keeps the lock until its input ends.
func holdLock(dir string) int {
	lock, err := takeInstanceLock(context.Background(), dir, message{File: "/asked/for"}, time.Minute)
	switch {
	case err != nil:
		fmt.Println(err)
		return exitFailed
	case lock == nil:
		fmt.Println("handed over")
		return exitOK
	}
	d := listen(dir, discardLog(), func(m message) { fmt.Println("received", m.File) })
	fmt.Println("locked")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	d.close()
	lock.release()
	return exitOK
}

func TestOfSimultaneousStartsOneGetsTheLock(t *testing.T) {
	const starts = 6
	dir := t.TempDir()
	var locked, handed, received atomic.Int32
	printed := make(chan struct{}, 4*starts)
	end := make(chan struct{})
	var all sync.WaitGroup
	for range starts {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), asInstance+"="+dir)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			lines := bufio.NewScanner(out)
			for lines.Scan() {
				switch lines.Text() {
				case "locked":
					locked.Add(1)
				case "handed over":
					handed.Add(1)
				case "received /asked/for":
					received.Add(1)
				default:
					t.Errorf("a start said %q", lines.Text())
				}
				printed <- struct{}{}
			}
			_ = cmd.Wait()
		})
		all.Go(func() {
			<-end
			_ = in.Close()
		})
	}
	for range 2*starts - 1 { // one gets the lock, the others hand over and are received
		select {
		case <-printed:
		case <-time.After(time.Minute):
			t.Fatalf("%d locked, %d handed over, %d received", locked.Load(), handed.Load(), received.Load())
		}
	}
	close(end)
	all.Wait()
	if locked.Load() != 1 || handed.Load() != starts-1 || received.Load() != starts-1 {
		t.Errorf("%d locked, %d handed over, %d received", locked.Load(), handed.Load(), received.Load())
	}
}

func TestTheLockOfADeadWindowIsFree(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asInstance+"="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "locked\n" {
		t.Fatalf("it printed %q, %v", line, err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	lock, err := takeInstanceLock(t.Context(), dir, message{}, time.Minute)
	if err != nil || lock == nil {
		t.Fatalf("got %v, %v", lock, err)
	}
	lock.release()
}

func TestAWindowThatDoesNotAnswer(t *testing.T) {
	dir := t.TempDir()
	lock, err := takeInstanceLock(t.Context(), dir, message{}, time.Minute)
	if err != nil || lock == nil {
		t.Fatal(err)
	}
	defer lock.release()
	if _, err := takeInstanceLock(t.Context(), dir, message{}, 100*time.Millisecond); model.ErrorCode(err) != "window.busy" {
		t.Errorf("got %v", err)
	}
	if _, err := takeInstanceLock(t.Context(), filepath.Join(dir, "missing"), message{}, 0); model.ErrorCode(err) != "window.folder" {
		t.Errorf("got %v", err)
	}
}
