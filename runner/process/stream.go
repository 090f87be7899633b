package process

import "time"

// readSize is more than most programs write at once (cat: 128 KiB), so that a reader that falls behind catches up in few
// reads.
const readSize = 256 << 10

// pump passes the stream to sink until its end.
func (o *output) pump(sink Sink) {
	buf := make([]byte, readSize)
	for {
		n, err := o.read(buf)
		if n > 0 && sink != nil {
			sink(buf[:n], time.Now())
		}
		if err != nil {
			return
		}
	}
}
