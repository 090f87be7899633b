package signature

import "errors"

// Reason is why a request is rejected; each AWS service has its own words for it.
type Reason int

// The reasons.
const (
	Missing        Reason = iota + 1 // not signed at all
	Malformed                        // signed in a way that can't be parsed
	Early                            // signed in the future: one of the clocks is wrong
	Late                             // signed too long ago: one of the clocks is wrong, or a presigned URL has expired
	Mismatch                         // signed with another secret, or changed on the way
	ContentChanged                   // the body is not the signed one
	BadChecksum                      // the body is signed but its checksum is wrong
	TooLarge                         // the body is too large
	Incomplete                       // the body ended early
)

// Refusal is the error for a rejected request. It never contains a secret.
type Refusal struct {
	Reason Reason
	Detail string
}

func (r *Refusal) Error() string { return r.Detail }

func refuse(reason Reason, detail string) error { return &Refusal{reason, detail} }

// ReasonOf returns the reason of a refusal, 0 for any other error.
func ReasonOf(err error) Reason {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r.Reason
	}
	return 0
}
