package signature

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Body reads the body of an S3 request that passed Verify and returns its content without the framing of a streamed
// upload, after checking every hash, chunk signature and checksum. limit is in bytes.
func (c Claim) Body(r *http.Request, secret string, limit int64) ([]byte, error) {
	hash, err := c.PayloadHash(r)
	if err != nil {
		return nil, err
	}
	if r.ContentLength > limit {
		return nil, refuse(TooLarge, "the body has more than "+strconv.FormatInt(limit, 10)+" bytes")
	}
	var body []byte
	sums := r.Header
	switch hash {
	case streamingSigned, streamingSignedTrailer, streamingTrailer:
		s := stream{in: bufio.NewReaderSize(r.Body, 1<<16), limit: limit, trailing: hash != streamingSigned, signed: hash != streamingTrailer}
		s.key, s.previous, s.prefix = c.key(secret), c.signature, c.Time.Format(timeFormat)+"\n"+c.scope()+"\n"
		if body, err = s.read(r.Header.Get("X-Amz-Decoded-Content-Length"), r.Header.Get("X-Amz-Trailer")); err != nil {
			return nil, err
		}
		if s.trailers != nil {
			sums = s.trailers
		}
	default:
		if body, err = readAll(r.Body, max(r.ContentLength, 0), limit); err != nil {
			return nil, err
		}
		if hash != unsignedPayload && !equal(hash, HashOf(body)) {
			return nil, refuse(ContentChanged, "the provided "+strings.ToLower(hashHeader)+" header does not match what was computed")
		}
	}
	if r.Method != http.MethodPut { // otherwise, as at the end of a multipart upload, the checksum is of the object
		return body, nil
	}
	return body, checkSums(sums, body)
}

func readAll(from io.Reader, expected, limit int64) ([]byte, error) {
	buffer := bytes.NewBuffer(make([]byte, 0, min(expected, 1<<20)+bytes.MinRead))
	switch _, err := buffer.ReadFrom(io.LimitReader(from, limit+1)); {
	case err != nil:
		return nil, refuse(Incomplete, "the body ended early")
	case int64(buffer.Len()) > limit:
		return nil, refuse(TooLarge, "the body has more than "+strconv.FormatInt(limit, 10)+" bytes")
	}
	return buffer.Bytes(), nil
}

// stream decodes a body that is sent in chunks, each preceded by its length and signature ("aws-chunked"). Source: S3
// API reference, "Signature calculations for the Authorization header: Transferring payload in multiple chunks".
type stream struct {
	in       *bufio.Reader
	limit    int64
	signed   bool // chunks have signatures
	trailing bool // headers follow the last chunk
	key      []byte
	previous string // the previous signature, which the next one covers
	prefix   string // time and scope of every signed text
	trailers http.Header
}

func (s *stream) read(decodedLength, announced string) ([]byte, error) {
	expected, err := strconv.ParseInt(decodedLength, 10, 64)
	if err != nil || expected < 0 {
		return nil, refuse(Malformed, "the header x-amz-decoded-content-length is missing or not a number")
	}
	if expected > s.limit {
		return nil, refuse(TooLarge, "the body has more than "+strconv.FormatInt(s.limit, 10)+" bytes")
	}
	var body bytes.Buffer
	for {
		size, err := s.chunk(&body, expected)
		if err != nil {
			return nil, err
		}
		if size == 0 {
			break
		}
	}
	if int64(body.Len()) != expected {
		return nil, refuse(Incomplete, "the chunks have a different number of bytes than x-amz-decoded-content-length says")
	}
	if s.trailing {
		if err := s.readTrailers(announced); err != nil {
			return nil, err
		}
	}
	return body.Bytes(), nil
}

// chunk appends the next chunk to body and returns its size, 0 for the last one.
func (s *stream) chunk(body *bytes.Buffer, expected int64) (int64, error) {
	line, err := s.line()
	if err != nil {
		return 0, err
	}
	length, signature, _ := strings.Cut(line, ";chunk-signature=")
	size, err := strconv.ParseInt(length, 16, 64)
	if err != nil || size < 0 {
		return 0, refuse(Malformed, "a chunk has no length")
	}
	if size > expected-int64(body.Len()) {
		return 0, refuse(Incomplete, "the chunks have more bytes than x-amz-decoded-content-length says")
	}
	start := body.Len()
	if _, err := io.CopyN(body, s.in, size); err != nil {
		return 0, refuse(Incomplete, "the body ended early")
	}
	if s.signed {
		text := algorithm + "-PAYLOAD\n" + s.prefix + s.previous + "\n" + HashOf(nil) + "\n" + HashOf(body.Bytes()[start:])
		if s.previous = sign(s.key, text); !equal(s.previous, signature) {
			return 0, refuse(Mismatch, "the signature of a chunk does not match the secret of the key")
		}
	}
	if size == 0 && s.trailing {
		return 0, nil // the trailing headers follow at once
	}
	if end, err := s.line(); err != nil || end != "" {
		if size == 0 && errors.Is(err, io.EOF) {
			return 0, nil
		}
		return 0, refuse(Incomplete, "a chunk doesn't end with a line end")
	}
	return size, nil
}

func (s *stream) readTrailers(announced string) error {
	s.trailers = http.Header{}
	var canonical strings.Builder
	var signature string
	for {
		line, err := s.line()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if line == "" {
			break
		}
		name, value, found := strings.Cut(line, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		switch {
		case !found:
			return refuse(Malformed, "a trailing header can't be read")
		case name == "x-amz-trailer-signature":
			signature = value
		default:
			s.trailers.Set(name, value)
			canonical.WriteString(name + ":" + value + "\n")
		}
	}
	for name := range strings.SplitSeq(announced, ",") {
		if name = strings.TrimSpace(name); name != "" && s.trailers.Get(name) == "" {
			return refuse(Incomplete, "the trailing header "+name+" is announced but missing")
		}
	}
	if s.signed {
		text := algorithm + "-TRAILER\n" + s.prefix + s.previous + "\n" + HashOf([]byte(canonical.String()))
		if _, err := hex.DecodeString(signature); err != nil || !equal(sign(s.key, text), signature) {
			return refuse(Mismatch, "the signature of the trailing headers does not match the secret of the key")
		}
	}
	return nil
}

// line returns the text up to the next line end. No line is longer than 4 KiB.
func (s *stream) line() (string, error) {
	var b strings.Builder
	for b.Len() < 4096 {
		ch, err := s.in.ReadByte()
		switch {
		case err != nil && b.Len() == 0:
			return "", &endOfBody{err}
		case err != nil:
			return "", refuse(Incomplete, "the body ended early")
		case ch == '\n':
			return strings.TrimSuffix(b.String(), "\r"), nil
		}
		b.WriteByte(ch)
	}
	return "", refuse(Malformed, "a line between the chunks is too long")
}

// endOfBody is a refusal that also says that nothing was left, which is fine after the last chunk.
type endOfBody struct{ cause error }

func (e *endOfBody) Error() string { return "the body ended early" }
func (e *endOfBody) Unwrap() []error {
	return []error{e.cause, refuse(Incomplete, "the body ended early")}
}
