package document

import "github.com/goccy/go-yaml/ast"

// kind is the form of a key's value.
type kind int

const (
	scalar kind = iota // any scalar, taken as written
	boolean
	integer
	duration
	scalars // list of scalars
	object
	objects // list of objects
	value   // scalar, or a secret's {env: NAME} or {file: PATH}
	secret  // {env: NAME} or {file: PATH}
)

// key describes one key of the file for the schema and for errors.
type key struct {
	name     string
	kind     kind
	about    string
	enum     []string
	children []key
	required bool
	switches bool // true and false are accepted besides enum
	reserved bool // known, and rejected unless empty
}

// visitor is called for each field with a pointer to its value.
type visitor func(f Field, pointer any)

// field is the one declaration of a field of T: its key and how it is read, written and listed.
type field[T any] struct {
	key
	mark    Mark // empty if only the file has it, such as its version
	pointer func(*T) any
	read    func(r *reader, n ast.Node, at string, into *T)
	write   func(m *mapping, v, defaults *T) // nil if never exported
	inner   func(path string, v *T, visit visitor)
}

// table declares the fields of T. Their order is the order of an export.
type table[T any] struct {
	fields []field[T]
	blank  func() T                            // returns a T with defaults; nil for the zero value
	done   func(r *reader, at string, into *T) // completes a T after all keys are read; may be nil
}

// start returns a T with its defaults, before any key is read.
func (t table[T]) start() T {
	if t.blank == nil {
		var zero T
		return zero
	}
	return t.blank()
}

// keys lists the keys of the file, without local fields.
func (t table[T]) keys() []key {
	keys := make([]key, 0, len(t.fields))
	for _, f := range t.fields {
		if f.read != nil {
			keys = append(keys, f.key)
		}
	}
	return keys
}

func (t table[T]) read(r *reader, n ast.Node, at string, into *T) {
	byName := map[string]field[T]{}
	for _, f := range t.fields {
		byName[f.name] = f
	}
	r.mapping(n, at, t.keys(), func(name string, n ast.Node, at string) { byName[name].read(r, n, at, into) })
	if t.done != nil {
		t.done(r, at, into)
	}
}

func (t table[T]) write(v *T) mapping {
	m, defaults := mapping{}, t.start()
	for _, f := range t.fields {
		if f.write != nil {
			f.write(&m, v, &defaults)
		}
	}
	return m
}

// walk visits each field of v with its path. Empty lists and absent objects are walked as if they held one blank
// element, so that every path is visited.
func (t table[T]) walk(prefix string, v *T, visit visitor) {
	for _, f := range t.fields {
		switch {
		case f.inner != nil:
			f.inner(prefix+f.name, v, visit)
		case f.mark != "":
			visit(Field{Path: prefix + f.name, Mark: f.mark, Words: f.enum}, f.pointer(v))
		}
	}
}

// mandatory makes it an error to omit the key.
func (f field[T]) mandatory() field[T] { f.required = true; return f }

// omitted leaves the key out of an export if the field has its default and that isn't the zero value.
func (f field[T]) omitted(isDefault func(v, defaults *T) bool) field[T] {
	write := f.write
	f.write = func(m *mapping, v, defaults *T) {
		if !isDefault(v, defaults) {
			write(m, v, defaults)
		}
	}
	return f
}
