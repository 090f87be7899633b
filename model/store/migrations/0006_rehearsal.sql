-- Runs that only tried their steps out, with what AWS refused. NULL: not a rehearsal.
ALTER TABLE runs ADD COLUMN rehearsal TEXT;
ALTER TABLE step_runs ADD COLUMN refused_calls TEXT NOT NULL DEFAULT '[]';
