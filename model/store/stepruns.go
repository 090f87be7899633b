package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

const stepRunColumns = `id, run_id, number, attempt, attempts, coalesce(step_id, ''), step, status, skip_reason,
	aws_id, arn, user_id, account, coalesce(account_id, ''), account_kind, access_key_id, role, endpoint, sandbox, expires, region,
	exit_code, signal, message, result_message, started, finished, last_output, progress_percent, progress_message, lines, warnings, masked`

func scanStepRun(row scanner) (r model.StepRun, err error) {
	var expires, started, finished, lastOutput int64
	var exit sql.NullInt64
	i := &r.Identity
	err = row.Scan(&r.ID, &r.RunID, &r.Number, &r.Attempt, &r.Attempts, &r.StepID, &r.Step, &r.Status, &r.Skip,
		&i.AWSID, &i.ARN, &i.UserID, &i.Account, &i.AccountID, &i.Kind, &i.AccessKeyID, &i.Role, &i.Endpoint, &i.Sandbox, &expires, &r.Region,
		&exit, &r.Signal, &r.Message, &r.ResultMessage, &started, &finished, &lastOutput, &r.Progress.Percent, &r.Progress.Message, &r.Lines,
		&r.Warnings, &r.Masked)
	i.Expires, r.Started, r.Finished, r.LastOutput = unstamp(expires), unstamp(started), unstamp(finished), unstamp(lastOutput)
	if exit.Valid {
		code := int(exit.Int64)
		r.ExitCode = &code
	}
	return r, err
}

func createStepRun(ctx context.Context, tx *sql.Tx, r *model.StepRun) error {
	result, err := tx.ExecContext(ctx,
		`INSERT INTO step_runs (run_id, number, attempt, attempts, step_id, step, status)
			VALUES (?, ?, ?, ?, (SELECT id FROM steps WHERE id = ?), ?, ?)`,
		r.RunID, r.Number, r.Attempt, max(r.Attempts, r.Attempt), r.StepID, r.Step, r.Status)
	if err != nil {
		return err
	}
	if r.ID, err = result.LastInsertId(); err != nil {
		return err
	}
	if err := updateStepRun(ctx, tx, *r); err != nil {
		return err
	}
	return saveInputs(ctx, tx, r.ID, r.Inputs)
}

// UpdateStepRun updates a step run except for its inputs (see SaveInputs), artifacts (see SaveArtifact) and line count (see AppendLog).
func (s *Store) UpdateStepRun(ctx context.Context, r model.StepRun) error {
	return s.write(ctx, "record the step", func(tx *sql.Tx) error { return updateStepRun(ctx, tx, r) })
}

func updateStepRun(ctx context.Context, tx *sql.Tx, r model.StepRun) error {
	i := r.Identity
	_, err := tx.ExecContext(ctx, `UPDATE step_runs SET status = ?, skip_reason = ?, aws_id = ?, arn = ?, user_id = ?, account = ?,
		account_id = (SELECT id FROM accounts WHERE id = ?),
			account_kind = ?, access_key_id = ?, role = ?, endpoint = ?, sandbox = ?, expires = ?, region = ?, exit_code = ?, signal = ?,
			message = ?, result_message = ?, refused_calls = ?, highlights = ?,
			started = ?, finished = ?, last_output = max(last_output, ?), progress_percent = ?, progress_message = ?, warnings = ?,
			masked = ? WHERE id = ?`,
		r.Status, r.Skip, i.AWSID, i.ARN, i.UserID, i.Account, i.AccountID, i.Kind, i.AccessKeyID, i.Role, i.Endpoint, i.Sandbox,
		stamp(i.Expires), r.Region,
		r.ExitCode, r.Signal, r.Message, r.ResultMessage, listColumn[model.RefusedCall]{&r.RefusedCalls},
		listColumn[model.Highlight]{&r.Highlights}, stamp(r.Started), stamp(r.Finished), stamp(r.LastOutput), r.Progress.Percent,
		r.Progress.Message,
		r.Warnings, r.Masked, r.ID)
	if err != nil {
		return err
	}
	for position, o := range r.Outputs {
		if o.Sensitive {
			o.Value = "" // only its name is stored
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO step_outputs (step_run_id, position, name, value, sensitive) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET name = excluded.name, value = excluded.value, sensitive = excluded.sensitive`,
			r.ID, position, o.Name, o.Value, o.Sensitive); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM step_outputs WHERE step_run_id = ? AND position >= ?`, r.ID, len(r.Outputs))
	return err
}

// SetProgress records a script's progress message.
func (s *Store) SetProgress(ctx context.Context, stepRunID int64, p model.Progress) error {
	return s.write(ctx, "record the progress", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE step_runs SET progress_percent = ?, progress_message = ? WHERE id = ?`, p.Percent,
			p.Message, stepRunID)
		return err
	})
}

// usedTool is the stored form of [model.UsedTool].
type usedTool struct {
	Name    string `json:"name"`
	Path    string `json:"path"`
	Version string `json:"version,omitempty"`
}

// SaveInputs records what a step run executes. Texts that other runs have too are stored once.
func (s *Store) SaveInputs(ctx context.Context, stepRunID int64, in model.Inputs) error {
	return s.write(ctx, "record the step's inputs", func(tx *sql.Tx) error { return saveInputs(ctx, tx, stepRunID, in) })
}

func saveInputs(ctx context.Context, tx *sql.Tx, stepRunID int64, in model.Inputs) error {
	tools := make([]usedTool, len(in.Tools))
	for i, t := range in.Tools {
		tools[i] = usedTool(t)
	}
	toolText, err := json.Marshal(tools)
	if err != nil {
		return err
	}
	var script any
	if in.Script != "" {
		if script, err = keepContent(ctx, tx, in.Script); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE step_runs SET source = ?, language = ?, script_hash = ?, script_sha256 = ?, parameters = ?,
			package = ?, package_version = ?, package_sha256 = ?, folder = ?, folder_sha256 = ?, file = ?, account_field = ?, role_arn = ?,
			tools = ?, packages = ?, arguments = ? WHERE id = ?`,
		in.Source, in.Language, script, in.ScriptSHA256, in.Parameters, in.Package, in.PackageVersion, in.PackageSHA256, in.Folder,
		in.FolderSHA256, in.File, in.AccountField,
		strings.Join(in.RoleARNs, " "), string(toolText), listColumn[model.UsedPackage]{&in.Packages},
		listColumn[model.Argument]{&in.Arguments}, stepRunID)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM step_inputs WHERE step_run_id = ?`, stepRunID); err != nil {
		return err
	}
	for position, v := range in.Values {
		var hash any
		if !v.Sensitive {
			if hash, err = keepContent(ctx, tx, v.Value); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO step_inputs (step_run_id, position, name, value_hash, own) VALUES (?, ?, ?, ?, ?)`,
			stepRunID, position, v.Name, hash, v.Own); err != nil {
			return err
		}
	}
	return nil
}

// keepContent stores a text once and returns its key.
func keepContent(ctx context.Context, tx *sql.Tx, text string) ([]byte, error) {
	hash := sha256.Sum256([]byte(text))
	_, err := tx.ExecContext(ctx, `INSERT INTO contents (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING`, hash[:], text)
	return hash[:], err
}

// dropContents removes those of the texts that are no longer referenced.
func dropContents(ctx context.Context, tx *sql.Tx, hashes [][]byte) error {
	for _, hash := range hashes {
		_, err := tx.ExecContext(ctx, `DELETE FROM contents WHERE hash = ?1
			AND NOT EXISTS (SELECT 1 FROM step_runs WHERE script_hash = ?1) AND NOT EXISTS (SELECT 1 FROM step_inputs WHERE value_hash = ?1)`, hash)
		if err != nil {
			return err
		}
	}
	return nil
}

// loadInputsAndOutputs reads a step run's inputs, and what came of it besides its row: outputs, highlights and artifacts.
func loadInputsAndOutputs(ctx context.Context, q querier, r *model.StepRun) error {
	in := &r.Inputs
	var tools, roles string
	err := q.QueryRowContext(ctx, `SELECT source, language, coalesce(body, ''), script_sha256, parameters, package, package_version,
		package_sha256, folder, folder_sha256, file,
			account_field, role_arn, tools, packages, arguments, refused_calls, highlights
		FROM step_runs LEFT JOIN contents ON hash = script_hash WHERE id = ?`, r.ID).
		Scan(&in.Source, &in.Language, &in.Script, &in.ScriptSHA256, &in.Parameters, &in.Package, &in.PackageVersion, &in.PackageSHA256,
			&in.Folder, &in.FolderSHA256, &in.File,
			&in.AccountField, &roles, &tools, listColumn[model.UsedPackage]{&in.Packages}, listColumn[model.Argument]{&in.Arguments},
			listColumn[model.RefusedCall]{&r.RefusedCalls}, listColumn[model.Highlight]{&r.Highlights})
	if err != nil {
		return err
	}
	if roles != "" {
		in.RoleARNs = strings.Split(roles, " ") // an ARN has no blanks
	}
	var used []usedTool
	if err := json.Unmarshal([]byte(tools), &used); err != nil {
		return fmt.Errorf("tools of step run %d: %w", r.ID, err)
	}
	for _, t := range used {
		in.Tools = append(in.Tools, model.UsedTool(t))
	}
	in.Values, err = all(ctx, q, func(row scanner) (v model.InputValue, err error) {
		err = row.Scan(&v.Name, &v.Value, &v.Sensitive, &v.Own)
		return v, err
	}, `SELECT name, coalesce(body, ''), value_hash IS NULL, coalesce(own, 0) FROM step_inputs LEFT JOIN contents ON hash = value_hash
		WHERE step_run_id = ? ORDER BY position`, r.ID)
	if err != nil {
		return err
	}
	r.Outputs, err = all(ctx, q, func(row scanner) (o model.Output, err error) {
		err = row.Scan(&o.Name, &o.Value, &o.Sensitive)
		return o, err
	}, `SELECT name, value, sensitive FROM step_outputs WHERE step_run_id = ? ORDER BY position`, r.ID)
	if err != nil {
		return err
	}
	r.Artifacts, err = loadArtifacts(ctx, q, r.ID)
	return err
}
