package store

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// LogChunk is a stretch of a log as it was stored: First is the number of its first line.
type LogChunk struct {
	First int64
	model.LogBatch
}

// DamagedLines is the cause inside an error of code "log.damaged": these lines of a log can't be read, all others can.
type DamagedLines struct {
	First, Last int64
	Cause       error
}

func (d *DamagedLines) Error() string { return d.Cause.Error() }
func (d *DamagedLines) Unwrap() error { return d.Cause }

func damaged(first, last int64, cause error) error {
	return model.NewError("log.damaged", "Lines %d to %d of this log are damaged on the disk and can't be shown. The others can.", first, last).
		Because(&DamagedLines{first, last, cause})
}

// LogChunks gives the log of a step run from line from on. Lines that can't be read come as one error in their place;
// whoever goes on gets what follows. No transaction stays open between chunks, so a slow reader holds nobody up.
func (s *Store) LogChunks(ctx context.Context, stepRunID, from int64) iter.Seq2[LogChunk, error] {
	return func(yield func(LogChunk, error) bool) {
		broken := int64(0) // first line of the last chunk that could not be read
		// A page needs one or two chunks and the one behind them, an export all.
		for atOnce := 3; ; atOnce = min(2*atOnce, 32) {
			rows, total, err := s.chunkRows(ctx, stepRunID, from, broken, atOnce)
			if err != nil {
				yield(LogChunk{}, err)
				return
			}
			done := len(rows) < atOnce
			for i, row := range rows {
				if !done && i == len(rows)-1 {
					break // only to see where the one before it ends
				}
				batch, err := s.logs.zip.unpack(stepRunID, row)
				if err != nil {
					// What the row says of itself can't be trusted: it ends where the next one begins.
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
				// Not the row but the line: the last chunk may have grown until the next query.
				from = chunk.First + int64(len(chunk.Lines))
			}
			if done {
				return
			}
		}
	}
}

// from leaves out the lines before n.
func (c LogChunk) from(n int64) LogChunk {
	skip := min(max(n-c.First, 0), int64(len(c.Lines)))
	for _, l := range c.Lines[:skip] {
		c.Bytes = c.Bytes[l.Len:]
	}
	return LogChunk{c.First + skip, model.LogBatch{Bytes: c.Bytes, Lines: c.Lines[skip:]}}
}

// chunkRows gives chunks from the one that holds line from, all behind the one that begins with line after; and how many
// lines the log has.
func (s *Store) chunkRows(ctx context.Context, stepRunID, from, after int64, count int) (rows []chunkRow, total int64, err error) {
	err = s.read(ctx, "read the log", func(q querier) error {
		rows, err = all(ctx, q, func(row scanner) (r chunkRow, err error) {
			err = row.Scan(&r.first, &r.lines, &r.bytes, &r.checksum, &r.coding, &r.data)
			return r, err
		}, `SELECT first_line, lines, bytes, checksum, coding, data FROM log_chunks
			WHERE step_run_id = ?1 AND first_line >= max(?3 + 1, coalesce((SELECT max(first_line) FROM log_chunks WHERE step_run_id = ?1 AND first_line <= ?2), 0))
			ORDER BY first_line LIMIT ?4`, stepRunID, from, after, count)
		if err != nil {
			return err
		}
		return q.QueryRowContext(ctx, `SELECT coalesce((SELECT lines FROM step_runs WHERE id = ?), 0)`, stepRunID).Scan(&total)
	})
	return rows, total, err
}

// LogLines gives the lines of a step run's log from line from. Lines that can't be read are left out, with an error in
// their place; whoever goes on gets the rest.
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

// ReadLog gives up to count lines from line from, which counts from 1. Damaged lines are left out and told by an error
// beside the lines that can be read.
func (s *Store) ReadLog(ctx context.Context, stepRunID, from int64, count int) (lines []model.LogLine, err error) {
	last := from + int64(count) - 1
	if count <= 0 {
		return nil, nil
	}
	lines = make([]model.LogLine, 0, min(count, 4096))
	for line, broken := range s.LogLines(ctx, stepRunID, from) {
		if broken != nil {
			if model.ErrorCode(broken) != "log.damaged" {
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
