package store

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// LogChunk is a part of a log as stored. First is the number of its first line.
type LogChunk struct {
	First int64
	model.LogBatch
}

// DamagedLines is the cause in an error with [model.CodeLogDamaged]: these lines of a log can't be read, all others can.
type DamagedLines struct {
	First, Last int64
	Cause       error
}

func (d *DamagedLines) Error() string { return d.Cause.Error() }
func (d *DamagedLines) Unwrap() error { return d.Cause }

func damaged(first, last int64, cause error) error {
	return model.NewError(model.CodeLogDamaged, "Lines %d to %d of this log are damaged on the disk and can't be shown. The others can.",
		first, last).
		Because(&DamagedLines{first, last, cause})
}

// LogChunks returns the log of a step run from line from on. Lines that can't be read are one error in their place; a
// caller that continues gets what follows. No transaction stays open between chunks, so a slow reader blocks nobody.
func (s *Store) LogChunks(ctx context.Context, stepRunID, from int64) iter.Seq2[LogChunk, error] {
	return func(yield func(LogChunk, error) bool) {
		broken := int64(0) // first line of the last unreadable chunk
		// A page needs one or two chunks and the one after them, an export needs all.
		for limit := 3; ; limit = min(2*limit, 32) {
			rows, total, err := s.chunkRows(ctx, stepRunID, from, broken, limit)
			if err != nil {
				yield(LogChunk{}, err)
				return
			}
			atEnd := len(rows) < limit
			for i, row := range rows {
				if !atEnd && i == len(rows)-1 {
					break // only shows where the one before it ends
				}
				batch, err := s.logs.zip.unpack(stepRunID, row)
				if err != nil {
					// The row's own data can't be trusted: it ends where the next one begins.
					end := max(total, row.first)
					if i+1 < len(rows) {
						end = rows[i+1].first - 1
					}
					broken = row.first
					if !yield(LogChunk{First: max(from, row.first)}, damaged(max(from, row.first), end, err)) {
						return
					}
					continue
				}
				chunk := LogChunk{row.first, batch}.from(from)
				if len(chunk.Lines) == 0 {
					continue
				}
				if !yield(chunk, nil) {
					return
				}
				// By line, not by row: the last chunk may have grown before the next query.
				from = chunk.First + int64(len(chunk.Lines))
			}
			if atEnd {
				return
			}
		}
	}
}

// from returns the chunk without the lines before n.
func (c LogChunk) from(n int64) LogChunk {
	skip := min(max(n-c.First, 0), int64(len(c.Lines)))
	for _, l := range c.Lines[:skip] {
		c.Bytes = c.Bytes[l.Len:]
	}
	return LogChunk{c.First + skip, model.LogBatch{Bytes: c.Bytes, Lines: c.Lines[skip:]}}
}

// chunkRows returns count chunks, beginning with the one that contains line from but after the one that begins with
// line after; and the number of lines in the log.
func (s *Store) chunkRows(ctx context.Context, stepRunID, from, after int64, count int) (rows []chunkRow, total int64, err error) {
	err = s.read(ctx, "read the log", func(q querier) error {
		rows, err = all(ctx, q, func(row scanner) (r chunkRow, err error) {
			err = row.Scan(&r.first, &r.lines, &r.bytes, &r.checksum, &r.coding, &r.data)
			return r, err
		}, `SELECT first_line, lines, bytes, checksum, coding, data FROM log_chunks
			WHERE step_run_id = ?1 AND first_line >= max(?3 + 1, coalesce((SELECT max(first_line) FROM log_chunks WHERE step_run_id = ?1
			AND first_line <= ?2), 0))
			ORDER BY first_line LIMIT ?4`, stepRunID, from, after, count)
		if err != nil {
			return err
		}
		return q.QueryRowContext(ctx, `SELECT coalesce((SELECT lines FROM step_runs WHERE id = ?), 0)`, stepRunID).Scan(&total)
	})
	return rows, total, err
}

// LogLines returns the lines of a step run's log from line from on. Lines that can't be read are left out, with an
// error in their place; a caller that continues gets the rest.
func (s *Store) LogLines(ctx context.Context, stepRunID, from int64) iter.Seq2[model.LogLine, error] {
	return func(yield func(model.LogLine, error) bool) {
		for chunk, err := range s.LogChunks(ctx, stepRunID, from) {
			if err != nil {
				if !yield(model.LogLine{}, err) {
					return
				}
				continue
			}
			offset := 0
			for i, l := range chunk.Lines {
				end := offset + int(l.Len)
				if !yield(logLine(chunk.First+int64(i), l, chunk.Bytes[offset:end]), nil) {
					return
				}
				offset = end
			}
		}
	}
}

func logLine(n int64, l model.LineMeta, bytes []byte) model.LogLine {
	text := string(bytes)
	if !l.Continued {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	}
	return model.LogLine{N: n, Time: time.UnixMicro(l.Time).UTC(), Stream: l.Stream, Level: l.Level, Continued: l.Continued, Text: text}
}

// ReadLog returns up to count lines from line from on, which counts from 1. If some are damaged, it returns the others
// and an error with [model.CodeLogDamaged].
func (s *Store) ReadLog(ctx context.Context, stepRunID, from int64, count int) (lines []model.LogLine, err error) {
	last := from + int64(count) - 1
	if count <= 0 {
		return nil, nil
	}
	lines = make([]model.LogLine, 0, min(count, 4096))
	for line, broken := range s.LogLines(ctx, stepRunID, from) {
		if broken != nil {
			if model.ErrorCode(broken) != model.CodeLogDamaged {
				return lines, broken
			}
			if err == nil {
				err = broken
			}
			continue
		}
		if line.N > last {
			break
		}
		lines = append(lines, line)
		if line.N == last {
			break
		}
	}
	return lines, err
}
