package process

import (
	"encoding/binary"
	"errors"
	"io"
	"syscall"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// What engine and supervisor say to each other: frames of a length (4 bytes, little endian), a kind (1 byte) and the
// fields of that kind, integers as varints and texts with their length before them. Not JSON, because an environment
// on Linux is bytes that JSON would mend, and because the supervisor has to be up within a millisecond.

type kind byte

const (
	orderJob  kind = iota + 1 // what to run; the first and only one of its kind
	orderStop                 // ask, tell, force
	orderKill                 // force at once

	reportStarted  // the shell runs: pid
	reportFailed   // the shell could not be started: errno or text
	reportExited   // the shell ended: code, signal
	reportStage    // a stage of a stop was entered: stage, count, forceIn, leftover
	reportLeftover // what ran on after the shell: processes
	reportGone     // the last report: count ended, processes that could not be
)

// maxFrame is more than any system takes as arguments and environment (Linux: 6 MiB).
const maxFrame = 64 << 20

var errFrame = errors.New("process: broken frame")

func writeFrame(w io.Writer, k kind, body []byte) error {
	frame := make([]byte, 5, 5+len(body))
	binary.LittleEndian.PutUint32(frame, uint32(len(body))) //nolint:gosec // bounded by maxFrame at the reader and by check at the writer
	frame[4] = byte(k)
	frame = append(frame, body...)
	_, err := w.Write(frame)
	clear(frame) // it may hold secrets
	return err
}

func readFrame(r io.Reader) (kind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n > maxFrame {
		return 0, nil, errFrame
	}
	body := make([]byte, n)
	_, err := io.ReadFull(r, body)
	return kind(head[4]), body, err
}

// fields takes a body apart; bad is set by the first field that is not there.
type fields struct {
	b   []byte
	bad bool
}

func (f *fields) int() int64 {
	v, n := binary.Varint(f.b)
	if n <= 0 {
		f.b, f.bad = nil, true
		return 0
	}
	f.b = f.b[n:]
	return v
}

func (f *fields) text() string {
	n := f.int()
	if n < 0 || n > int64(len(f.b)) {
		f.b, f.bad = nil, true
		return ""
	}
	s := string(f.b[:n])
	f.b = f.b[n:]
	return s
}

func (f *fields) texts() []string {
	n := f.int()
	if n < 0 || n > int64(len(f.b)) { // each text takes a byte at least
		f.b, f.bad = nil, true
		return nil
	}
	list := make([]string, 0, n)
	for range n {
		list = append(list, f.text())
	}
	return list
}

func (f *fields) whole() bool { return !f.bad && len(f.b) == 0 }

func addText(b []byte, s string) []byte {
	return append(binary.AppendVarint(b, int64(len(s))), s...)
}

func addTexts(b []byte, list []string) []byte {
	b = binary.AppendVarint(b, int64(len(list)))
	for _, s := range list {
		b = addText(b, s)
	}
	return b
}

func addFlag(b []byte, on bool) []byte {
	if on {
		return binary.AppendVarint(b, 1)
	}
	return binary.AppendVarint(b, 0)
}

// job is the part of a Spec that the supervisor needs.
type job struct {
	path, commandLine, dir   string
	args, env                []string
	polite, terminate, drain time.Duration
	leave                    bool
}

func jobOf(s Spec) job {
	return job{
		path: s.Path, commandLine: s.CommandLine, dir: s.Dir, args: s.Args, env: s.Env, leave: s.LeaveBackground,
		polite:    usual(s.Grace.Polite, usualPolite),
		terminate: usual(s.Grace.Terminate, usualTerminate),
		drain:     usual(s.DrainFor, usualDrain),
	}
}

func (j job) encode() []byte {
	size := 128 + len(j.path) + len(j.commandLine) + len(j.dir)
	for _, list := range [][]string{j.args, j.env} {
		for _, s := range list {
			size += len(s) + binary.MaxVarintLen64
		}
	}
	b := addText(make([]byte, 0, size), j.path)
	b = addText(b, j.commandLine)
	b = addText(b, j.dir)
	b = addTexts(b, j.args)
	b = addTexts(b, j.env)
	for _, d := range []time.Duration{j.polite, j.terminate, j.drain} {
		b = binary.AppendVarint(b, int64(d))
	}
	return addFlag(b, j.leave)
}

func decodeJob(b []byte) (job, bool) {
	f := fields{b: b}
	j := job{path: f.text(), commandLine: f.text(), dir: f.text(), args: f.texts(), env: f.texts()}
	j.polite, j.terminate, j.drain = time.Duration(f.int()), time.Duration(f.int()), time.Duration(f.int())
	j.leave = f.int() == 1
	return j, f.whole()
}

// report is what the supervisor has to tell; each kind uses some of its fields.
type report struct {
	pid, code, count int
	errno            int
	text, signal     string
	stage            model.StopStage
	forceIn          time.Duration
	leftover         bool
	processes        []Process
}

func (r report) encode() []byte {
	var b []byte
	for _, n := range []int{r.pid, r.code, r.count, r.errno, int(r.forceIn)} {
		b = binary.AppendVarint(b, int64(n))
	}
	b = addFlag(b, r.leftover)
	b = addText(b, r.text)
	b = addText(b, r.signal)
	b = addText(b, string(r.stage))
	b = binary.AppendVarint(b, int64(len(r.processes)))
	for _, p := range r.processes {
		b = addText(binary.AppendVarint(b, int64(p.PID)), p.Name)
	}
	return b
}

func decodeReport(b []byte) (report, bool) {
	f := fields{b: b}
	r := report{pid: int(f.int()), code: int(f.int()), count: int(f.int()), errno: int(f.int())}
	r.forceIn = time.Duration(f.int())
	r.leftover = f.int() == 1
	r.text, r.signal, r.stage = f.text(), f.text(), model.StopStage(f.text())
	for range min(f.int(), int64(len(f.b))) {
		r.processes = append(r.processes, Process{PID: int(f.int()), Name: f.text()})
	}
	return r, f.whole()
}

// cause gives the error of a reportFailed as it was on the supervisor's side.
func (r report) cause() error {
	if r.errno != 0 {
		return syscall.Errno(r.errno)
	}
	return errors.New(r.text)
}
