package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// tagged is what both ways of the wire carry: an object whose "type" is its kind.
type tagged interface{ Kind() string }

// Encoder writes events, or commands, as one JSON object a line.
type Encoder struct {
	out  io.Writer
	enc  *json.Encoder // into body
	body bytes.Buffer
}

// keptBuffer is the largest buffer that waits for the next record: a plan may hold long scripts.
const keptBuffer = 64 << 10

// NewEncoder makes an encoder onto out. Each object is one call of Write for its head and one for the rest.
func NewEncoder(out io.Writer) *Encoder {
	e := &Encoder{out: out}
	e.enc = json.NewEncoder(&e.body)
	e.enc.SetEscapeHTML(false)
	return e
}

// Encode writes what has a kind.
func (e *Encoder) Encode(what tagged) error {
	if e.body.Reset(); e.body.Cap() > keptBuffer {
		e.body = bytes.Buffer{}
	}
	if err := e.enc.Encode(what); err != nil {
		return fmt.Errorf("write the record %q: %w", what.Kind(), err)
	}
	head, rest := `{"type":"`+what.Kind()+`"`, e.body.Bytes()[1:]
	if rest[0] != '}' {
		head += ","
	}
	if _, err := io.WriteString(e.out, head); err != nil {
		return err
	}
	_, err := e.out.Write(rest)
	return err
}

// errUnknown is a kind that nobody declared.
var errUnknown = errors.New("unknown kind")

// decode reads one object as that one of kinds which its type names.
func decode[T tagged](text []byte, kinds []T) (what T, kind string, err error) {
	var head struct{ Type string }
	if err := json.Unmarshal(text, &head); err != nil {
		return what, "", err
	}
	for _, k := range kinds {
		if k.Kind() != head.Type {
			continue
		}
		v := reflect.New(reflect.TypeOf(k))
		if err := json.Unmarshal(text, v.Interface()); err != nil {
			return what, head.Type, err
		}
		what, _ = v.Elem().Interface().(T)
		return what, head.Type, nil
	}
	return what, head.Type, errUnknown
}

// Decoder reads the events of an engine.
type Decoder struct {
	in    *json.Decoder
	kinds []Event
}

// NewDecoder makes a decoder of in.
func NewDecoder(in io.Reader) *Decoder { return &Decoder{json.NewDecoder(in), Events()} }

// Decode gives the next event; io.EOF where there is none any more.
func (d *Decoder) Decode() (Event, error) {
	var text json.RawMessage
	if err := d.in.Decode(&text); err != nil {
		return nil, err
	}
	ev, kind, err := decode(text, d.kinds)
	if err != nil {
		return nil, fmt.Errorf("read the event %q: %w", kind, err)
	}
	return ev, nil
}
