package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// tagged is an Event or a Command: a JSON object whose "type" is its kind.
type tagged interface{ Kind() string }

// Encoder writes events or commands as JSON, one object per line.
type Encoder struct {
	out  io.Writer
	enc  *json.Encoder // into body
	body bytes.Buffer
}

// maxBuffer is the largest buffer that is kept for the next record: a plan may contain long scripts.
const maxBuffer = 64 << 10

// NewEncoder returns an encoder that writes to out, with two calls of Write per object.
func NewEncoder(out io.Writer) *Encoder {
	e := &Encoder{out: out}
	e.enc = json.NewEncoder(&e.body)
	e.enc.SetEscapeHTML(false)
	return e
}

// Encode writes an event or a command.
func (e *Encoder) Encode(record tagged) error {
	if e.body.Reset(); e.body.Cap() > maxBuffer {
		e.body = bytes.Buffer{}
	}
	if err := e.enc.Encode(record); err != nil {
		return fmt.Errorf("write the record %q: %w", record.Kind(), err)
	}
	head, rest := `{"type":"`+record.Kind()+`"`, e.body.Bytes()[1:]
	if rest[0] != '}' {
		head += ","
	}
	if _, err := io.WriteString(e.out, head); err != nil {
		return err
	}
	_, err := e.out.Write(rest)
	return err
}

var errUnknown = errors.New("unknown kind")

// decode decodes an object as the one of kinds that its type names, and returns that type too. The error is errUnknown if
// none has it.
func decode[T tagged](text []byte, kinds []T) (record T, kind string, err error) {
	var head struct{ Type string }
	if err := json.Unmarshal(text, &head); err != nil {
		return record, "", err
	}
	for _, k := range kinds {
		if k.Kind() != head.Type {
			continue
		}
		v := reflect.New(reflect.TypeOf(k))
		if err := json.Unmarshal(text, v.Interface()); err != nil {
			return record, head.Type, err
		}
		record, _ = v.Elem().Interface().(T)
		return record, head.Type, nil
	}
	return record, head.Type, errUnknown
}

// Decoder reads the events of an engine.
type Decoder struct {
	in    *json.Decoder
	kinds []Event
}

// NewDecoder returns a decoder of the events in in.
func NewDecoder(in io.Reader) *Decoder { return &Decoder{json.NewDecoder(in), Events()} }

// Decode returns the next event, or io.EOF after the last.
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
