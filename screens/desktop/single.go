package desktop

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/stepdeck/stepdeck/app/atomicfile"
	"github.com/stepdeck/stepdeck/model"
)

// One window for one data folder: the first one listens on a loopback port that it writes, with a secret, into a file of
// the folder that only its owner can read. A later start hands over what it was asked for, and ends.

// message is what a later start asks of the window.
type message struct {
	Token string `json:"token"`
	File  string `json:"file,omitempty"` // a .stepdeck file to import
}

// newMessage reads the command line.
func newMessage(args []string) (message, error) {
	if len(args) == 0 {
		return message{}, nil
	}
	path, err := filepath.Abs(args[0])
	if err != nil {
		return message{}, model.NewError("window.file", "There is no file %s. Check its path.", args[0]).Because(err)
	}
	return message{File: path}, nil
}

// address is what stands in the file.
type address struct {
	Port  int    `json:"port"`
	Token string `json:"token"`
}

const (
	addressFile = "window.json"
	answerTime  = 2 * time.Second
	yes         = "shown"
)

// handOver asks the window that is open on this data folder to come to the front; false: there is none.
func handOver(ctx context.Context, dir string, m message) bool {
	text, err := os.ReadFile(filepath.Join(dir, addressFile))
	if err != nil {
		return false
	}
	var at address
	if err := json.Unmarshal(text, &at); err != nil || at.Port <= 0 {
		return false
	}
	dialer := net.Dialer{Timeout: answerTime}
	conn, err := dialer.DialContext(ctx, "tcp", (&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: at.Port}).String())
	if err != nil {
		return false // it was killed
	}
	defer conn.Close() //nolint:errcheck // all is said
	if err := conn.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return false
	}
	m.Token = at.Token
	if err := json.NewEncoder(conn).Encode(m); err != nil {
		return false
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	return err == nil && answer == yes+"\n"
}

// door is where later starts knock.
type door struct {
	listener net.Listener
	file     string
	text     []byte
}

// listen opens the door and calls shown, on a goroutine of its own, for whoever knocks. Without a door there are as many
// windows as starts, which does no harm: the data stands several.
func listen(dir string, log *slog.Logger, shown func(message)) *door {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		log.Warn("later starts will open windows of their own", "error", err)
		return &door{}
	}
	token := rand.Text()
	port := 0
	if at, ok := listener.Addr().(*net.TCPAddr); ok {
		port = at.Port
	}
	d := &door{listener: listener, file: filepath.Join(dir, addressFile)}
	if d.text, err = json.Marshal(address{port, token}); err == nil {
		err = atomicfile.Write(d.file, d.text, 0o600)
	}
	if err != nil {
		log.Warn("later starts will open windows of their own", "error", err)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(conn, token, shown)
		}
	}()
	return d
}

// maxMessage is longer than any path.
const maxMessage = 64 << 10

func answer(conn net.Conn, token string, shown func(message)) {
	defer conn.Close() //nolint:errcheck // all is said
	if err := conn.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return
	}
	line, err := bufio.NewReaderSize(conn, maxMessage).ReadSlice('\n')
	if err != nil {
		return
	}
	var m message
	if err := json.Unmarshal(line, &m); err != nil || subtle.ConstantTimeCompare([]byte(m.Token), []byte(token)) != 1 {
		return
	}
	shown(m)
	_, _ = conn.Write([]byte(yes + "\n"))
}

func (d *door) close() {
	if d.listener == nil {
		return
	}
	_ = d.listener.Close()
	// Another window may have taken over meanwhile.
	if text, err := os.ReadFile(d.file); err == nil && string(text) == string(d.text) {
		_ = os.Remove(d.file)
	}
}
