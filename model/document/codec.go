package document

import (
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/stepdeck/stepdeck/model"
)

// The functions below declare a field by the form of its value. The argument of returns a pointer to the value in a T.

func text[T any](name, about string, of func(*T) *string) field[T] {
	return field[T]{
		key: key{name: name, kind: scalar, about: about}, mark: Honoured, pointer: func(v *T) any { return of(v) },
		read:  func(r *reader, n ast.Node, at string, v *T) { *of(v) = r.scalar(n, at) },
		write: func(m *mapping, v, _ *T) { m.text(name, *of(v)) },
	}
}

// word is one of a set of words. An empty one in the file means the default.
func word[T any, W ~string](name, about string, of func(*T) *W, words ...W) field[T] {
	enum := make([]string, len(words))
	for i, w := range words {
		enum[i] = string(w)
	}
	return field[T]{
		key: key{name: name, kind: scalar, about: about, enum: enum}, mark: Honoured, pointer: func(v *T) any { return of(v) },
		read: func(r *reader, n ast.Node, at string, v *T) {
			if w := r.scalar(n, at); w != "" {
				*of(v) = W(w)
			}
		},
		write: func(m *mapping, v, _ *T) { m.text(name, string(*of(v))) },
	}
}

// choice is a word whose default is left out of an export.
func choice[T any, W ~string](name, about string, of func(*T) *W, words ...W) field[T] {
	return word(name, about, of, words...).omitted(func(v, defaults *T) bool { return *of(v) == *of(defaults) })
}

func flag[T any](name, about string, of func(*T) *bool) field[T] {
	f := field[T]{
		key: key{name: name, kind: boolean, about: about}, mark: Honoured, pointer: func(v *T) any { return of(v) },
		read:  func(r *reader, n ast.Node, at string, v *T) { r.boolean(n, at, of(v)) },
		write: func(m *mapping, v, _ *T) { m.put(name, *of(v)) },
	}
	return f.omitted(func(v, defaults *T) bool { return *of(v) == *of(defaults) })
}

func number[T any](name, about string, of func(*T) *int) field[T] {
	f := field[T]{
		key: key{name: name, kind: integer, about: about}, mark: Honoured, pointer: func(v *T) any { return of(v) },
		read:  func(r *reader, n ast.Node, at string, v *T) { *of(v) = r.integer(n, at) },
		write: func(m *mapping, v, _ *T) { m.put(name, *of(v)) },
	}
	return f.omitted(func(v, _ *T) bool { return *of(v) == 0 })
}

func limit[T any](name, about string, of func(*T) *time.Duration) field[T] {
	f := field[T]{
		key: key{name: name, kind: duration, about: about}, mark: Honoured, pointer: func(v *T) any { return of(v) },
		read:  func(r *reader, n ast.Node, at string, v *T) { *of(v) = r.duration(n, at) },
		write: func(m *mapping, v, _ *T) { m.text(name, model.FormatDuration(*of(v))) },
	}
	return f.omitted(func(v, _ *T) bool { return *of(v) == 0 })
}

func texts[T any](name, about string, of func(*T) *[]string) field[T] {
	return field[T]{
		key: key{name: name, kind: scalars, about: about}, mark: Honoured, pointer: func(v *T) any { return of(v) },
		read:  func(r *reader, n ast.Node, at string, v *T) { r.texts(n, at, of(v)) },
		write: func(m *mapping, v, _ *T) { m.texts(name, *of(v)) },
	}
}

// group is an object that is always present; it isn't written if it is empty.
func group[T, U any](name, about string, of func(*T) *U, inner table[U]) field[T] {
	return field[T]{
		key:   key{name: name, kind: object, about: about, children: inner.keys()},
		read:  func(r *reader, n ast.Node, at string, v *T) { inner.read(r, n, at, of(v)) },
		write: func(m *mapping, v, _ *T) { m.object(name, inner.write(of(v))) },
		inner: func(path string, v *T, visit visitor) { inner.walk(path+".", of(v), visit) },
	}
}

// optional is an object that may be absent; if present it is written even if it is empty.
func optional[T, U any](name, about string, of func(*T) **U, inner table[U]) field[T] {
	orBlank := func(v *T) *U {
		if *of(v) == nil {
			blank := inner.start()
			return &blank
		}
		return *of(v)
	}
	return field[T]{
		key: key{name: name, kind: object, about: about, children: inner.keys()},
		read: func(r *reader, n ast.Node, at string, v *T) {
			*of(v) = orBlank(v)
			inner.read(r, n, at, *of(v))
		},
		write: func(m *mapping, v, _ *T) {
			if *of(v) != nil {
				m.put(name, yaml.MapSlice(inner.write(*of(v))))
			}
		},
		inner: func(path string, v *T, visit visitor) { inner.walk(path+".", orBlank(v), visit) },
	}
}

func list[T, U any](name, about string, of func(*T) *[]U, inner table[U]) field[T] {
	return field[T]{
		key: key{name: name, kind: objects, about: about, children: inner.keys()},
		read: func(r *reader, n ast.Node, at string, v *T) {
			r.list(n, at, func(n ast.Node, at string) {
				item := inner.start()
				inner.read(r, n, at, &item)
				*of(v) = append(*of(v), item)
			})
		},
		write: func(m *mapping, v, _ *T) {
			items := *of(v)
			m.list(name, len(items), func(i int) mapping { return inner.write(&items[i]) })
		},
		inner: func(path string, v *T, visit visitor) {
			items := *of(v)
			if len(items) == 0 {
				items = []U{inner.start()}
			}
			for i := range items {
				inner.walk(path+"[].", &items[i], visit)
			}
		},
	}
}

// secretSource is the source of a secret. It is never exported; isSet points to the flag that this computer has the
// secret.
func secretSource[T any](name, about string, of func(*T) *Secret, isSet func(*T) *bool) field[T] {
	return field[T]{
		key:  key{name: name, kind: secret, about: about, children: secretTable().keys()},
		mark: Honoured, pointer: func(v *T) any { return isSet(v) },
		read: func(r *reader, n ast.Node, at string, v *T) { *of(v) = r.secret(n, at) },
	}
}

// local is a field that belongs to this computer and is never in a file.
func local[T any](name string, pointer func(*T) any) field[T] {
	return field[T]{key: key{name: name}, mark: Local, pointer: pointer}
}

// onlyInFile marks a field that only the file has, not the model.
func (f field[T]) onlyInFile() field[T] { f.mark = ""; return f }
