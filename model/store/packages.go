package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

const packageColumns = `id, name, version, format, file_name, size, sha256, files, imported`

func scanPackage(row scanner) (p model.Package, err error) {
	var imported int64
	err = row.Scan(&p.ID, &p.Name, &p.Version, &p.Format, &p.FileName, &p.Size, &p.SHA256, &p.Files, &imported)
	p.Imported = unstamp(imported)
	return p, err
}

// Packages returns the library by package id, each with the newest version first.
func (s *Store) Packages(ctx context.Context) (list []model.Package, err error) {
	err = s.read(ctx, "read the packages", func(q querier) error {
		list, err = packages(ctx, q, `SELECT `+packageColumns+` FROM packages ORDER BY id_key`)
		return err
	})
	return list, err
}

// PackageVersions returns all versions of one package, the newest first; none if there is no such package.
func (s *Store) PackageVersions(ctx context.Context, id string) (list []model.Package, err error) {
	err = s.read(ctx, "read the packages", func(q querier) error {
		list, err = packages(ctx, q, `SELECT `+packageColumns+` FROM packages WHERE id_key = ?`, model.PackageKey(id))
		return err
	})
	return list, err
}

// packages sorts the versions of each package, which SQL can't. The query sorts the package ids.
func packages(ctx context.Context, q querier, query string, args ...any) ([]model.Package, error) {
	list, err := all(ctx, q, scanPackage, query, args...)
	for start := 0; start < len(list); {
		end := start + 1
		for end < len(list) && model.PackageKey(list[end].Name) == model.PackageKey(list[start].Name) {
			end++
		}
		slices.SortFunc(list[start:end], func(a, b model.Package) int { return model.CompareVersions(b.Version, a.Version) })
		start = end
	}
	return list, err
}

// Package returns the package with that id and version, in any spelling that means the same.
func (s *Store) Package(ctx context.Context, id, version string) (p model.Package, err error) {
	err = s.read(ctx, "read the package", func(q querier) error {
		p, err = packageByVersion(ctx, q, id, version)
		return err
	})
	return p, err
}

func packageByVersion(ctx context.Context, q querier, id, version string) (model.Package, error) {
	p, err := scanPackage(q.QueryRowContext(ctx, `SELECT `+packageColumns+` FROM packages WHERE id_key = ? AND version_key = ?`,
		model.PackageKey(id), model.VersionKey(version)))
	if !errors.Is(err, sql.ErrNoRows) {
		return p, err
	}
	versions, err := packages(ctx, q, `SELECT `+packageColumns+` FROM packages WHERE id_key = ?`, model.PackageKey(id))
	if err != nil {
		return p, err
	}
	if len(versions) > 0 {
		texts := make([]string, len(versions))
		for i, v := range versions {
			texts[i] = versionText(v.Version)
		}
		return p, model.NewError("package.version.unknown", "Package %q has no version %s. Existing ones: %s.",
			versions[0].Name, versionText(version), quoted(texts, 8))
	}
	known, err := all(ctx, q, plain[string], `SELECT DISTINCT name FROM packages ORDER BY id_key`)
	if err != nil {
		return p, err
	}
	return p, notFound("package.unknown", "package", id, known)
}

func versionText(version string) string {
	if version == "" {
		return model.Unversioned
	}
	return version
}

// SavePackage adds an imported package to the library and sets its id. If the library has it with the same bytes, p
// becomes that entry. With other bytes it is an error unless replace is set.
func (s *Store) SavePackage(ctx context.Context, p *model.Package, replace bool) error {
	return s.Change(ctx, "save the package", func(c *Change) error { return c.SavePackage(ctx, p, replace) })
}

// SavePackage is [Store.SavePackage] as part of a change.
func (c *Change) SavePackage(ctx context.Context, p *model.Package, replace bool) error {
	saved := *p
	old, err := scanPackage(c.tx.QueryRowContext(ctx, `SELECT `+packageColumns+` FROM packages WHERE id_key = ? AND version_key = ?`,
		model.PackageKey(p.Name), model.VersionKey(p.Version)))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		saved.ID = newID()
	case err != nil:
		return err
	case old.SHA256 == p.SHA256:
		*p = old
		return nil
	case !replace:
		return model.NewError(model.CodePackageConflict,
			"Package %q %s is already in the library with other contents (%s). Replace it, or import this one as another version.",
			old.Name, versionText(old.Version), old.FileName)
	default:
		saved.ID = old.ID
	}
	_, err = c.tx.ExecContext(ctx, `INSERT INTO packages (`+packageColumns+`, id_key, version_key) VALUES (?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = excluded.version, format = excluded.format, file_name = excluded.file_name,
			size = excluded.size, sha256 = excluded.sha256, files = excluded.files, imported = excluded.imported`,
		saved.ID, saved.Name, saved.Version, saved.Format, saved.FileName, saved.Size, saved.SHA256, saved.Files, stamp(saved.Imported),
		model.PackageKey(saved.Name), model.VersionKey(saved.Version))
	if err != nil {
		return err
	}
	*p = saved
	return dropListings(ctx, c.tx)
}

// PackageUsers names the steps that need this version, or that need any version and this is the only one.
func (s *Store) PackageUsers(ctx context.Context, id, version string) (users []string, err error) {
	err = s.read(ctx, "read which steps use the package", func(q querier) error {
		users, err = packageUsers(ctx, q, id, version)
		return err
	})
	return users, err
}

func packageUsers(ctx context.Context, q querier, id, version string) ([]string, error) {
	var versions int
	if err := q.QueryRowContext(ctx, `SELECT count(*) FROM packages WHERE id_key = ?`, model.PackageKey(id)).Scan(&versions); err != nil {
		return nil, err
	}
	uses, err := all(ctx, q, func(row scanner) (u packageUse, err error) {
		err = row.Scan(&u.where, &u.version, &u.script, listColumn[model.ScriptPackage]{&u.further})
		return u, err
	}, `SELECT 'step "' || s.name || '" of project "' || p.name || '"', s.package_version, s.package_key = ?1 AND s.source = ?2, s.packages
		FROM steps s JOIN projects p ON p.id = s.project_id
		WHERE s.package_key = ?1 AND s.source = ?2 OR s.packages != '[]' ORDER BY p.name_key, s.position`,
		model.PackageKey(id), model.SourcePackage)
	if err != nil {
		return nil, err
	}
	var users []string
	for _, u := range uses {
		if u.needs(id, version, versions == 1) {
			users = append(users, u.where)
		}
	}
	return users, nil
}

// packageUse is a step with its packages: the one that its script may be in, and further ones.
type packageUse struct {
	where, version string
	script         bool
	further        []model.ScriptPackage
}

func (u packageUse) needs(id, version string, only bool) bool {
	return u.script && needs(u.version, version, only) || slices.ContainsFunc(u.further, func(p model.ScriptPackage) bool {
		return model.PackageKey(p.Package) == model.PackageKey(id) && needs(strings.TrimSpace(p.Version), version, only)
	})
}

// needs reports whether a step that asks for a version, or for one by a rule, needs this one.
func needs(asked, version string, only bool) bool {
	switch asked {
	case "", model.LatestVersion, model.LatestPrereleaseVersion:
		return only
	case model.Unversioned:
		return version == ""
	}
	if model.HasExpression(asked) {
		return only
	}
	return model.VersionKey(asked) == model.VersionKey(version)
}

// DeletePackage removes a package version that no step needs from the library. Another package may have the same file:
// PackageFiles returns those that are still needed.
func (s *Store) DeletePackage(ctx context.Context, id, version string) error {
	return s.write(ctx, "delete the package", func(tx *sql.Tx) error {
		p, err := packageByVersion(ctx, tx, id, version)
		if err != nil {
			return err
		}
		users, err := packageUsers(ctx, tx, id, version)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			return inUse("package.used", "package", p.Name+" "+versionText(p.Version), users, "Choose another package there first.")
		}
		if _, err = tx.ExecContext(ctx, `DELETE FROM packages WHERE id = ?`, p.ID); err != nil {
			return err
		}
		return dropListings(ctx, tx)
	})
}

// Listing returns what SaveListing stored for the package file with that hash, or nil.
func (s *Store) Listing(ctx context.Context, sha256 string) (body []byte, err error) {
	err = s.read(ctx, "read the package's list of files", func(q querier) error {
		err := q.QueryRowContext(ctx, `SELECT body FROM listings WHERE sha256 = ?`, sha256).Scan(&body)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return body, err
}

// SaveListing stores the list of files in the package file with that hash, as long as a package has it. The format of
// body is up to the caller.
func (s *Store) SaveListing(ctx context.Context, sha256 string, body []byte) error {
	return s.write(ctx, "save the package's list of files", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO listings (sha256, body) SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM packages WHERE sha256 = ?1)
			ON CONFLICT DO UPDATE SET body = excluded.body`, sha256, body)
		return err
	})
}

func dropListings(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM listings WHERE sha256 NOT IN (SELECT sha256 FROM packages)`)
	return err
}

// PackageFiles returns the SHA-256 of every file that the library needs.
func (s *Store) PackageFiles(ctx context.Context) (hashes []string, err error) {
	err = s.read(ctx, "read the packages", func(q querier) error {
		hashes, err = all(ctx, q, plain[string], `SELECT DISTINCT sha256 FROM packages ORDER BY sha256`)
		return err
	})
	return hashes, err
}
