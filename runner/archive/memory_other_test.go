//go:build !linux

package archive

import (
	"testing"
	"time"
)

// peakMemory is available only on Linux.
func peakMemory(testing.TB, string, string) float64 { return 0 }

func cpuTime() time.Duration { return 0 }
