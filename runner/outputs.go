package runner

import "github.com/stepdeck/stepdeck/model"

// The maximum number and total size of a step's output variables, so that a script that sets them in a loop doesn't fill
// memory or the store.
const (
	maxOutputs     = 10_000
	maxOutputBytes = 64 << 20
)

const tooManyOutputs = "The script set more than 10,000 output variables, or more than 64 MiB of them. The rest was ignored."

// outputs is the output variables that one step has set, each name once, in the order of first use.
type outputs struct {
	list      []model.Output // without the values of sensitive ones
	index     map[string]int // into list, by name key
	sizes     []int          // of the items in list, in bytes
	bytes     int            // their sum
	truncated bool           // some were ignored
}

// add stores o, or returns false if that would exceed the limits.
func (s *outputs) add(o model.Output) bool {
	if s.index == nil {
		s.index = map[string]int{}
	}
	key := model.NameKey(o.Name)
	i, known := s.index[key]
	size := len(o.Name) + len(o.Value)
	before := 0
	if known {
		before = s.sizes[i]
	}
	if !known && len(s.list) >= maxOutputs || s.bytes-before+size > maxOutputBytes {
		return false
	}
	if !known {
		i = len(s.list)
		s.index[key] = i
		s.list, s.sizes = append(s.list, model.Output{}), append(s.sizes, 0)
	}
	s.bytes += size - before
	s.sizes[i] = size
	if o.Sensitive {
		o.Value = ""
	}
	s.list[i] = o
	return true
}
