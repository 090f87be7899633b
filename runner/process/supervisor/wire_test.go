package supervisor

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestWireKeepsEverything(t *testing.T) {
	j := Job{
		Path: "/bin/x y", CommandLine: `"x" /c`, Dir: "/tmp/\xff", Leave: true,
		Args: []string{"", "\xfe\xff", "a\nb"}, Env: []string{"A=", "B=" + strings.Repeat("x", 1<<20)},
		Polite: 3 * time.Second, Terminate: -1, Drain: time.Millisecond,
	}
	r := Report{
		PID: 1 << 22, Code: -1, Count: 7, errno: int(syscall.ENOENT), text: "t", Signal: "SIGKILL",
		Stage: Forced, ForceIn: time.Second, Leftover: true, Processes: []Process{{1, "a b"}, {2, ""}},
	}
	var pipe bytes.Buffer
	if err := WriteFrame(&pipe, OrderJob, j.Encode()); err != nil {
		t.Fatal(err)
	}
	if err := WriteFrame(&pipe, ReportGone, r.Encode()); err != nil {
		t.Fatal(err)
	}
	k, body, err := ReadFrame(&pipe)
	if got, ok := decodeJob(body); err != nil || k != OrderJob || !ok || !reflect.DeepEqual(got, j) {
		t.Errorf("job: %v %v %v", k, ok, err)
	}
	k, body, err = ReadFrame(&pipe)
	if got, ok := DecodeReport(body); err != nil || k != ReportGone || !ok || !reflect.DeepEqual(got, r) {
		t.Errorf("report: %v %v %v %+v", k, ok, err, got)
	}
	if _, _, err = ReadFrame(&pipe); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func TestWireRefusesHugeFrame(t *testing.T) {
	if _, _, err := ReadFrame(strings.NewReader("\xff\xff\xff\xff\x01rest")); !errors.Is(err, errFrame) {
		t.Errorf("got %v", err)
	}
}

// What can be decoded means the same when it is written again; the rest is refused without a panic.
func FuzzWire(f *testing.F) {
	f.Add(Job{Path: "p", Args: []string{"a"}, Env: []string{"A=b"}, Drain: 1}.Encode())
	f.Add(Report{PID: 1, Processes: []Process{{1, "x"}}}.Encode())
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, b []byte) {
		if j, ok := decodeJob(b); ok {
			if again, ok := decodeJob(j.Encode()); !ok || !reflect.DeepEqual(j, again) {
				t.Errorf("%+v became %+v", j, again)
			}
		}
		if r, ok := DecodeReport(b); ok {
			if again, ok := DecodeReport(r.Encode()); !ok || !reflect.DeepEqual(r, again) {
				t.Errorf("%+v became %+v", r, again)
			}
		}
	})
}
