-- The alias that AWS says for an account, and whether it was asked.
ALTER TABLE aws_accounts ADD COLUMN alias TEXT NOT NULL DEFAULT '';
ALTER TABLE aws_accounts ADD COLUMN alias_asked INTEGER NOT NULL DEFAULT 0 CHECK (alias_asked IN (0, 1));
