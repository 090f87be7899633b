package runner

import "github.com/stepdeck/stepdeck/model"

// How many output variables a step may set, and how large they may be together: a script that sets them in a loop must fill
// neither the memory nor the store.
const (
	maxOutputs     = 10_000
	maxOutputBytes = 64 << 20
)

const tooManyOutputs = "The script set more than 10,000 output variables, or more than 64 MiB of them. Those beyond are left out."

// outputs is what one step has set, each name once, in the order in which the names came.
type outputs struct {
	list  []model.Output // without the values of sensitive ones
	at    map[string]int // where a name stands, by its key
	sizes []int
	bytes int
	over  bool // some were left out
}

// keep takes o, and reports false where that is too much.
func (s *outputs) keep(o model.Output) bool {
	if s.at == nil {
		s.at = map[string]int{}
	}
	key := model.NameKey(o.Name)
	i, known := s.at[key]
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
		s.at[key] = i
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
