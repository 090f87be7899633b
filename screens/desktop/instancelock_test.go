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

// asInstance makes this test program a window without a window, on the folder in the variable.
const asInstance = "STEPDECK_TEST_AS_INSTANCE"

// beWindow does what a start does with the lock, prints how it ended, and holds the lock until its input ends.
func beWindow(dir string) int {
	own, err := takeInstanceLock(context.Background(), dir, message{File: "/asked/for"}, time.Minute)
	switch {
	case err != nil:
		fmt.Println(err)
		return exitFailed
	case own == nil:
		fmt.Println("handed over")
		return exitOK
	}
	d := listen(dir, quiet(), func(m message) { fmt.Println("heard", m.File) })
	fmt.Println("stays")
	_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
	d.close()
	own.release()
	return exitOK
}

// TestStartsAtTheSameInstant: of many starts exactly one stays, and hears all the others.
func TestStartsAtTheSameInstant(t *testing.T) {
	const starts = 6
	dir := t.TempDir()
	var stay, handed, heard atomic.Int32
	said := make(chan struct{}, 4*starts)
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
				case "stays":
					stay.Add(1)
				case "handed over":
					handed.Add(1)
				case "heard /asked/for":
					heard.Add(1)
				default:
					t.Errorf("a start said %q", lines.Text())
				}
				said <- struct{}{}
			}
			_ = cmd.Wait()
		})
		all.Go(func() {
			<-end
			_ = in.Close()
		})
	}
	for range 2*starts - 1 { // one that stays, the others hand over and are heard
		select {
		case <-said:
		case <-time.After(time.Minute):
			t.Fatalf("%d stay, %d handed over, %d heard", stay.Load(), handed.Load(), heard.Load())
		}
	}
	close(end)
	all.Wait()
	if stay.Load() != 1 || handed.Load() != starts-1 || heard.Load() != starts-1 {
		t.Errorf("%d stay, %d handed over, %d heard", stay.Load(), handed.Load(), heard.Load())
	}
}

func TestTheSeatOfADeadWindowIsFree(t *testing.T) {
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
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "stays\n" {
		t.Fatalf("it said %q, %v", line, err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	own, err := takeInstanceLock(t.Context(), dir, message{}, time.Minute)
	if err != nil || own == nil {
		t.Fatalf("got %v, %v", own, err)
	}
	own.release()
}

func TestAWindowThatDoesNotAnswer(t *testing.T) {
	dir := t.TempDir()
	own, err := takeInstanceLock(t.Context(), dir, message{}, time.Minute)
	if err != nil || own == nil {
		t.Fatal(err)
	}
	defer own.release()
	if _, err := takeInstanceLock(t.Context(), dir, message{}, 100*time.Millisecond); model.ErrorCode(err) != "window.busy" {
		t.Errorf("got %v", err)
	}
	if _, err := takeInstanceLock(t.Context(), filepath.Join(dir, "missing"), message{}, 0); model.ErrorCode(err) != "window.folder" {
		t.Errorf("got %v", err)
	}
}
