-- Ids of configured things are 32 hexadecimal digits. Times are microseconds since 1970 UTC, 0 for none.
-- name_key is the name in NFC and full case folding: what a person takes for the same name has the same key.

CREATE TABLE migrations (
  version INTEGER PRIMARY KEY,
  name    TEXT    NOT NULL,
  program TEXT    NOT NULL, -- version of the Stepdeck that ran it
  applied INTEGER NOT NULL
) STRICT;

CREATE TABLE environments (
  id       TEXT    PRIMARY KEY NOT NULL,
  name     TEXT    NOT NULL,
  name_key TEXT    NOT NULL UNIQUE,
  position INTEGER NOT NULL -- the one global order
) STRICT;

CREATE TABLE accounts (
  id               TEXT    PRIMARY KEY NOT NULL,
  name             TEXT    NOT NULL,
  name_key         TEXT    NOT NULL UNIQUE,
  kind             TEXT    NOT NULL,
  description      TEXT    NOT NULL DEFAULT '',
  access_key_id    TEXT    NOT NULL DEFAULT '',
  region           TEXT    NOT NULL DEFAULT '',
  endpoint         TEXT    NOT NULL DEFAULT '',
  profile          TEXT    NOT NULL DEFAULT '',
  secret_set       INTEGER NOT NULL DEFAULT 0 CHECK (secret_set IN (0, 1)), -- the vault has it
  token_set        INTEGER NOT NULL DEFAULT 0 CHECK (token_set IN (0, 1)),
  verified_at      INTEGER NOT NULL DEFAULT 0,
  verified_aws_id  TEXT    NOT NULL DEFAULT '',
  verified_arn     TEXT    NOT NULL DEFAULT '',
  verified_user_id TEXT    NOT NULL DEFAULT ''
) STRICT;

INSERT INTO accounts (id, name, name_key, kind)
VALUES ('00000000000000000000000000000001', 'instance-role', 'instance-role', 'instance-role');

CREATE TRIGGER instance_role_stays BEFORE DELETE ON accounts WHEN old.kind = 'instance-role'
BEGIN
  SELECT RAISE(ABORT, 'the account instance-role always exists');
END;

CREATE TABLE aws_accounts (
  id        TEXT    PRIMARY KEY NOT NULL CHECK (length(id) = 12),
  label     TEXT    NOT NULL DEFAULT '',
  label_key TEXT    UNIQUE, -- NULL without label
  colour    TEXT    NOT NULL DEFAULT '',
  protected INTEGER NOT NULL DEFAULT 0 CHECK (protected IN (0, 1)),
  seen      INTEGER NOT NULL -- first
) STRICT;

CREATE TABLE projects (
  id          TEXT PRIMARY KEY NOT NULL,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE project_environments (
  project_id     TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  environment_id TEXT NOT NULL REFERENCES environments,
  PRIMARY KEY (project_id, environment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX project_environments_environment ON project_environments (environment_id);

CREATE TABLE steps (
  id                TEXT    PRIMARY KEY NOT NULL,
  project_id        TEXT    NOT NULL REFERENCES projects ON DELETE CASCADE,
  position          INTEGER NOT NULL,
  name              TEXT    NOT NULL,
  name_key          TEXT    NOT NULL,
  enabled           INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  pinned            INTEGER NOT NULL CHECK (pinned IN (0, 1)),
  -- aws; account is the text as written: an account variable, an expression, none, or empty
  account           TEXT    NOT NULL,
  expect            TEXT    NOT NULL,
  region            TEXT    NOT NULL,
  assumes_role      INTEGER NOT NULL CHECK (assumes_role IN (0, 1)),
  role_arn          TEXT    NOT NULL,
  role_session_name TEXT    NOT NULL,
  role_duration     INTEGER NOT NULL, -- seconds
  role_external_id  TEXT    NOT NULL,
  role_policy       TEXT    NOT NULL,
  -- script
  source            TEXT    NOT NULL,
  language          TEXT    NOT NULL,
  body              TEXT    NOT NULL,
  package           TEXT    NOT NULL,
  package_key       TEXT    NOT NULL, -- as packages.id_key: a package may be imported later than the step is written
  package_version   TEXT    NOT NULL, -- or a rule such as latest
  folder            TEXT    NOT NULL,
  file              TEXT    NOT NULL,
  parameters        TEXT    NOT NULL,
  -- options
  timeout           INTEGER NOT NULL, -- microseconds
  error_output      TEXT    NOT NULL,
  stop_on_failure   INTEGER NOT NULL CHECK (stop_on_failure IN (0, 1)),
  edition           TEXT    NOT NULL,
  isolate_config    INTEGER NOT NULL CHECK (isolate_config IN (0, 1)),
  fresh_credentials INTEGER NOT NULL CHECK (fresh_credentials IN (0, 1)),
  condition         TEXT    NOT NULL,
  required          INTEGER NOT NULL CHECK (required IN (0, 1)),
  leave_background  INTEGER NOT NULL CHECK (leave_background IN (0, 1)),
  UNIQUE (project_id, name_key)
) STRICT;
CREATE INDEX steps_package ON steps (package_key);

-- The values of projects, and with step_id those of one step alone.
CREATE TABLE variables (
  id         TEXT    PRIMARY KEY NOT NULL,
  project_id TEXT    NOT NULL REFERENCES projects ON DELETE CASCADE,
  step_id    TEXT    REFERENCES steps ON DELETE CASCADE,
  position   INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  name_key   TEXT    NOT NULL,
  type       TEXT    NOT NULL,
  value      TEXT    NOT NULL, -- of an account variable: the name as written, which counts while account_id is NULL
  account_id TEXT    REFERENCES accounts,
  expect     TEXT    NOT NULL,
  value_set  INTEGER NOT NULL CHECK (value_set IN (0, 1)), -- sensitive: the vault has it
  prompt     TEXT, -- JSON; NULL: not asked for
  CHECK (type <> 'sensitive' OR value = '')
) STRICT;
CREATE INDEX variables_project ON variables (project_id);
CREATE INDEX variables_step ON variables (step_id);
CREATE INDEX variables_account ON variables (account_id);

CREATE TABLE variable_scopes (
  variable_id    TEXT NOT NULL REFERENCES variables ON DELETE CASCADE,
  environment_id TEXT NOT NULL REFERENCES environments,
  PRIMARY KEY (variable_id, environment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX variable_scopes_environment ON variable_scopes (environment_id);

CREATE TABLE packages (
  id          TEXT    PRIMARY KEY NOT NULL,
  name        TEXT    NOT NULL,
  id_key      TEXT    NOT NULL,
  version     TEXT    NOT NULL, -- as written; empty: none
  version_key TEXT    NOT NULL, -- equal for texts that mean the same version
  format      TEXT    NOT NULL,
  file_name   TEXT    NOT NULL,
  size        INTEGER NOT NULL, -- bytes
  sha256      TEXT    NOT NULL,
  files       INTEGER NOT NULL,
  imported    INTEGER NOT NULL,
  UNIQUE (id_key, version_key)
) STRICT;
CREATE INDEX packages_sha256 ON packages (sha256);

-- Texts that runs ran with, each kept once.
CREATE TABLE contents (
  hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32), -- SHA-256
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- History outlives what it tells of: names stand beside the ids. The numbers of runs are never used again.
CREATE TABLE runs (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id     TEXT    REFERENCES projects ON DELETE SET NULL,
  project        TEXT    NOT NULL,
  project_key    TEXT    NOT NULL,
  environment_id TEXT    REFERENCES environments ON DELETE SET NULL,
  environment    TEXT    NOT NULL,
  who            TEXT    NOT NULL,
  status         TEXT    NOT NULL,
  exit_code      INTEGER NOT NULL,
  started        INTEGER NOT NULL,
  finished       INTEGER NOT NULL,
  message        TEXT    NOT NULL,
  kept           INTEGER NOT NULL CHECK (kept IN (0, 1))
) STRICT;
CREATE INDEX runs_project ON runs (project_id);
CREATE INDEX runs_project_key ON runs (project_key);
CREATE INDEX runs_environment ON runs (environment_id);
CREATE INDEX runs_alive ON runs (status) WHERE status IN ('queued', 'running');

CREATE TABLE step_runs (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id           INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  number           INTEGER NOT NULL, -- of the step in the process, from 1
  attempt          INTEGER NOT NULL,
  step_id          TEXT    REFERENCES steps ON DELETE SET NULL,
  step             TEXT    NOT NULL,
  status           TEXT    NOT NULL,
  -- identity
  aws_id           TEXT    NOT NULL DEFAULT '',
  arn              TEXT    NOT NULL DEFAULT '',
  user_id          TEXT    NOT NULL DEFAULT '',
  account          TEXT    NOT NULL DEFAULT '',
  account_id       TEXT    REFERENCES accounts ON DELETE SET NULL,
  account_kind     TEXT    NOT NULL DEFAULT '',
  access_key_id    TEXT    NOT NULL DEFAULT '',
  role             TEXT    NOT NULL DEFAULT '',
  endpoint         TEXT    NOT NULL DEFAULT '',
  sandbox          INTEGER NOT NULL DEFAULT 0 CHECK (sandbox IN (0, 1)),
  expires          INTEGER NOT NULL DEFAULT 0,
  region           TEXT    NOT NULL DEFAULT '',
  -- what became of it
  exit_code        INTEGER,
  signal           TEXT    NOT NULL DEFAULT '',
  message          TEXT    NOT NULL DEFAULT '',
  result_message   TEXT    NOT NULL DEFAULT '',
  started          INTEGER NOT NULL DEFAULT 0,
  finished         INTEGER NOT NULL DEFAULT 0,
  last_output      INTEGER NOT NULL DEFAULT 0,
  progress_percent INTEGER NOT NULL DEFAULT -1,
  progress_message TEXT    NOT NULL DEFAULT '',
  lines            INTEGER NOT NULL DEFAULT 0, -- counted by the log
  warnings         INTEGER NOT NULL DEFAULT 0,
  masked           INTEGER NOT NULL DEFAULT 0,
  -- what it ran
  source           TEXT    NOT NULL DEFAULT '',
  language         TEXT    NOT NULL DEFAULT '',
  script_hash      BLOB    REFERENCES contents,
  script_sha256    TEXT    NOT NULL DEFAULT '',
  parameters       TEXT    NOT NULL DEFAULT '',
  package          TEXT    NOT NULL DEFAULT '',
  package_version  TEXT    NOT NULL DEFAULT '',
  package_sha256   TEXT    NOT NULL DEFAULT '',
  file             TEXT    NOT NULL DEFAULT '',
  account_field    TEXT    NOT NULL DEFAULT '',
  role_arn         TEXT    NOT NULL DEFAULT '',
  tools            TEXT    NOT NULL DEFAULT '[]', -- JSON: name, path, version
  UNIQUE (run_id, number, attempt)
) STRICT;
CREATE INDEX step_runs_step ON step_runs (step_id);
CREATE INDEX step_runs_account ON step_runs (account_id);
CREATE INDEX step_runs_script ON step_runs (script_hash);

CREATE TABLE step_inputs (
  step_run_id INTEGER NOT NULL REFERENCES step_runs ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  name        TEXT    NOT NULL,
  value_hash  BLOB    REFERENCES contents, -- NULL: sensitive, not kept
  PRIMARY KEY (step_run_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX step_inputs_value ON step_inputs (value_hash);

CREATE TABLE step_outputs (
  step_run_id INTEGER NOT NULL REFERENCES step_runs ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  name        TEXT    NOT NULL,
  value       TEXT    NOT NULL,
  sensitive   INTEGER NOT NULL CHECK (sensitive IN (0, 1)),
  PRIMARY KEY (step_run_id, position),
  CHECK (sensitive = 0 OR value = '')
) STRICT, WITHOUT ROWID;

-- data is the lines' bytes and behind them an index of the lines, compressed as coding says (0: not, 1: zstd).
-- checksum is CRC-32C of the other columns.
CREATE TABLE log_chunks (
  step_run_id INTEGER NOT NULL REFERENCES step_runs ON DELETE CASCADE,
  first_line  INTEGER NOT NULL, -- from 1
  lines       INTEGER NOT NULL,
  bytes       INTEGER NOT NULL, -- of the lines
  checksum    INTEGER NOT NULL,
  coding      INTEGER NOT NULL,
  data        BLOB    NOT NULL,
  PRIMARY KEY (step_run_id, first_line)
) STRICT, WITHOUT ROWID;

-- What others ask of a running engine.
CREATE TABLE run_commands (
  id      INTEGER PRIMARY KEY,
  run_id  INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
  command TEXT    NOT NULL,
  asked   INTEGER NOT NULL
) STRICT;
CREATE INDEX run_commands_run ON run_commands (run_id);

CREATE TABLE settings (
  key   TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a program answered when it was asked for its version, while its file stays as it was.
CREATE TABLE tool_versions (
  path     TEXT    PRIMARY KEY NOT NULL,
  size     INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  version  TEXT    NOT NULL,
  checked  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
