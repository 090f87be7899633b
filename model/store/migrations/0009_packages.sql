-- The further packages of a step's script, and those that a step of a run used.
ALTER TABLE steps ADD COLUMN packages TEXT NOT NULL DEFAULT '[]';
ALTER TABLE step_runs ADD COLUMN packages TEXT NOT NULL DEFAULT '[]';
