-- Files that scripts asked to keep; their contents are in the data folder. missing says why one was not kept.
CREATE TABLE step_artifacts (
  step_run_id  INTEGER NOT NULL REFERENCES step_runs ON DELETE CASCADE,
  number       INTEGER NOT NULL, -- from 1
  name         TEXT    NOT NULL,
  size         INTEGER NOT NULL,
  sha256       TEXT    NOT NULL,
  at           INTEGER NOT NULL,
  holds_secret INTEGER NOT NULL CHECK (holds_secret IN (0, 1)),
  missing      TEXT    NOT NULL,
  PRIMARY KEY (step_run_id, number)
) STRICT, WITHOUT ROWID;

-- The first lines that a script printed as highlights.
ALTER TABLE step_runs ADD COLUMN highlights TEXT NOT NULL DEFAULT '[]';
