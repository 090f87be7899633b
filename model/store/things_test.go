package store

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 123456000, time.UTC)

func TestAccounts(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	full := model.Account{
		Name: "Website prod", Kind: model.KindAccessKey, Description: "d", AccessKeyID: "AKIAEXAMPLE000000000", Region: "eu-west-1",
		Endpoint: "sandbox", MFADevice: "arn:aws:iam::123456789012:mfa/ana", Profile: "p", StartURL: "https://example.awsapps.com/start",
		SignInRegion: "eu-west-1", AWSID: "123456789012", RoleName: "Admin", Process: "helper", SecretSet: true, TokenSet: true,
		Verified: model.Verification{At: noon, AWSID: "123456789012", ARN: "arn:aws:iam::123456789012:user/ana", UserID: "AIDA"},
	}
	must(t, s.SaveAccount(ctx, &full))
	loaded, err := s.Account(ctx, " website PROD")
	must(t, err)
	if loaded != full || full.ID == "" {
		t.Errorf("loaded %+v, want %+v", loaded, full)
	}
	role, err := s.Account(ctx, model.InstanceRole)
	must(t, err)
	if role.Kind != model.KindInstanceRole {
		t.Errorf("the instance role is %+v", role)
	}
	must(t, s.SaveAccount(ctx, &model.Account{Name: "Audit", Kind: model.KindAccessKey}))
	list, err := s.Accounts(ctx)
	must(t, err)
	if names := []string{list[0].Name, list[1].Name, list[2].Name}; !slices.Equal(names, []string{"instance-role", "Audit", "Website prod"}) {
		t.Errorf("order is %v", names)
	}
	must(t, s.SetVerified(ctx, full.ID, model.Verification{At: noon.Add(time.Hour), AWSID: "210987654321"}))
	if loaded, err = s.Account(ctx, "website prod"); err != nil || loaded.Verified.AWSID != "210987654321" {
		t.Errorf("verified %+v %v", loaded.Verified, err)
	}

	for _, row := range []struct {
		name, code string
		do         func() error
	}{
		{"name of another", "account.taken",
			func() error { return s.SaveAccount(ctx, &model.Account{Name: "AUDIT", Kind: model.KindAccessKey}) }},
		{"reserved name", "name.reserved", func() error { return s.SaveAccount(ctx, &model.Account{Name: "None", Kind: model.KindAccessKey}) }},
		{"the instance role again", "account.instancerole", func() error { return s.SaveAccount(ctx, &role) }},
		{"delete the instance role", "account.instancerole", func() error { _, err := s.DeleteAccount(ctx, "instance-role"); return err }},
		{"unknown", "account.unknown", func() error { _, err := s.Account(ctx, "Webside prod"); return err }},
		{"delete unknown", "account.unknown", func() error { _, err := s.DeleteAccount(ctx, "nobody"); return err }},
	} {
		t.Run(row.name, func(t *testing.T) { wantCode(t, row.do(), row.code) })
	}
	if _, err := s.Account(ctx, "Webside prod"); !strings.Contains(err.Error(), `"Website prod"`) {
		t.Errorf("%q does not name the nearest", err)
	}
	gone, err := s.DeleteAccount(ctx, "Website prod")
	must(t, err)
	if !reflect.DeepEqual(gone, []model.SecretRef{full.SecretKeyRef(), full.SessionTokenRef(), full.KeptKeysRef()}) {
		t.Errorf("gone is %v", gone)
	}
}

func TestAWSAccounts(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	if a, err := s.AWSAccount(ctx, "123456789012"); err != nil || a != (model.AWSAccount{ID: "123456789012"}) {
		t.Errorf("an unseen one is %+v %v", a, err)
	}
	must(t, s.SawAWSAccount(ctx, "123456789012"))
	prod := model.AWSAccount{ID: "123456789012", Label: "Website-prod", Colour: "red", Protected: true}
	must(t, s.SaveAWSAccount(ctx, prod))
	must(t, s.SawAWSAccount(ctx, "123456789012")) // keeps label and colour
	must(t, s.SawAWSAccount(ctx, "000000000001"))
	list, err := s.AWSAccounts(ctx)
	must(t, err)
	if !reflect.DeepEqual(list, []model.AWSAccount{prod, {ID: "000000000001"}}) {
		t.Errorf("list is %+v", list)
	}
	wantCode(t, s.SaveAWSAccount(ctx, model.AWSAccount{ID: "000000000001", Label: "website-PROD"}), "awsaccount.label.taken")
	wantCode(t, s.SaveAWSAccount(ctx, model.AWSAccount{ID: "12"}), "invalid")
	wantCode(t, s.SawAWSAccount(ctx, "12"), "awsaccount.id")
	must(t, s.SaveAWSAccount(ctx, model.AWSAccount{ID: "000000000001"})) // two without label are fine
	must(t, s.SaveAWSAccount(ctx, model.AWSAccount{ID: "000000000002"}))
}

func TestEnvironments(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	names := func() (list []string) {
		environments, err := s.Environments(ctx)
		must(t, err)
		for _, e := range environments {
			list = append(list, e.Name)
		}
		return list
	}
	for _, name := range []string{"Dev", "Staging", "Production"} {
		must(t, s.SaveEnvironment(ctx, &model.Environment{Name: name}))
	}
	must(t, s.OrderEnvironments(ctx, []string{"production", "Dev"}))
	if got := names(); !slices.Equal(got, []string{"Production", "Dev", "Staging"}) {
		t.Errorf("order is %v", got)
	}
	must(t, s.SaveEnvironment(ctx, &model.Environment{Name: "Last"}))
	must(t, s.DeleteEnvironment(ctx, "DEV"))
	if got := names(); !slices.Equal(got, []string{"Production", "Staging", "Last"}) {
		t.Errorf("order is %v", got)
	}
	wantCode(t, s.OrderEnvironments(ctx, []string{"Last", "Moon"}), "environment.unknown")
	wantCode(t, s.SaveEnvironment(ctx, &model.Environment{Name: "STAGING"}), "environment.taken")
	wantCode(t, s.SaveEnvironment(ctx, &model.Environment{ID: "nobody", Name: "New"}), "environment.unknown")
	wantCode(t, s.SaveEnvironment(ctx, &model.Environment{}), "name.empty")
	wantCode(t, s.DeleteEnvironment(ctx, "Moon"), "environment.unknown")
	if got := names(); !slices.Equal(got, []string{"Production", "Staging", "Last"}) {
		t.Errorf("a rejected change left %v", got)
	}
}

func TestPackages(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	add := func(name, version, hash string, replace bool) (model.Package, error) {
		p := model.Package{Name: name, Version: version, Format: "nupkg", FileName: name + ".nupkg", Size: 7, SHA256: hash, Files: 3,
			Imported: noon}
		err := s.SavePackage(ctx, &p, replace)
		return p, err
	}
	first, err := add("Acme.Scripts", "1.2", "aa", false)
	must(t, err)
	loaded, err := s.Package(ctx, "ACME.scripts", "1.2.0+build")
	must(t, err)
	if loaded != first || first.ID == "" {
		t.Errorf("loaded %+v, want %+v", loaded, first)
	}
	same, err := add("acme.scripts", "1.2.0.0", "aa", false)
	must(t, err)
	if same != first {
		t.Errorf("the same bytes are another package: %+v", same)
	}
	_, err = add("acme.scripts", "1.2.0", "bb", false)
	wantCode(t, err, "package.other")
	replaced, err := add("acme.scripts", "1.2.0", "bb", true)
	must(t, err)
	if replaced.ID != first.ID {
		t.Error("the replaced package has another id")
	}
	for _, v := range []string{"1.10.0", "1.10.0-beta", "1.9", "", "not a version"} {
		_, err := add("Acme.Scripts", v, "h"+v, false)
		must(t, err)
	}
	_, err = add("Zeta", "", "zz", false)
	must(t, err)
	list, err := s.Packages(ctx)
	must(t, err)
	var versions []string
	for _, p := range list {
		versions = append(versions, p.Version)
	}
	if !slices.Equal(versions, []string{"1.10.0", "1.10.0-beta", "1.9", "1.2.0", "not a version", "", ""}) {
		t.Errorf("order is %q", versions)
	}
	only, err := s.PackageVersions(ctx, "zeta")
	must(t, err)
	if len(only) != 1 {
		t.Errorf("versions are %v", only)
	}
	_, err = s.Package(ctx, "acme.scripts", "7.0")
	wantCode(t, err, "package.version.unknown")
	_, err = s.Package(ctx, "acme.scrips", "1.2")
	wantCode(t, err, "package.unknown")

	p := fullProject() // uses Acme.Scripts 1.2
	p.Steps[0].Script = model.Script{Source: model.SourcePackage, Package: "ZETA", Version: model.LatestVersion, File: "a.sh"}
	_, err = s.SaveProject(ctx, &p)
	must(t, err)
	wantCode(t, s.DeletePackage(ctx, "acme.scripts", "1.2.0"), "package.used")
	wantCode(t, s.DeletePackage(ctx, "zeta", ""), "package.used") // the only one, and a step asks for the latest
	must(t, s.DeletePackage(ctx, "acme.scripts", "1.10"))
	wantCode(t, s.DeletePackage(ctx, "acme.scripts", "1.10"), "package.version.unknown")
	users, err := s.PackageUsers(ctx, "Acme.Scripts", "1.2")
	must(t, err)
	if !slices.Equal(users, []string{`step "Rotate" of project "Website"`}) {
		t.Errorf("users are %v", users)
	}
	hashes, err := s.PackageFiles(ctx)
	must(t, err)
	if !slices.Equal(hashes, []string{"bb", "h", "h1.10.0-beta", "h1.9", "hnot a version", "zz"}) {
		t.Errorf("files are %q", hashes)
	}
}

func TestListings(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	save := func(version, hash string) {
		p := model.Package{Name: "Acme", Version: version, Format: "tar", FileName: "a.tar", SHA256: hash, Imported: noon}
		must(t, s.SavePackage(ctx, &p, true))
	}
	is := func(hash, want string) {
		t.Helper()
		body, err := s.Listing(ctx, hash)
		must(t, err)
		if string(body) != want {
			t.Errorf("the listing of %s is %q, want %q", hash, body, want)
		}
	}
	save("1.0", "aa")
	save("2.0", "aa")
	is("aa", "")
	must(t, s.SaveListing(ctx, "aa", []byte("first")))
	must(t, s.SaveListing(ctx, "aa", []byte("second")))
	must(t, s.SaveListing(ctx, "bb", []byte("of no package")))
	is("aa", "second")
	is("bb", "")
	save("1.0", "cc")
	is("aa", "second") // version 2.0 still has these bytes
	must(t, s.SaveListing(ctx, "cc", []byte("third")))
	must(t, s.DeletePackage(ctx, "acme", "2.0"))
	is("aa", "")
	save("1.0", "dd")
	is("cc", "")
}

func TestSettingsAndTools(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	must(t, s.SaveSettings(ctx, map[string]string{"theme": "dark", "keep.days": "30"}))
	must(t, s.SaveSettings(ctx, map[string]string{"theme": "", "keep.days": "60"}))
	settings, err := s.Settings(ctx)
	must(t, err)
	if !reflect.DeepEqual(settings, map[string]string{"keep.days": "60"}) {
		t.Errorf("settings are %v", settings)
	}
	file := ToolFile{Path: "/usr/bin/aws", Size: 12, Modified: noon}
	must(t, s.SaveToolVersion(ctx, file, "2.9.19"))
	for _, row := range []struct {
		name string
		file ToolFile
		ok   bool
	}{
		{"the same file", file, true},
		{"another size", ToolFile{file.Path, 13, noon}, false},
		{"another time", ToolFile{file.Path, 12, noon.Add(time.Millisecond)}, false},
		{"another path", ToolFile{"/bin/aws", 12, noon}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			version, ok, err := s.ToolVersion(ctx, row.file)
			must(t, err)
			if ok != row.ok || ok && version != "2.9.19" {
				t.Errorf("got %q %v", version, ok)
			}
		})
	}
	must(t, s.ForgetToolVersions(ctx))
	if _, ok, err := s.ToolVersion(ctx, file); ok || err != nil {
		t.Errorf("still known (%v)", err)
	}
}
