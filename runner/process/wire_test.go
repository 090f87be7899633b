package process

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

func TestWireKeepsEverything(t *testing.T) {
	j := job{
		path: "/bin/x y", commandLine: `"x" /c`, dir: "/tmp/\xff", leave: true,
		args: []string{"", "\xfe\xff", "a\nb"}, env: []string{"A=", "B=" + strings.Repeat("x", 1<<20)},
		polite: 3 * time.Second, terminate: -1, drain: time.Millisecond,
	}
	r := report{
		pid: 1 << 22, code: -1, count: 7, errno: int(syscall.ENOENT), text: "t", signal: "SIGKILL",
		stage: model.StopForced, forceIn: time.Second, leftover: true, processes: []Process{{1, "a b"}, {2, ""}},
	}
	var pipe bytes.Buffer
	if err := writeFrame(&pipe, orderJob, j.encode()); err != nil {
		t.Fatal(err)
	}
	if err := writeFrame(&pipe, reportGone, r.encode()); err != nil {
		t.Fatal(err)
	}
	k, body, err := readFrame(&pipe)
	if got, ok := decodeJob(body); err != nil || k != orderJob || !ok || !reflect.DeepEqual(got, j) {
		t.Errorf("job: %v %v %v", k, ok, err)
	}
	k, body, err = readFrame(&pipe)
	if got, ok := decodeReport(body); err != nil || k != reportGone || !ok || !reflect.DeepEqual(got, r) {
		t.Errorf("report: %v %v %v %+v", k, ok, err, got)
	}
	if _, _, err = readFrame(&pipe); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func TestWireRefusesHugeFrame(t *testing.T) {
	if _, _, err := readFrame(strings.NewReader("\xff\xff\xff\xff\x01rest")); !errors.Is(err, errFrame) {
		t.Errorf("got %v", err)
	}
}

// What can be decoded means the same when it is written again; the rest is refused without a panic.
func FuzzWire(f *testing.F) {
	f.Add(job{path: "p", args: []string{"a"}, env: []string{"A=b"}, drain: 1}.encode())
	f.Add(report{pid: 1, processes: []Process{{1, "x"}}}.encode())
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, b []byte) {
		if j, ok := decodeJob(b); ok {
			if again, ok := decodeJob(j.encode()); !ok || !reflect.DeepEqual(j, again) {
				t.Errorf("%+v became %+v", j, again)
			}
		}
		if r, ok := decodeReport(b); ok {
			if again, ok := decodeReport(r.encode()); !ok || !reflect.DeepEqual(r, again) {
				t.Errorf("%+v became %+v", r, again)
			}
		}
	})
}
