package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

const stepColumns = `name, enabled, pinned, account, expect, region,
	assumes_role, role_arn, role_session_name, role_duration, role_external_id, role_policy,
	source, language, body, package, package_version, folder, file, parameters,
	timeout, error_output, stop_on_failure, edition, isolate_config, fresh_credentials, condition, required, leave_background`

func loadSteps(ctx context.Context, q querier, project model.ID) ([]model.Step, error) {
	return all(ctx, q, func(row scanner) (model.Step, error) {
		var s model.Step
		var assumes bool
		var role model.AssumeRole
		var timeout int64
		err := row.Scan(&s.ID, &s.Name, &s.Enabled, &s.Pinned, &s.AWS.Account, &s.AWS.Expect, &s.AWS.Region,
			&assumes, &role.ARN, &role.SessionName, &role.Duration, &role.ExternalID, &role.Policy,
			&s.Script.Source, &s.Script.Language, &s.Script.Body, &s.Script.Package, &s.Script.Version, &s.Script.Folder, &s.Script.File,
			&s.Script.Parameters,
			&timeout, &s.Options.Stderr, &s.Options.StopOnFirstFailure, &s.Options.Edition, &s.Options.IsolateAWSConfig,
			&s.Options.FreshCredentials, &s.Options.Condition, &s.Options.Required, &s.Options.LeaveBackground)
		if assumes {
			s.AWS.AssumeRole = &role
		}
		s.Options.Timeout = time.Duration(timeout) * time.Microsecond
		return s, err
	}, `SELECT id, `+stepColumns+` FROM steps WHERE project_id = ? ORDER BY position`, project)
}

// stepUpsert is built from one list of columns, so that no column can be missing in one of its places.
var stepUpsert = func() string {
	columns := strings.Fields(strings.ReplaceAll("project_id position name_key package_key "+stepColumns, ",", " "))
	sets := make([]string, len(columns))
	for i, column := range columns {
		sets[i] = column + " = excluded." + column
	}
	return `INSERT INTO steps (id, ` + strings.Join(columns, ", ") + `) VALUES (?` + strings.Repeat(", ?", len(columns)) + `)
		ON CONFLICT (id) DO UPDATE SET ` + strings.Join(sets, ", ")
}()

func saveStep(ctx context.Context, tx *sql.Tx, project model.ID, position int, s model.Step) error {
	var role model.AssumeRole
	if s.AWS.AssumeRole != nil {
		role = *s.AWS.AssumeRole
	}
	_, err := tx.ExecContext(ctx, stepUpsert, s.ID, project, position, model.NameKey(s.Name), model.PackageKey(s.Script.Package),
		s.Name, s.Enabled, s.Pinned, s.AWS.Account, s.AWS.Expect, s.AWS.Region,
		s.AWS.AssumeRole != nil, role.ARN, role.SessionName, role.Duration, role.ExternalID, role.Policy,
		s.Script.Source, s.Script.Language, s.Script.Body, s.Script.Package, s.Script.Version, s.Script.Folder, s.Script.File,
		s.Script.Parameters,
		s.Options.Timeout.Microseconds(), s.Options.Stderr, s.Options.StopOnFirstFailure, s.Options.Edition, s.Options.IsolateAWSConfig,
		s.Options.FreshCredentials, s.Options.Condition, s.Options.Required, s.Options.LeaveBackground)
	return err
}
