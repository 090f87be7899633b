package joblog

import "encoding/binary"

// filter quickly finds where a stream may contain the beginning of a pattern (Wu and Manber, "A fast algorithm for
// multi-pattern searching", 1994). It looks at the last three bytes of a window as long as the shortest pattern, at
// most 8 bytes: a table says how far the window can be moved because no pattern has these three bytes there.
type filter struct {
	window int
	shift  uint32 // 32 minus the bits of the table's index
	skip   []uint8
}

const (
	filterBlock  = 3
	filterWindow = 8
	filterPrime  = 0x9E3779B1 // for Knuth's multiplicative hash
)

func newFilter(patterns []pattern) filter {
	f := filter{window: filterWindow}
	for _, p := range patterns {
		f.window = min(f.window, len(p.text))
	}
	f.shift = f.shiftFor(len(patterns))
	f.skip = make([]uint8, 1<<(32-f.shift))
	var most uint8 // the whole window except for two bytes
	for range f.window - filterBlock + 1 {
		most++
	}
	for i := range f.skip {
		f.skip[i] = most
	}
	for _, p := range patterns {
		f.add(p)
	}
	return f
}

// shiftFor returns the shift for that many patterns. A table for few patterns stays in the fastest cache; a full one is
// useless.
func (f *filter) shiftFor(patterns int) uint32 {
	bits := uint32(14)
	for bits < 20 && patterns*f.window > 1<<bits/8 {
		bits++
	}
	return 32 - bits
}

// extend adds the patterns all[known:] to a filter for those before. It is rebuilt only if it has become too small.
func (f *filter) extend(all []pattern, known int) {
	window := f.window
	for _, p := range all[known:] {
		window = min(window, len(p.text))
	}
	if window < f.window || f.shiftFor(len(all)) != f.shift {
		*f = newFilter(all)
		return
	}
	for _, p := range all[known:] {
		f.add(p)
	}
}

func (f *filter) add(p pattern) {
	var skip uint8
	for j := f.window - filterBlock; j >= 0; j-- {
		x := uint32(p.text[j]) | uint32(p.text[j+1])<<8 | uint32(p.text[j+2])<<16
		h := x * filterPrime >> f.shift
		f.skip[h] = min(f.skip[h], skip)
		skip++
	}
}

// next returns the first position from i on where a pattern may begin, or from which b is too short to decide.
func (f *filter) next(b []byte, i int) int {
	last, skip, shift := f.window-filterBlock, f.skip, f.shift&31
	for e := i + last; ; {
		if e+4 > len(b) {
			return min(e-last, len(b))
		}
		h := (binary.LittleEndian.Uint32(b[e:]) & 0xFFFFFF) * filterPrime >> shift
		n := skip[h]
		if n == 0 {
			return e - last
		}
		e += int(n)
	}
}
