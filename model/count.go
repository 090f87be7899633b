package model

import "strconv"

// Count returns n with its noun, such as "1 step" or "2 steps". The window has its words in a catalogue instead.
func Count[N int | int64](n N, one, many string) string {
	noun := many
	if n == 1 {
		noun = one
	}
	return strconv.FormatInt(int64(n), 10) + " " + noun
}
