package display

import "strconv"

// Bytes formats a size in binary units, such as "1.5 MiB".
func Bytes(n int64) string {
	const unit = 1024
	if n < unit {
		return number(float64(n), 0) + " B"
	}
	value, i := float64(n)/unit, 0
	for value >= unit && i < 3 {
		value /= unit
		i++
	}
	return number(value, 1) + " " + []string{"KiB", "MiB", "GiB", "TiB"}[i]
}

func number(f float64, digits int) string { return strconv.FormatFloat(f, 'f', digits, 64) }
