-- What a step ran from a plain folder.
ALTER TABLE step_runs ADD COLUMN folder TEXT NOT NULL DEFAULT '';
ALTER TABLE step_runs ADD COLUMN folder_sha256 TEXT NOT NULL DEFAULT '';

-- What is in a package whose listing takes reading all of it. Gone with the last package of that hash.
CREATE TABLE listings (
  sha256 TEXT PRIMARY KEY NOT NULL,
  body   BLOB NOT NULL
) STRICT, WITHOUT ROWID;
