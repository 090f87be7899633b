-- Values of a script's parameters by their names, as a step has them and as a step of a run was given them.
ALTER TABLE steps ADD COLUMN arguments TEXT NOT NULL DEFAULT '[]';
ALTER TABLE step_runs ADD COLUMN arguments TEXT NOT NULL DEFAULT '[]';
