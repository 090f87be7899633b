-- Environment variables of projects and steps are rows of variables, so that their secrets are kept under the same rules.
ALTER TABLE variables ADD COLUMN of_environment INTEGER NOT NULL DEFAULT 0 CHECK (of_environment IN (0, 1));
