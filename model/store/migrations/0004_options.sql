-- The options of a step and the role that it assumes are never searched: each is one JSON object, so that a new field needs
-- no column. assume_role is NULL if the step assumes none.
ALTER TABLE steps ADD COLUMN options TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(options));
ALTER TABLE steps ADD COLUMN assume_role TEXT CHECK (json_valid(assume_role));

UPDATE steps SET
  options = json_object(
    'timeoutUs', timeout,
    'stderr', error_output,
    'stopOnFirstFailure', json(iif(stop_on_failure, 'true', 'false')),
    'edition', edition,
    'isolateAwsConfig', json(iif(isolate_config, 'true', 'false')),
    'freshCredentials', json(iif(fresh_credentials, 'true', 'false')),
    'condition', condition,
    'required', json(iif(required, 'true', 'false')),
    'leaveBackground', json(iif(leave_background, 'true', 'false'))),
  assume_role = iif(assumes_role, json_object(
    'arn', role_arn,
    'sessionName', role_session_name,
    'duration', role_duration,
    'externalId', role_external_id,
    'policy', role_policy), NULL);

ALTER TABLE steps DROP COLUMN timeout;
ALTER TABLE steps DROP COLUMN error_output;
ALTER TABLE steps DROP COLUMN stop_on_failure;
ALTER TABLE steps DROP COLUMN edition;
ALTER TABLE steps DROP COLUMN isolate_config;
ALTER TABLE steps DROP COLUMN fresh_credentials;
ALTER TABLE steps DROP COLUMN condition;
ALTER TABLE steps DROP COLUMN required;
ALTER TABLE steps DROP COLUMN leave_background;
ALTER TABLE steps DROP COLUMN assumes_role;
ALTER TABLE steps DROP COLUMN role_arn;
ALTER TABLE steps DROP COLUMN role_session_name;
ALTER TABLE steps DROP COLUMN role_duration;
ALTER TABLE steps DROP COLUMN role_external_id;
ALTER TABLE steps DROP COLUMN role_policy;
