package supervisor

import (
	"encoding/binary"
	"errors"
	"io"
	"syscall"
	"time"
)

// What engine and supervisor say to each other: frames of a length (4 bytes, little endian), a Kind (1 byte) and the
// fields of that Kind, integers as varints and texts with their length before them. Not JSON, because an environment
// on Linux is bytes that JSON would mend, and because the supervisor has to be up within a millisecond.

// Kind says what a frame holds.
type Kind byte

// Engine and supervisor may be of different versions: these two are how they find out, so they never change.
const (
	OrderHello    Kind = 1 // the engine's version, as it stands; the first frame of all
	ReportRefused Kind = 2 // the supervisor is of another version, which stands in the frame; the only report then
)

// The other frames, between programs of one version.
const (
	OrderJob  Kind = iota + 3 // what to run; the first after the greeting, and the only one of its kind
	OrderStop                 // ask, tell, force
	OrderKill                 // force at once

	ReportStarted  // the shell runs: PID
	ReportFailed   // the shell could not be started: Cause
	ReportExited   // the shell ended: Code, Signal
	ReportStage    // a stage of a stop was entered: Stage, Count, ForceIn, Leftover
	ReportLeftover // what ran on after the shell: Processes
	ReportGone     // the last report: Count ended, Processes that could not be
)

// MaxFrame is the longest that a frame can be, which is more than any system takes as arguments and environment (Linux: 6 MiB).
const MaxFrame = 64 << 20

var errFrame = errors.New("process: broken frame")

// WriteFrame sends a frame, and wipes the copy of body that it makes.
func WriteFrame(w io.Writer, k Kind, body []byte) error {
	frame := make([]byte, 5, 5+len(body))
	binary.LittleEndian.PutUint32(frame, uint32(len(body))) //nolint:gosec // bounded by MaxFrame at the reader and by check at the writer
	frame[4] = byte(k)
	frame = append(frame, body...)
	_, err := w.Write(frame)
	clear(frame) // it may hold secrets
	return err
}

// ReadFrame waits for a frame.
func ReadFrame(r io.Reader) (Kind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n > MaxFrame {
		return 0, nil, errFrame
	}
	body := make([]byte, n)
	_, err := io.ReadFull(r, body)
	return Kind(head[4]), body, err
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

// Job is what a supervisor runs, and how patiently it ends it. Path and Dir are absolute, Env is the whole environment.
type Job struct {
	Path, CommandLine, Dir   string
	Args, Env                []string
	Polite, Terminate, Drain time.Duration
	Leave                    bool
}

// Encode makes the body of an OrderJob.
func (j Job) Encode() []byte {
	size := 128 + len(j.Path) + len(j.CommandLine) + len(j.Dir)
	for _, list := range [][]string{j.Args, j.Env} {
		for _, s := range list {
			size += len(s) + binary.MaxVarintLen64
		}
	}
	b := addText(make([]byte, 0, size), j.Path)
	b = addText(b, j.CommandLine)
	b = addText(b, j.Dir)
	b = addTexts(b, j.Args)
	b = addTexts(b, j.Env)
	for _, d := range []time.Duration{j.Polite, j.Terminate, j.Drain} {
		b = binary.AppendVarint(b, int64(d))
	}
	return addFlag(b, j.Leave)
}

func decodeJob(b []byte) (Job, bool) {
	f := fields{b: b}
	j := Job{Path: f.text(), CommandLine: f.text(), Dir: f.text(), Args: f.texts(), Env: f.texts()}
	j.Polite, j.Terminate, j.Drain = time.Duration(f.int()), time.Duration(f.int()), time.Duration(f.int())
	j.Leave = f.int() == 1
	return j, f.whole()
}

// Report is what the supervisor has to tell; each kind uses some of its fields.
type Report struct {
	PID, Code, Count int
	Signal           string
	Stage            Stage
	ForceIn          time.Duration
	Leftover         bool
	Processes        []Process

	errno int
	text  string
}

// Encode makes the body of a report's frame.
func (r Report) Encode() []byte {
	var b []byte
	for _, n := range []int{r.PID, r.Code, r.Count, r.errno, int(r.Stage), int(r.ForceIn)} {
		b = binary.AppendVarint(b, int64(n))
	}
	b = addFlag(b, r.Leftover)
	b = addText(b, r.text)
	b = addText(b, r.Signal)
	b = binary.AppendVarint(b, int64(len(r.Processes)))
	for _, p := range r.Processes {
		b = addText(binary.AppendVarint(b, int64(p.PID)), p.Name)
	}
	return b
}

// DecodeReport reads what Encode made, and says whether it is whole.
func DecodeReport(b []byte) (Report, bool) {
	f := fields{b: b}
	r := Report{PID: int(f.int()), Code: int(f.int()), Count: int(f.int()), errno: int(f.int())}
	r.Stage, r.ForceIn = Stage(f.int()), time.Duration(f.int())
	r.Leftover = f.int() == 1
	r.text, r.Signal = f.text(), f.text()
	for range min(f.int(), int64(len(f.b))) {
		r.Processes = append(r.Processes, Process{PID: int(f.int()), Name: f.text()})
	}
	return r, f.whole()
}

// failure reports err: by the system's number, which the other side can tell apart, or else by its text.
func failure(err error) Report {
	r := Report{text: err.Error()}
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		r.errno = int(errno)
	}
	return r
}

// Cause gives the error of a ReportFailed as it was on the supervisor's side.
func (r Report) Cause() error {
	if r.errno != 0 {
		return syscall.Errno(r.errno)
	}
	return errors.New(r.text)
}
