package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
)

// jsonFault is the error response of a service with JSON responses.
type jsonFault struct {
	status int
	kind   string            // the name of the exception, by which the SDKs tell one from another
	fields map[string]string // of the exception
}

func (f *jsonFault) write(w http.ResponseWriter) {
	w.Header().Set("X-Amzn-Errortype", f.kind)
	writeJSON(w, f.status, f.fields)
}

// writeJSON sends what can always be written as JSON.
func writeJSON(w http.ResponseWriter, status int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // nothing to do if the client has disconnected
}

// readJSON reads the body of a request.
func readJSON(w http.ResponseWriter, r *http.Request, into any) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}
