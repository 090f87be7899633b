-- Further kinds of account, and the sign-ins that they use.
ALTER TABLE accounts ADD COLUMN mfa_device TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN start_url TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN sign_in_region TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN aws_id TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN role_name TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN process TEXT NOT NULL DEFAULT '';

UPDATE steps SET options = json_set(options, '$.freshCredentials', iif(options ->> '$.freshCredentials', 'always', 'auto'));

-- key says which accounts a sign-in serves. Its tokens are in the vault, as the secret tokens of this id.
CREATE TABLE sign_ins (
  id       TEXT    PRIMARY KEY NOT NULL,
  key      TEXT    NOT NULL UNIQUE,
  kind     TEXT    NOT NULL,
  name     TEXT    NOT NULL,
  region   TEXT    NOT NULL,
  endpoint TEXT    NOT NULL, -- empty: AWS itself
  who      TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  ends     INTEGER NOT NULL -- 0: not known
) STRICT;
