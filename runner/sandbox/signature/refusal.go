package signature

import "errors"

// Reason is why a request is refused; each service of AWS has its own words for it.
type Reason int

// The reasons.
const (
	Missing        Reason = iota + 1 // not signed at all
	Malformed                        // signed in a way that can't be read
	Early                            // signed in the future: one of the clocks is wrong
	Late                             // signed too long ago: one of the clocks is wrong, or a presigned URL has expired
	Mismatch                         // signed with another secret, or changed on the way
	ContentChanged                   // the body is not the one that was signed
	BadChecksum                      // the body is signed but its checksum is wrong
	TooLarge                         // the body is larger than is taken
	Incomplete                       // the body ended early
)

// Refusal is a request that is not believed. It never holds a secret.
type Refusal struct {
	Reason Reason
	Detail string
}

func (r *Refusal) Error() string { return r.Detail }

func refuse(reason Reason, detail string) error { return &Refusal{reason, detail} }

// ReasonOf gives the reason of a refusal, 0 for every other error.
func ReasonOf(err error) Reason {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r.Reason
	}
	return 0
}
