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
	f := filter{window: filterWindow, shift: 32 - 14}
	for _, p := range patterns {
		f.window = min(f.window, len(p.text))
	}
	// A table for few patterns stays in the fastest cache; one that is full finds nothing.
	for bits := uint32(14); bits < 20 && len(patterns)*f.window > 1<<bits/8; bits++ {
		f.shift = 32 - (bits + 1)
	}
	f.skip = make([]uint8, 1<<(32-f.shift))
	last := f.window - filterBlock
	var most uint8 // the whole window but two bytes
	for range last + 1 {
		most++
	}
	for i := range f.skip {
		f.skip[i] = most
	}
	for _, p := range patterns {
		var skip uint8
		for j := last; j >= 0; j-- {
			x := uint32(p.text[j]) | uint32(p.text[j+1])<<8 | uint32(p.text[j+2])<<16
			h := x * filterPrime >> f.shift
			f.skip[h] = min(f.skip[h], skip)
			skip++
		}
	}
	return f
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
