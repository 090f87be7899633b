package joblog

import "encoding/binary"

// filter finds quickly where a stream may begin one of the patterns (Wu and Manber, "A fast algorithm for multi-pattern
// searching", 1994). It looks at the last three bytes of a window as long as the shortest pattern, at most 8 bytes: a table
// says how far the window can be moved because no pattern has these three bytes there.
type filter struct {
	window int
	shift  uint32 // 32 minus the bits of the table's index
	skip   []uint8
}

const (
	filterBlock  = 3
	filterWindow = 8
	filterPrime  = 0x9E3779B1 // of Knuth's multiplicative hash
)

func newFilter(patterns []pattern) filter {
	f := filter{window: filterWindow}
	for _, p := range patterns {
		f.window = min(f.window, len(p.text))
	}
	f.shift = f.fitting(len(patterns))
	f.skip = make([]uint8, 1<<(32-f.shift))
	var most uint8 // the whole window but two bytes
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

// fitting is the shift for so many patterns. A table for few patterns stays in the fastest cache; one that is full finds nothing.
func (f *filter) fitting(patterns int) uint32 {
	bits := uint32(14)
	for bits < 20 && patterns*f.window > 1<<bits/8 {
		bits++
	}
	return 32 - bits
}

// extend adds the patterns of all from known on to a filter for those before, which is made anew only when it has become too small.
func (f *filter) extend(all []pattern, known int) {
	window := f.window
	for _, p := range all[known:] {
		window = min(window, len(p.text))
	}
	if window < f.window || f.fitting(len(all)) != f.shift {
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

// next gives the first place from i on where a pattern may begin, or from where on b is too short to tell.
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
