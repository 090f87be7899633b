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

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/atomicfile"
)

// There is one window per data folder. It listens on a loopback port and writes the port and a token to a file in the folder that
// only the user can read. A later start sends its request there and exits.

// message is the request of a later start.
type message struct {
	Token   string   `json:"token"`
	File    string   `json:"file,omitempty"`    // to open
	Further []string `json:"further,omitempty"` // files to open with it
}

// files returns the paths of the files to open.
func (m message) files() []string {
	if m.File == "" {
		return nil
	}
	return append([]string{m.File}, m.Further...)
}

// newMessage returns the request of the command line.
func newMessage(args []string) (message, error) {
	var m message
	for i, arg := range args {
		path, err := filepath.Abs(arg)
		switch {
		case err != nil:
			return message{}, model.NewError("window.file", "There is no file %s. Check its path.", arg).Because(err)
		case i == 0:
			m.File = path
		default:
			m.Further = append(m.Further, path)
		}
	}
	return m, nil
}

// address is the content of addressFile.
type address struct {
	Port  int    `json:"port"`
	Token string `json:"token"`
}

const (
	addressFile = "window.json"
	answerTime  = 2 * time.Second
	accepted    = "shown" // the window's answer
)

// handOver sends m to the open window of the data folder. It reports whether one has accepted it.
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
		return false // the window was killed and left the file
	}
	defer conn.Close() //nolint:errcheck // nothing more to send
	if err := conn.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return false
	}
	m.Token = at.Token
	if err := json.NewEncoder(conn).Encode(m); err != nil {
		return false
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	return err == nil && answer == accepted+"\n"
}

// handoverServer receives the requests of later starts.
type handoverServer struct {
	listener net.Listener
	file     string
	text     []byte
}

// listen starts a server that calls onRequest, on its own goroutine, for each request. If it can't, every start opens a window,
// which is safe: several processes can use the data folder.
func listen(dir string, log *slog.Logger, onRequest func(message)) *handoverServer {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		log.Warn("later starts will open windows of their own", "error", err)
		return &handoverServer{}
	}
	token := rand.Text()
	port := 0
	if at, ok := listener.Addr().(*net.TCPAddr); ok {
		port = at.Port
	}
	s := &handoverServer{listener: listener, file: filepath.Join(dir, addressFile)}
	if s.text, err = json.Marshal(address{port, token}); err == nil {
		err = atomicfile.Write(s.file, s.text, 0o600)
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
			go answer(conn, token, onRequest)
		}
	}()
	return s
}

// maxMessage is more than the paths of a usual command line. A longer request gets a window of its own.
const maxMessage = 1 << 20

func answer(conn net.Conn, token string, onRequest func(message)) {
	defer conn.Close() //nolint:errcheck // nothing more to send
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
	onRequest(m)
	_, _ = conn.Write([]byte(accepted + "\n"))
}

func (s *handoverServer) close() {
	if s.listener == nil {
		return
	}
	_ = s.listener.Close()
	// Another window may have replaced the file.
	if text, err := os.ReadFile(s.file); err == nil && string(text) == string(s.text) {
		_ = os.Remove(s.file)
	}
}
