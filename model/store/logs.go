package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Interval between syncs of a log to the disk while it is written. A killed program loses nothing, a power cut at most
// this much.
const logSync = time.Second

// logWriter is the part of the store that appends to logs.
type logWriter struct {
	zip compressor

	mu     sync.Mutex
	tails  map[int64]*logTail
	buffer packBuffer
}

// logTail is the end of a log that this process is writing.
type logTail struct {
	lines int64          // in total
	first int64          // first line of the last chunk
	last  model.LogBatch // the last chunk's lines while it is small enough to be extended
}

func (w *logWriter) forget(stepRunID int64) {
	w.mu.Lock()
	delete(w.tails, stepRunID)
	w.mu.Unlock()
}

// AppendLog appends lines to the log of a step run that this process runs, in one transaction, and updates the line
// count in its row.
func (s *Store) AppendLog(ctx context.Context, stepRunID int64, batches []model.LogBatch) error {
	if err := checkBatches(batches); err != nil {
		return failed("write the log", err)
	}
	w := &s.logs
	w.mu.Lock()
	defer w.mu.Unlock()
	tail, known := w.tails[stepRunID]
	if !known {
		tail = &logTail{}
	}
	var next logTail
	err := s.writeLog(ctx, func(tx *sql.Tx) (err error) {
		next, err = s.appendLog(ctx, tx, stepRunID, *tail, known, batches)
		return err
	})
	if err != nil {
		delete(w.tails, stepRunID) // read again from the database next time
		return err
	}
	if w.tails == nil {
		w.tails = map[int64]*logTail{}
	}
	w.tails[stepRunID] = &next
	return nil
}

func checkBatches(batches []model.LogBatch) error {
	for _, b := range batches {
		var sum int64
		for _, l := range b.Lines {
			sum += int64(l.Len)
		}
		if sum != int64(len(b.Bytes)) {
			return fmt.Errorf("a batch has %d bytes and lines of %d", len(b.Bytes), sum)
		}
		if len(b.Bytes) > largestBatch || len(b.Lines) > mostLines {
			return fmt.Errorf("a batch has %d bytes and %d lines; the maximum is %d and %d", len(b.Bytes), len(b.Lines), largestBatch, mostLines)
		}
	}
	return nil
}

// writeLog is write without waiting for the disk each time.
func (s *Store) writeLog(ctx context.Context, change func(tx *sql.Tx) error) error {
	if time.Now().UnixNano()-s.synced.Load() < int64(logSync) {
		return s.writeLazily(ctx, change)
	}
	return s.write(ctx, "write the log", change)
}

// writeLazily holds the writer's only connection throughout, so that no other transaction gets its setting.
func (s *Store) writeLazily(ctx context.Context, change func(tx *sql.Tx) error) (err error) {
	const what = "write the log"
	conn, err := s.writer.Conn(ctx)
	if err != nil {
		return failed(what, err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }() // returns it to the pool
	if _, err := conn.ExecContext(ctx, `PRAGMA synchronous=NORMAL`); err != nil {
		return failed(what, err)
	}
	defer func() {
		_, reset := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA synchronous=FULL`)
		err = errors.Join(err, failed(what, reset))
	}()
	return runIn(ctx, conn, what, change)
}

func (s *Store) appendLog(ctx context.Context, tx *sql.Tx, stepRunID int64, tail logTail, known bool,
	batches []model.LogBatch) (logTail, error) {
	if !known {
		err := tx.QueryRowContext(ctx, `SELECT lines FROM step_runs WHERE id = ?`, stepRunID).Scan(&tail.lines)
		if err != nil {
			return tail, fmt.Errorf("step run %d: %w", stepRunID, err)
		}
	}
	var latest int64
	for len(batches) > 0 {
		// Batches that fit become one chunk, and a small last chunk is joined with what follows.
		joined := tail.last
		merges := len(joined.Lines) > 0
		if !merges {
			tail.first = tail.lines + 1
		}
		taken := 0
		for taken < len(batches) && (len(joined.Lines) == 0 || len(joined.Bytes)+len(batches[taken].Bytes) <= chunkBytes) {
			if taken == 0 && !merges {
				joined = batches[0]
			} else {
				joined = model.LogBatch{Bytes: slices.Concat(joined.Bytes, batches[taken].Bytes),
					Lines: slices.Concat(joined.Lines, batches[taken].Lines)}
			}
			tail.lines += int64(len(batches[taken].Lines))
			taken++
		}
		batches = batches[taken:]
		if taken == 0 { // the last chunk is small but the next batch is large
			tail.last = model.LogBatch{}
			continue
		}
		if len(joined.Lines) == 0 {
			continue
		}
		row, err := s.logs.zip.pack(stepRunID, tail.first, joined, &s.logs.buffer)
		if err != nil {
			return tail, err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO log_chunks (step_run_id, first_line, lines, bytes, checksum, coding, data) VALUES (?,
			?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET lines = excluded.lines, bytes = excluded.bytes, checksum = excluded.checksum,
			coding = excluded.coding, data = excluded.data`,
			stepRunID, row.first, row.lines, row.bytes, row.checksum, row.coding, row.data)
		if err != nil {
			return tail, err
		}
		for _, l := range joined.Lines {
			latest = max(latest, l.Time)
		}
		tail.last = model.LogBatch{}
		if len(joined.Bytes) < mergeBelow {
			tail.last = joined
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE step_runs SET lines = ?, last_output = max(last_output, ?) WHERE id = ?`, tail.lines,
		latest, stepRunID)
	return tail, err
}

// LogLen returns how many lines the log of a step run has so far.
func (s *Store) LogLen(ctx context.Context, stepRunID int64) (lines int64, err error) {
	err = s.read(ctx, "read the log", func(q querier) error {
		err := q.QueryRowContext(ctx, `SELECT lines FROM step_runs WHERE id = ?`, stepRunID).Scan(&lines)
		if errors.Is(err, sql.ErrNoRows) {
			return model.NewError("steprun.unknown", "There is no step run %d: its run was deleted.", stepRunID)
		}
		return err
	})
	return lines, err
}
