package engine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// filled puts something into every field below v that is written.
func filled(v reflect.Value) { fill(v, nil) }

// fill fills a value inside of values of the given types. A type that holds itself, as a role holds further ones, does so once.
func fill(v reflect.Value, inside []reflect.Type) {
	switch v.Kind() {
	case reflect.Struct:
		if t, ok := v.Addr().Interface().(*engine.Time); ok {
			t.Time = time.Date(2024, 2, 3, 4, 5, 6, 789000, time.UTC)
			return
		}
		inside = append(slices.Clone(inside), v.Type())
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("json") != "-" {
				fill(v.Field(i), inside)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), inside)
	case reflect.Slice:
		if seen := slices.Index(inside, v.Type().Elem()); seen >= 0 && slices.Contains(inside[seen+1:], v.Type().Elem()) {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), inside)
	case reflect.String:
		v.SetString("<é\n\"🚀>")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint8:
		v.SetUint(0xff)
	default:
		panic(fmt.Sprint("no value for a ", v.Kind()))
	}
}

func TestEventsRoundTrip(t *testing.T) {
	var want []engine.Event
	var out bytes.Buffer
	enc := engine.NewEncoder(&out)
	for _, empty := range engine.Events() {
		full := reflect.New(reflect.TypeOf(empty))
		filled(full.Elem())
		for _, ev := range []engine.Event{empty, full.Elem().Interface().(engine.Event)} {
			if err := enc.Encode(ev); err != nil {
				t.Fatal(err)
			}
			want = append(want, ev)
		}
	}
	if lines := strings.Count(out.String(), "\n"); lines != len(want) {
		t.Errorf("%d lines for %d events", lines, len(want))
	}
	dec := engine.NewDecoder(&out)
	for _, ev := range want {
		if got, err := dec.Decode(); err != nil || !reflect.DeepEqual(got, ev) {
			t.Errorf("%#v became %#v, %v", ev, got, err)
		}
	}
	if _, err := dec.Decode(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

// A step that never ran says nothing of how its script ended.
func TestAStepThatNeverRanHasNoEnd(t *testing.T) {
	var out bytes.Buffer
	skipped := engine.StepFinished{Step: 1, Name: "a&b", Attempt: 1, Attempts: 2, Status: model.Skipped}
	if err := engine.NewEncoder(&out).Encode(skipped); err != nil {
		t.Fatal(err)
	}
	want := `{"type":"stepresult","step":1,"name":"a&b","attempt":1,"attempts":2,"status":"skipped","exitCode":null,"message":""}` + "\n"
	if out.String() != want {
		t.Errorf("got %s, want %s", out.String(), want)
	}
}

func TestTime(t *testing.T) {
	at := engine.Time{Time: time.Date(2024, 2, 3, 4, 5, 6, 789123456, time.FixedZone("", 3600))}
	text, err := json.Marshal([]engine.Time{at, {}})
	if want := `["2024-02-03T03:05:06.789123Z",null]`; err != nil || string(text) != want {
		t.Errorf("got %s, %v, want %s", text, err, want)
	}
	var back []engine.Time
	if err := json.Unmarshal(text, &back); err != nil || !back[0].Equal(at.Truncate(time.Microsecond)) || !back[1].IsZero() {
		t.Errorf("%s is read as %v, %v", text, back, err)
	}
	if err := json.Unmarshal([]byte(`["yesterday"]`), &back); err == nil {
		t.Error("yesterday is a time")
	}
}

func TestCommands(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	secrets := engine.Secrets{
		MasterKey: []byte{0, 1, 0xff}, Given: []engine.GivenRecord{{Name: "Long", Value: []byte(long)}, {Name: "Bytes", Value: []byte{0, 0xfe}}},
	}
	var in bytes.Buffer
	enc := engine.NewEncoder(&in)
	for _, c := range []engine.Command{secrets, engine.Stop{}} {
		if err := enc.Encode(c); err != nil {
			t.Fatal(err)
		}
	}
	in.WriteString(`{"type":"kill"}`) // without a line end
	r := engine.NewCommandReader(&in)
	for _, want := range []engine.Command{secrets, engine.Stop{}, engine.Kill{}} {
		if got, err := r.Next(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

// An invalid command is refused without repeating any of it, and the next one is read.
func TestInvalidCommands(t *testing.T) {
	const secret = "hunter2hunter2"
	for name, line := range map[string]string{
		"no JSON": secret, "a number": "123456789", "a list": `["` + secret + `"]`, "empty": "",
		"cut short": `{"type":"secrets","masterKey":"` + secret,
		"no base64": `{"type":"secrets","masterKey":"` + secret + `!"}`, "a number for the key": `{"type":"secrets","masterKey":123456789}`,
		"another field names the command": `{"command":"stop"}`, "too long": strings.Repeat(secret, 2<<20),
		"too long, and a command": `{"type":"stop","more":"` + strings.Repeat(secret, 2<<20) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := engine.NewCommandReader(strings.NewReader(line + "\n" + `{"type":"stop"}` + "\n"))
			c, err := r.Next()
			if model.ErrorCode(err) != model.CodeEngineCommand || c != nil {
				t.Fatalf("got %v, %v", c, err)
			}
			if text := err.Error(); strings.Contains(text, secret) || strings.Contains(text, "123456789") {
				t.Errorf("the error says %s", text)
			}
			if c, err := r.Next(); err != nil || c != (engine.Stop{}) {
				t.Errorf("then comes %v, %v", c, err)
			}
		})
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	s := engine.Secrets{MasterKey: []byte("hunter2"), Given: []engine.GivenRecord{{Name: "P", Value: []byte("hunter2")}}}
	for _, what := range []any{s, &s, []engine.Command{s}, s.Given, s.Given[0], &s.Given[0]} {
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "what", what)
		shown := []string{log.String()}
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
			shown = append(shown, fmt.Sprintf(format, what))
		}
		for _, text := range shown {
			for _, told := range []string{"hunter2", "104 117 110", "68756e74", "0x68, 0x75", "aHVudGVy"} {
				if strings.Contains(text, told) {
					t.Errorf("a %T shows %s", what, text)
				}
			}
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secrets", s, "given", s.Given[0])
	if strings.Contains(log.String(), "aHVudGVy") {
		t.Errorf("the log shows %s", log.String())
	}
}

func FuzzCommands(f *testing.F) {
	f.Add([]byte(`{"type":"stop"}` + "\n" + `{"type":"secrets","given":[{"name":"a","value":"eA=="}]}`))
	f.Add([]byte("\n{}\n{\"type\":7}"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r := engine.NewCommandReader(bytes.NewReader(in))
		for range len(in) + 1 {
			c, err := r.Next()
			switch {
			case model.ErrorCode(err) == model.CodeEngineCommand:
			case err != nil:
				return
			default:
				var again bytes.Buffer
				if err := engine.NewEncoder(&again).Encode(c); err != nil {
					t.Fatal(err)
				}
				if same, err := engine.NewCommandReader(&again).Next(); err != nil || same.Kind() != c.Kind() {
					t.Errorf("%v became %v, %v", c, same, err)
				}
			}
		}
		t.Error("there is no end")
	})
}
