-- Why a step was skipped (empty: it wasn't), and how many attempts it may take at most.
ALTER TABLE step_runs ADD COLUMN skip_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE step_runs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 1;
