package supervisor

import (
	"encoding/binary"
	"errors"
	"io"
	"syscall"
	"time"
)

// The protocol between engine and supervisor: frames of a length (4 bytes, little endian), a Kind (1 byte) and the fields of
// that Kind, integers as varints and strings with their length before them. It is not JSON, because an environment on
// Linux is bytes, invalid UTF-8 among them, which JSON would replace, and because the supervisor has to start within a
// millisecond.

// Kind is the kind of a frame.
type Kind byte

// By these two frames engine and supervisor find out whether they are of the same version, so they must never change.
const (
	OrderHello    Kind = 1 // the engine's version, as plain text; the first frame
	ReportRefused Kind = 2 // the supervisor's version, if it is another; no other report follows
)

// The other frames, between programs of the same version.
const (
	OrderJob  Kind = iota + 3 // what to run; sent once, right after OrderHello
	OrderStop                 // stop in stages
	OrderKill                 // kill at once

	ReportStarted  // the shell is running: PID
	ReportFailed   // the shell could not be started: Cause
	ReportExited   // the shell ended: Code, Signal
	ReportStage    // a stage of a stop has begun: Stage, Count, ForceIn, Leftover
	ReportLeftover // processes are left after the shell: Processes
	ReportGone     // the last report: Count of processes ended, Processes that could not be ended

	ReportLeft // processes are left after the shell and are let alone: Processes

	ReportReady // the first report, before the job: the supervisor is of the engine's version
)

// MaxFrame is the maximum length of a frame. It is more than any system allows for arguments and environment (Linux: 6 MiB).
const MaxFrame = 64 << 20

var errFrame = errors.New("process: broken frame")

// WriteFrame writes a frame, and wipes its own copy of body.
func WriteFrame(w io.Writer, k Kind, body []byte) error {
	frame := make([]byte, 5, 5+len(body))
	binary.LittleEndian.PutUint32(frame, uint32(len(body))) //nolint:gosec // limited by the writer's check, and by MaxFrame
	frame[4] = byte(k)
	frame = append(frame, body...)
	_, err := w.Write(frame)
	clear(frame) // it may contain secrets
	return err
}

// ReadFrame waits for a frame and returns its kind and body.
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

// fields parses a body; bad is set by the first field that is missing.
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
	if n < 0 || n > int64(len(f.b)) { // each string takes at least a byte
		f.b, f.bad = nil, true
		return nil
	}
	list := make([]string, 0, n)
	for range n {
		list = append(list, f.text())
	}
	return list
}

func (f *fields) complete() bool { return !f.bad && len(f.b) == 0 }

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

// Job describes what a supervisor runs and how long it waits at each stage of a stop. Path and Dir are absolute, Env is the
// whole environment.
type Job struct {
	Path, CommandLine, Dir   string
	Args, Env                []string
	Polite, Terminate, Drain time.Duration
	Leave                    bool
}

// Encode returns the body of an OrderJob.
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
	return j, f.complete()
}

// Report is a report of the supervisor; each kind uses some of the fields.
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

// Encode returns the body of a report's frame.
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

// DecodeReport parses what Encode returned, or returns false if it is damaged.
func DecodeReport(b []byte) (Report, bool) {
	f := fields{b: b}
	r := Report{PID: int(f.int()), Code: int(f.int()), Count: int(f.int()), errno: int(f.int())}
	r.Stage, r.ForceIn = Stage(f.int()), time.Duration(f.int())
	r.Leftover = f.int() == 1
	r.text, r.Signal = f.text(), f.text()
	for range min(f.int(), int64(len(f.b))) {
		r.Processes = append(r.Processes, Process{PID: int(f.int()), Name: f.text()})
	}
	return r, f.complete()
}

// failure returns a ReportFailed for err: with the system's error number if there is one, else only with the text.
func failure(err error) Report {
	r := Report{text: err.Error()}
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		r.errno = int(errno)
	}
	return r
}

// Cause returns the error of a ReportFailed, as it was in the supervisor.
func (r Report) Cause() error {
	if r.errno != 0 {
		return syscall.Errno(r.errno)
	}
	return errors.New(r.text)
}
