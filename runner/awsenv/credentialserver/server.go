// Package credentialserver hands one step's credentials to the programs of its script, over the protocol by which containers
// get theirs: the SDKs and the aws command ask again when they are about to expire, so a script outlives its first keys.
//
// Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
package credentialserver

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Path is where the credentials are.
const Path = "/credentials"

// Credentials are what the script gets.
type Credentials struct {
	AccessKeyID     string    `json:"AccessKeyId"`
	SecretAccessKey string    `json:"SecretAccessKey"`
	Token           string    `json:"Token"`
	Expiration      time.Time `json:"Expiration"`
	AccountID       string    `json:"AccountId,omitempty"`
	RoleARN         string    `json:"RoleArn,omitempty"`
}

// Server serves the credentials of one step on 127.0.0.1 until it is closed.
type Server struct {
	get    func(context.Context) (Credentials, error)
	token  string
	uri    string
	server *http.Server
	done   chan struct{}
}

// Start starts a server on a free port. get is called for each request, also at the same time.
func Start(ctx context.Context, get func(context.Context) (Credentials, error)) (*Server, error) {
	var config net.ListenConfig
	socket, err := config.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, model.NewError("credentials.listen",
			"Can't hand out fresh credentials on 127.0.0.1. Allow it in this computer's firewall, or switch fresh credentials off for the step.").
			Because(err)
	}
	s := &Server{get: get, token: rand.Text(), uri: "http://" + socket.Addr().String() + Path, done: make(chan struct{})}
	s.server = &http.Server{
		Handler: s, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	go func() {
		defer close(s.done)
		_ = s.server.Serve(socket) // always returns http.ErrServerClosed
	}()
	return s, nil
}

// URI returns the value of AWS_CONTAINER_CREDENTIALS_FULL_URI.
func (s *Server) URI() string { return s.uri }

// Token returns the value of AWS_CONTAINER_AUTHORIZATION_TOKEN, which is a secret.
func (s *Server) Token() string { return s.token }

// Close ends the server, and requests that are being answered.
func (s *Server) Close() error {
	err := s.server.Close()
	<-s.done
	return err
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case !model.IsLoopback(r.Host) || r.Header.Get("Origin") != "": // a web page, or a name that leads to this computer
		refuse(w, http.StatusForbidden, "Forbidden", "This address is for the programs of one step.")
	case subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte(s.token)) != 1:
		refuse(w, http.StatusUnauthorized, "Unauthorized", "The authorization token is missing or wrong.")
	case r.URL.Path != Path:
		refuse(w, http.StatusNotFound, "NotFound", "There are credentials only at "+Path+".")
	case r.Method != http.MethodGet:
		refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed", "Only GET is allowed.")
	default:
		s.answer(w, r)
	}
}

// stillThere is how often a program that waits is told that an answer will come. aws and boto3 give up if nothing arrives for two
// seconds (botocore, ContainerMetadataFetcher); others may be less patient.
const stillThere = 700 * time.Millisecond

// wait returns the credentials. While that takes long, such as when somebody has to sign in first, it sends interim answers
// (RFC 9110, section 15.2.1), which clients skip, so that those with a limit between two bytes go on waiting. interim says whether
// the client knows such answers: they exist since HTTP 1.1.
func (s *Server) wait(ctx context.Context, w http.ResponseWriter, interim bool) (credentials Credentials, err error) {
	got := make(chan struct{})
	go func() {
		defer close(got)
		credentials, err = s.get(ctx)
	}()
	ticker := time.NewTicker(stillThere)
	defer ticker.Stop()
	for {
		select {
		case <-got:
			return credentials, err
		case <-ticker.C:
			if interim {
				w.WriteHeader(http.StatusContinue)
			}
		}
	}
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	credentials, err := s.wait(r.Context(), w, r.ProtoAtLeast(1, 1))
	if err != nil {
		status := http.StatusBadRequest // the SDKs repeat requests after 5xx
		if errors.Is(err, context.DeadlineExceeded) {
			status = http.StatusServiceUnavailable
		}
		refuse(w, status, model.ErrorCode(err), err.Error())
		return
	}
	write(w, http.StatusOK, credentials)
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	write(w, status, struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}{code, message})
}

func write(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil { // can't happen: the bodies are plain structs
		http.Error(w, fmt.Sprintf("write the answer: %v", err), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // the client has gone if this fails
}
