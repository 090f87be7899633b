package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

func accountColumns() columns[model.Account] {
	return columns[model.Account]{
		{"name", func(a *model.Account) any { return &a.Name }},
		{"kind", func(a *model.Account) any { return &a.Kind }},
		{"description", func(a *model.Account) any { return &a.Description }},
		{"access_key_id", func(a *model.Account) any { return &a.AccessKeyID }},
		{"mfa_device", func(a *model.Account) any { return &a.MFADevice }},
		{"region", func(a *model.Account) any { return &a.Region }},
		{"endpoint", func(a *model.Account) any { return &a.Endpoint }},
		{"profile", func(a *model.Account) any { return &a.Profile }},
		{"start_url", func(a *model.Account) any { return &a.StartURL }},
		{"sign_in_region", func(a *model.Account) any { return &a.SignInRegion }},
		{"aws_id", func(a *model.Account) any { return &a.AWSID }},
		{"role_name", func(a *model.Account) any { return &a.RoleName }},
		{"process", func(a *model.Account) any { return &a.Process }},
		{"secret_set", func(a *model.Account) any { return &a.SecretSet }},
		{"token_set", func(a *model.Account) any { return &a.TokenSet }},
		{"verified_at", func(a *model.Account) any { return timeColumn{&a.Verified.At} }},
		{"verified_aws_id", func(a *model.Account) any { return &a.Verified.AWSID }},
		{"verified_arn", func(a *model.Account) any { return &a.Verified.ARN }},
		{"verified_user_id", func(a *model.Account) any { return &a.Verified.UserID }},
	}
}

func accountQuery(rest string) string {
	return `SELECT id, ` + accountColumns().names() + ` FROM accounts ` + rest
}

func scanAccount(row scanner) (a model.Account, err error) {
	err = row.Scan(append([]any{&a.ID}, accountColumns().values(&a)...)...)
	return a, err
}

// Accounts returns all accounts by name, the built-in one first.
func (s *Store) Accounts(ctx context.Context) (list []model.Account, err error) {
	err = s.read(ctx, "read the accounts", func(q querier) error {
		list, err = all(ctx, q, scanAccount, accountQuery(`ORDER BY kind <> 'instance-role', name_key`))
		return err
	})
	return list, err
}

// Account returns the account of that name.
func (s *Store) Account(ctx context.Context, name string) (a model.Account, err error) {
	err = s.read(ctx, "read the account", func(q querier) error {
		a, err = accountByName(ctx, q, name)
		return err
	})
	return a, err
}

func accountByName(ctx context.Context, q querier, name string) (model.Account, error) {
	a, err := scanAccount(q.QueryRowContext(ctx, accountQuery(`WHERE name_key = ?`), model.NameKey(name)))
	if !errors.Is(err, sql.ErrNoRows) {
		return a, err
	}
	known, err := all(ctx, q, plain[string], `SELECT name FROM accounts ORDER BY name_key`)
	if err != nil {
		return model.Account{}, err
	}
	return model.Account{}, notFound(model.CodeAccountUnknown, "account", name, known)
}

// SaveAccount updates the account with a's id, or adds a new one and sets the id. An account with problems can be
// saved.
func (s *Store) SaveAccount(ctx context.Context, a *model.Account) error {
	return s.Change(ctx, "save the account", func(c *Change) error { return c.SaveAccount(ctx, a) })
}

// SaveAccount is [Store.SaveAccount] as part of a change.
func (c *Change) SaveAccount(ctx context.Context, a *model.Account) error {
	if a.Kind == model.KindInstanceRole {
		return model.NewError("account.instancerole", "The account %q is built in and has nothing to save.", model.InstanceRoleTitle)
	}
	if err := model.CheckName("account", a.Name); err != nil {
		return err
	}
	saved := *a
	saved.Name = strings.TrimSpace(a.Name)
	key := model.NameKey(saved.Name)
	var other model.ID
	err := c.tx.QueryRowContext(ctx, `SELECT id FROM accounts WHERE name_key = ?`, key).Scan(&other)
	if err == nil && other != saved.ID {
		return nameTaken(model.CodeAccountTaken, "account", saved.Name)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if saved.ID == "" {
		saved.ID = newID()
	}
	if err := c.dropUnset(ctx, saved); err != nil {
		return err
	}
	columns := accountColumns()
	_, err = c.tx.ExecContext(ctx, columns.upsert("accounts", "name_key"), append([]any{saved.ID, key}, columns.values(&saved)...)...)
	if err != nil {
		return err
	}
	if err := linkVariables(ctx, c.tx, saved.ID, key); err != nil {
		return err
	}
	*a = saved
	return nil
}

// dropUnset drops the secrets that the stored account has and a no longer has. Another kind of account has none of them.
func (c *Change) dropUnset(ctx context.Context, a model.Account) error {
	before, err := scanAccount(c.tx.QueryRowContext(ctx, accountQuery(`WHERE id = ?`), a.ID))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil && before.SecretSet && !a.SecretSet {
		err = c.dropSecret(ctx, a.SecretKeyRef())
	}
	if err == nil && before.TokenSet && !a.TokenSet {
		err = c.dropSecret(ctx, a.SessionTokenRef())
	}
	if err == nil && before.Kind != a.Kind {
		err = errors.Join(c.dropSecret(ctx, a.KeptKeysRef()), c.deleteConsoleSignIns(ctx, a.ID))
	}
	return err
}

// linkVariables links account variables that were saved before their account existed.
func linkVariables(ctx context.Context, tx *sql.Tx, account model.ID, key string) error {
	type unlinked struct {
		id   model.ID
		name string
	}
	list, err := all(ctx, tx, func(row scanner) (w unlinked, err error) {
		err = row.Scan(&w.id, &w.name)
		return w, err
	}, `SELECT id, value FROM variables WHERE type = ? AND account_id IS NULL AND value <> ''`, model.TypeAWSAccount)
	if err != nil {
		return err
	}
	for _, w := range list {
		if model.NameKey(w.name) != key {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE variables SET account_id = ? WHERE id = ?`, account, w.id); err != nil {
			return err
		}
	}
	return nil
}

// SetVerified records the result of an account's last successful test.
func (s *Store) SetVerified(ctx context.Context, account model.ID, v model.Verification) error {
	return s.write(ctx, "save the result of the account test", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx,
			`UPDATE accounts SET verified_at = ?, verified_aws_id = ?, verified_arn = ?, verified_user_id = ? WHERE id = ?`,
			stamp(v.At), v.AWSID, v.ARN, v.UserID, account)
		return err
	})
}

// DeleteAccount removes an account that no variable uses. It returns the secrets to delete from the vault.
func (s *Store) DeleteAccount(ctx context.Context, name string) (secrets []model.SecretRef, err error) {
	err = s.Change(ctx, "delete the account", func(c *Change) error {
		defer func() { secrets = c.Gone }()
		a, err := accountByName(ctx, c.tx, name)
		if err != nil {
			return err
		}
		if a.Kind == model.KindInstanceRole {
			return model.NewError("account.instancerole", "The account %q is built in and can't be deleted.", model.InstanceRoleTitle)
		}
		users, err := all(ctx, c.tx, plain[string], `SELECT 'variable "' || v.name || '" of project "' || p.name || '"'
			FROM variables v JOIN projects p ON p.id = v.project_id WHERE v.account_id = ? ORDER BY p.name_key, v.position`, a.ID)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			return inUse("account.used", "account", a.Name, users, "Choose another account there first.")
		}
		for _, ref := range []model.SecretRef{a.SecretKeyRef(), a.SessionTokenRef(), a.KeptKeysRef()} {
			if err := c.dropSecret(ctx, ref); err != nil {
				return err
			}
		}
		if a.Kind == model.KindConsole { // the sign-in is this account's alone
			if err := c.deleteConsoleSignIns(ctx, a.ID); err != nil {
				return err
			}
		}
		_, err = c.tx.ExecContext(ctx, `DELETE FROM accounts WHERE id = ?`, a.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return secrets, nil
}
