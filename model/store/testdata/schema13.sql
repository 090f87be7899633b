PRAGMA auto_vacuum=INCREMENTAL;
PRAGMA journal_mode=WAL;
PRAGMA application_id=1400137072;
PRAGMA user_version=13;
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
, mfa_device TEXT NOT NULL DEFAULT '', start_url TEXT NOT NULL DEFAULT '', sign_in_region TEXT NOT NULL DEFAULT '', aws_id TEXT NOT NULL DEFAULT '', role_name TEXT NOT NULL DEFAULT '', process TEXT NOT NULL DEFAULT '') STRICT;
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
, alias TEXT NOT NULL DEFAULT '', alias_asked INTEGER NOT NULL DEFAULT 0 CHECK (alias_asked IN (0, 1))) STRICT;
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
  options TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(options)), assume_role TEXT CHECK (json_valid(assume_role)), packages TEXT NOT NULL DEFAULT '[]', arguments TEXT NOT NULL DEFAULT '[]',
  UNIQUE (project_id, name_key)
) STRICT;
CREATE INDEX steps_package ON steps (package_key);
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
  prompt     TEXT, of_environment INTEGER NOT NULL DEFAULT 0 CHECK (of_environment IN (0, 1)), -- JSON; NULL: not asked for
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
CREATE TABLE contents (
  hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32), -- SHA-256
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
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
, rehearsal TEXT) STRICT;
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
  tools            TEXT    NOT NULL DEFAULT '[]', folder TEXT NOT NULL DEFAULT '', folder_sha256 TEXT NOT NULL DEFAULT '', refused_calls TEXT NOT NULL DEFAULT '[]', packages TEXT NOT NULL DEFAULT '[]', skip_reason TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 1, highlights TEXT NOT NULL DEFAULT '[]', arguments TEXT NOT NULL DEFAULT '[]', -- JSON: name, path, version
  UNIQUE (run_id, number, attempt)
) STRICT;
CREATE INDEX step_runs_step ON step_runs (step_id);
CREATE INDEX step_runs_account ON step_runs (account_id);
CREATE INDEX step_runs_script ON step_runs (script_hash);
CREATE TABLE step_inputs (
  step_run_id INTEGER NOT NULL REFERENCES step_runs ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  name        TEXT    NOT NULL,
  value_hash  BLOB    REFERENCES contents, own INTEGER CHECK (own IN (0, 1)), -- NULL: sensitive, not kept
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
CREATE TABLE tool_versions (
  path     TEXT    PRIMARY KEY NOT NULL,
  size     INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  version  TEXT    NOT NULL,
  checked  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE listings (
  sha256 TEXT PRIMARY KEY NOT NULL,
  body   BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE secrets (
  owner TEXT NOT NULL, -- an account or a variable
  field TEXT NOT NULL,
  place TEXT NOT NULL UNIQUE,
  PRIMARY KEY (owner, field)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE step_artifacts (
  step_run_id  INTEGER NOT NULL REFERENCES step_runs ON DELETE CASCADE,
  number       INTEGER NOT NULL, -- from 1
  name         TEXT    NOT NULL,
  size         INTEGER NOT NULL,
  sha256       TEXT    NOT NULL,
  at           INTEGER NOT NULL,
  holds_secret INTEGER NOT NULL CHECK (holds_secret IN (0, 1)),
  missing      TEXT    NOT NULL,
  PRIMARY KEY (step_run_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO migrations VALUES (1, 'start', 'test', 1795881513040655);
INSERT INTO migrations VALUES (2, 'folders', 'test', 1795881513062199);
INSERT INTO migrations VALUES (3, 'secrets', 'test', 1795881513070112);
INSERT INTO migrations VALUES (4, 'options', 'test', 1795881513141502);
INSERT INTO migrations VALUES (5, 'signin', 'test', 1795881513156294);
INSERT INTO migrations VALUES (6, 'rehearsal', 'test', 1795881513164627);
INSERT INTO migrations VALUES (7, 'alias', 'test', 1795881513173499);
INSERT INTO migrations VALUES (8, 'envvars', 'test', 1795881513256412);
INSERT INTO migrations VALUES (9, 'packages', 'test', 1795881513257925);
INSERT INTO migrations VALUES (10, 'process', 'test', 1795881513260288);
INSERT INTO migrations VALUES (11, 'artifacts', 'test', 1795881513264490);
INSERT INTO migrations VALUES (12, 'arguments', 'test', 1795881513266606);
INSERT INTO migrations VALUES (13, 'ownvalues', 'test', 1795881513267807);
INSERT INTO environments VALUES ('7c2f76cf52a66d039ab7065961e471d3', 'Staging', 'staging', 1);
INSERT INTO environments VALUES ('aac53beba3eab9cc183212aa4357c415', 'Production', 'production', 2);
INSERT INTO accounts VALUES ('00000000000000000000000000000001', 'instance-role', 'instance-role', 'instance-role', '', '', '', '', '', 0, 0, 0, '', '', '', '', '', '', '', '', '');
INSERT INTO accounts VALUES ('435a321c941039061b1877a422f6cb75', 'Key', 'key', 'access-key', '', '', '', '', '', 0, 0, 0, '', '', '', '', '', '', '', '', '');
INSERT INTO aws_accounts VALUES ('123456789012', 'Prod', 'prod', 'red', 1, 1795881513280171, 'acme-prod', 1);
INSERT INTO projects VALUES ('0a21e4e2858dddb6d29f5db25710574f', 'Website', 'website', 'Rolls the web tier');
INSERT INTO project_environments VALUES ('0a21e4e2858dddb6d29f5db25710574f', '7c2f76cf52a66d039ab7065961e471d3');
INSERT INTO project_environments VALUES ('0a21e4e2858dddb6d29f5db25710574f', 'aac53beba3eab9cc183212aa4357c415');
INSERT INTO steps VALUES ('ce730383c9deede6ff46ef4796a384c2', '0a21e4e2858dddb6d29f5db25710574f', 0, 'Roll the web tier', 'roll the web tier', 1, 1, 'aws.account', '123456789012', '#{AWS.Region}', 'inline', 'bash', 'aws sts get-caller-identity'||char(10)||'', '', '', '', '', '', '-Name "wéb"', '{"timeoutUs":600000000,"retryPauseUs":15000000,"stderr":"fail","stopOnFirstFailure":true,"edition":"core","isolateAwsConfig":true,"freshCredentials":"always","leaveBackground":true,"start":"with-previous","condition":"always","conditionExpression":"#{Deploy}","required":true,"retries":3}', '{"arn":"arn:aws:iam::123456789012:role/deployer","sessionName":"s","duration":3600,"externalId":"x1","policy":"{}","policyArns":["arn:aws:iam::aws:policy/ReadOnlyAccess"],"tags":[{"key":"Team","value":"web","transitive":true},{"key":"Cost","value":""}],"sourceIdentity":"me","then":[{"arn":"arn:aws:iam::210987654321:role/reader","sessionName":"","duration":0,"externalId":"","tags":[{"key":"Step","value":""}]}]}', '[{"name":"Tools","id":"Acme.Tools","version":"1.0","extract":true},{"name":"Raw","id":"R","version":"","extract":false}]', '[{"name":"Days","value":"#{Days}","as":"text"}]');
INSERT INTO steps VALUES ('b96dab182f27e923771e65c218c05307', '0a21e4e2858dddb6d29f5db25710574f', 1, 'Rotate', 'rotate', 0, 0, 'none', '', '', 'package', 'bash', '', 'Acme.Scripts', 'acme.scripts', '1.2', 'f', 'tools/rotate.ps1', '', '{"timeoutUs":0,"retryPauseUs":0,"stderr":"warning","stopOnFirstFailure":false,"edition":"auto","isolateAwsConfig":true,"freshCredentials":"auto","leaveBackground":false,"start":"after-previous","condition":"success","conditionExpression":"","required":false,"retries":0}', NULL, '[]', '[]');
INSERT INTO variables VALUES ('a6b4ef7336630fe0429a173c4b0774b8', '0a21e4e2858dddb6d29f5db25710574f', NULL, 0, 'aws.account', 'aws.account', 'aws-account', 'Key', '435a321c941039061b1877a422f6cb75', '', 0, NULL, 0);
INSERT INTO variables VALUES ('25ed4b653492c1c4fcd848718d63e9a9', '0a21e4e2858dddb6d29f5db25710574f', NULL, 1, 'aws.account', 'aws.account', 'aws-account', 'instance-role', '00000000000000000000000000000001', '123456789012', 0, NULL, 0);
INSERT INTO variables VALUES ('fcaf937d0b361bd6371fe9c89d4f0e39', '0a21e4e2858dddb6d29f5db25710574f', NULL, 2, 'Count', 'count', 'text', '3', NULL, '', 0, '{"label":"How many","help":"h","control":"select","options":["3","4"],"labels":["three",""],"choices":{"of":"command","command":["s3api","list-buckets"],"query":"Buckets[].Name"},"min":"1","max":"9","required":true}', 0);
INSERT INTO variables VALUES ('72987741d38fb4ecc2cf3da5134e6727', '0a21e4e2858dddb6d29f5db25710574f', NULL, 3, 'Password', 'password', 'sensitive', '', NULL, '', 1, NULL, 0);
INSERT INTO variables VALUES ('93eac214663b1dcd61c36975c0acc554', '0a21e4e2858dddb6d29f5db25710574f', NULL, 0, 'HTTPS_PROXY', 'https_proxy', 'text', 'http://proxy:3128', NULL, '', 0, NULL, 1);
INSERT INTO variables VALUES ('4427161ef763bce1a1252398e537e8c3', '0a21e4e2858dddb6d29f5db25710574f', 'ce730383c9deede6ff46ef4796a384c2', 0, 'Tier', 'tier', 'text', 'web', NULL, '', 0, NULL, 0);
INSERT INTO variables VALUES ('91bc997f2923e72fe5d24513e86f48c7', '0a21e4e2858dddb6d29f5db25710574f', 'ce730383c9deede6ff46ef4796a384c2', 0, 'TIER', 'tier', 'text', '#{Tier}', NULL, '', 0, NULL, 1);
INSERT INTO variables VALUES ('a5363af61e88e51c6ec28f27dff06ad0', '0a21e4e2858dddb6d29f5db25710574f', 'ce730383c9deede6ff46ef4796a384c2', 1, 'Tier_Token', 'tier_token', 'sensitive', '', NULL, '', 1, NULL, 1);
INSERT INTO variable_scopes VALUES ('a6b4ef7336630fe0429a173c4b0774b8', '7c2f76cf52a66d039ab7065961e471d3');
INSERT INTO variable_scopes VALUES ('25ed4b653492c1c4fcd848718d63e9a9', 'aac53beba3eab9cc183212aa4357c415');
INSERT INTO packages VALUES ('825eaf04d630d35f81240bfa734b5763', 'Acme.Scripts', 'acme.scripts', '1.2.0', '1.2.0', 'nupkg', 'a.nupkg', 7, 'aa', 3, 1795435200123456);
INSERT INTO contents VALUES (X'79B20D617DCAFB3F684A0B9089DDDBC56145F1F5D65B53C8A6C69E987203A452', 'echo #{Name}'||char(10)||'');
INSERT INTO contents VALUES (X'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855', '');
INSERT INTO contents VALUES (X'F00C08F6E5371BF1E696562A91C33C24D35BBF1E3138CCCA9D00BA432CE10C41', 'wörld'||char(10)||'');
INSERT INTO runs VALUES (1, '0a21e4e2858dddb6d29f5db25710574f', 'Website', 'website', NULL, 'Staging', 'ana@desk', 'running', 0, 1795435200123456, 0, 'm', 1, '{"policy":"{}","policyArns":["arn:policy"]}');
INSERT INTO sqlite_sequence VALUES ('runs', 1);
INSERT INTO sqlite_sequence VALUES ('step_runs', 2);
INSERT INTO step_runs VALUES (1, 1, 1, 1, 'ce730383c9deede6ff46ef4796a384c2', 'Roll the web tier', 'failed', '123456789012', 'arn', 'AROA', 'Key', '435a321c941039061b1877a422f6cb75', 'access-key', 'AKIA', 'role', 'http://127.0.0.1:1', 1, 1795438800123456, 'eu-west-1', 3, 'SIGKILL', 'failed', 'r', 1795435200123456, 1795435260123456, 1795435200123655, 62, 'copying', 202, 2, 5, 'inline', 'bash', X'79B20D617DCAFB3F684A0B9089DDDBC56145F1F5D65B53C8A6C69E987203A452', 'abc', '-x', 'P', '1', 'def', 'f.sh', 'aws.account', 'arn:role arn:then', '[{"name":"aws","path":"/usr/bin/aws","version":"2.9.19"},{"name":"bash","path":"/bin/bash"}]', '/srv/scripts', 'fed', '[{"operation":"PutObject","action":"s3:PutObject","resource":"arn:b","because":"because","line":3,"times":2}]', '[{"name":"Tools","id":"Acme.Tools","version":"1.0","sha256":"ef"}]', '', 3, '[{"line":3,"text":"three buckets"}]', '[{"name":"Days","value":"7","as":"text"}]');
INSERT INTO step_runs VALUES (2, 1, 2, 1, NULL, 'Deleted', 'queued', '', '', '', '', NULL, '', '', '', '', 0, 0, '', NULL, '', '', '', 0, 0, 0, -1, '', 0, 0, 0, '', '', NULL, '', '', '', '', '', '', '', '', '[]', '', '', '[]', '[]', '', 1, '[]', '[]');
INSERT INTO step_inputs VALUES (1, 0, 'Name', X'F00C08F6E5371BF1E696562A91C33C24D35BBF1E3138CCCA9D00BA432CE10C41', 0);
INSERT INTO step_inputs VALUES (1, 1, 'Password', NULL, 0);
INSERT INTO step_inputs VALUES (1, 2, 'Nothing', X'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855', 1);
INSERT INTO step_outputs VALUES (1, 0, 'Url', 'https://é', 0);
INSERT INTO step_outputs VALUES (1, 1, 'Key', '', 1);
INSERT INTO step_outputs VALUES (1, 2, 'Empty', '', 0);
INSERT INTO log_chunks VALUES (1, 1, 202, 6618, 966919458, 1, X'28B52FFD603F1B5D0200C403676F6C64656E20310A320A61206C696E65207468617420697320776F72746820636F6D7072657373696E6780C990D58ABCB0060909020909010921020300A3E8AAA5D224AA3FBAE508');
INSERT INTO run_commands VALUES (1, 1, 'stop', 1795881513279243);
INSERT INTO settings VALUES ('theme', 'dark');
INSERT INTO tool_versions VALUES ('/usr/bin/aws', 1, 1795435200123456, '2.9.19', 1795881513282518);
INSERT INTO listings VALUES ('aa', X'7768617420697320696E206974');
INSERT INTO secrets VALUES ('72987741d38fb4ecc2cf3da5134e6727', 'value', 'f6d1454fd8db96ae275823917fa35bd2');
INSERT INTO step_artifacts VALUES (1, 1, 'rapört.txt', 12, 'ab', 1795435200123456, 1, 'why');
