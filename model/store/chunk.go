package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/stepdeck/stepdeck/model"
)

// A chunk is up to chunkBytes of a step run's log in one row. Its data, before compression, is the bytes of the lines
// followed by an index with, for each line:
//
//	uvarint  microseconds since the line before, or since 1970 for the first (zigzag: clocks can go back)
//	byte     stream (bits 0-1), level (bits 2-4), continued (bit 5)
//	uvarint  length in bytes, including the line ending
const (
	chunkBytes = 64 << 10
	mergeBelow = 32 << 10 // a last chunk smaller than this is extended by the next lines
	rawBelow   = 512      // smaller data is not worth compressing
	// Far more than the log is ever cut into; a chunk's own lengths are checked against these before memory is allocated.
	largestBatch = 16 << 20 // bytes
	mostLines    = 1 << 20  // in a batch
	indexEntry   = binary.MaxVarintLen64 + 1 + binary.MaxVarintLen32
)

// The codings of a chunk's data.
const (
	codingNone = 0
	codingZstd = 1
)

const (
	streamMask     = 0b11
	levelShift     = 2
	levelMask      = 0b111
	continuedShift = 5
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// chunkRow is a row of the table log_chunks.
type chunkRow struct {
	first    int64
	lines    int64
	bytes    int64
	checksum int64
	coding   int64
	data     []byte
}

// sum is the checksum of everything in the row, including its key, so that a row can't be mistaken for another one
// either.
func (r chunkRow) sum(stepRunID int64) int64 {
	var room [5 * binary.MaxVarintLen64]byte
	head := room[:0]
	for _, v := range [...]int64{stepRunID, r.first, r.lines, r.bytes, r.coding} {
		head = binary.AppendVarint(head, v)
	}
	return int64(crc32.Update(crc32.Checksum(head, castagnoli), castagnoli, r.data))
}

// compressor encodes and decodes chunk data. Encoder and decoder are created when first needed: they are the most
// expensive part of starting a short command.
type compressor struct {
	encoder func() (*zstd.Encoder, error)
	decoder func() (*zstd.Decoder, error)
}

func newCompressor() compressor {
	return compressor{
		encoder: sync.OnceValues(func() (*zstd.Encoder, error) {
			// The row has its own checksum. One encoder is enough: the database has one writer.
			return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
				zstd.WithEncoderCRC(false), zstd.WithWindowSize(128<<10))
		}),
		decoder: sync.OnceValues(func() (*zstd.Decoder, error) {
			return zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecodeAllCapLimit(true))
		}),
	}
}

// pack encodes lines as a row. The buffer is reused, so the row must be written before the next call.
func (c compressor) pack(stepRunID, first int64, batch model.LogBatch, buffer *packBuffer) (chunkRow, error) {
	plain := buffer.plain[:0]
	plain = append(plain, batch.Bytes...)
	var before int64
	for _, l := range batch.Lines {
		plain = binary.AppendVarint(plain, l.Time-before)
		before = l.Time
		flags := byte(l.Stream)&streamMask | byte(l.Level)&levelMask<<levelShift
		if l.Continued {
			flags |= 1 << continuedShift
		}
		plain = append(plain, flags)
		plain = binary.AppendUvarint(plain, uint64(l.Len))
	}
	buffer.plain = plain
	row := chunkRow{first: first, lines: int64(len(batch.Lines)), bytes: int64(len(batch.Bytes)), coding: codingNone, data: plain}
	if len(plain) >= rawBelow {
		encoder, err := c.encoder()
		if err != nil {
			return row, err
		}
		buffer.packed = encoder.EncodeAll(plain, buffer.packed[:0])
		row.coding, row.data = codingZstd, buffer.packed
	}
	row.checksum = row.sum(stepRunID)
	return row, nil
}

type packBuffer struct{ plain, packed []byte }

var errDamaged = errors.New("the checksum is wrong")

// unpack returns the lines of a row after checking it. It does not keep the row's data.
func (c compressor) unpack(stepRunID int64, row chunkRow) (model.LogBatch, error) {
	var batch model.LogBatch
	if row.sum(stepRunID) != row.checksum {
		return batch, errDamaged
	}
	if row.bytes < 0 || row.bytes > largestBatch+chunkBytes || row.lines < 0 || row.lines > mostLines+chunkBytes {
		return batch, errors.New("the lengths are impossible")
	}
	var plain []byte
	switch row.coding {
	case codingNone:
		plain = append(plain, row.data...)
	case codingZstd:
		decoder, err := c.decoder()
		if err != nil {
			return batch, err
		}
		// The output is limited to the capacity.
		if plain, err = decoder.DecodeAll(row.data, make([]byte, 0, row.bytes+row.lines*indexEntry)); err != nil {
			return batch, err
		}
	default:
		return batch, fmt.Errorf("unknown coding %d", row.coding)
	}
	if row.bytes > int64(len(plain)) {
		return batch, errors.New("the lengths don't fit")
	}
	batch.Bytes = plain[:row.bytes:row.bytes]
	lines, err := readIndex(plain[row.bytes:], int(row.lines), row.bytes)
	batch.Lines = lines
	return batch, err
}

var errIndex = errors.New("the index of the lines is broken")

func readIndex(index []byte, count int, bytes int64) ([]model.LineMeta, error) {
	if count > len(index) { // micros least three bytes a line
		return nil, errIndex
	}
	lines := make([]model.LineMeta, count)
	var micros, sum int64
	for i := range lines {
		delta, n := binary.Varint(index)
		if n <= 0 || n >= len(index) {
			return nil, errIndex
		}
		flags := index[n]
		index = index[n+1:]
		length, n := binary.Uvarint(index)
		if n <= 0 || length > math.MaxUint32 {
			return nil, errIndex
		}
		index = index[n:]
		micros += delta
		sum += int64(uint32(length))
		lines[i] = model.LineMeta{
			Time: micros, Len: uint32(length), Stream: model.Stream(flags & streamMask),
			Level: model.Level(flags >> levelShift & levelMask), Continued: flags>>continuedShift&1 == 1,
		}
	}
	if sum != bytes || len(index) != 0 {
		return nil, errIndex
	}
	return lines, nil
}
