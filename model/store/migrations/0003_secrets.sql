-- Where in the vault a secret lies. A new value is sealed in a place of its own, and counts once the row that names the
-- place is kept together with the owner's: a killed program leaves the old value with the old row or the new one with the
-- new. A secret without a row here lies under its owner's id.
CREATE TABLE secrets (
  owner TEXT NOT NULL, -- an account or a variable
  field TEXT NOT NULL,
  place TEXT NOT NULL UNIQUE,
  PRIMARY KEY (owner, field)
) STRICT, WITHOUT ROWID;
