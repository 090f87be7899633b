// Package totp computes the codes of virtual MFA devices: six digits, a new code each 30 seconds, HMAC-SHA-1.
//
// Source: RFC 6238, RFC 4226 §5.3.
package totp

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238's default; AWS's virtual MFA devices use it
	"encoding/binary"
	"fmt"
	"time"
)

// SeedSize is the recommended size of a seed in bytes. Source: RFC 4226 §4.
const SeedSize = 20

const period = 30 // seconds

// Step returns the number of the period that a time is in.
func Step(at time.Time) int64 { return at.Unix() / period }

// Code returns the code of a seed in a period.
func Code(seed []byte, step int64) string {
	mac := hmac.New(sha1.New, seed)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash takes everything
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	number := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%06d", number%1_000_000)
}
