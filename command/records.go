package command

import (
	"time"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/engine"
)

// projectRecord is a line of `projects list --json`.
type projectRecord struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Steps       int    `json:"steps" about:"number of steps"`
}

func newProjectRecord(p model.ProjectInfo) projectRecord {
	return projectRecord{p.Name, p.Description, p.Steps}
}

// accountRecord is a line of `account list --json`.
type accountRecord struct {
	Name        string            `json:"name"`
	Kind        model.AccountKind `json:"kind"`
	Description string            `json:"description"`
	AccessKeyID string            `json:"accessKeyId"`
	MFADevice   string            `json:"mfaDevice" about:"of the access key; empty: none"`
	Profile     string            `json:"profile" about:"of ~/.aws"`
	StartURL    string            `json:"startUrl" about:"of IAM Identity Center"`
	SignInAt    string            `json:"signInRegion" about:"in which a person signs in"`
	RoleAccount string            `json:"roleAccount" about:"id of the AWS account that IAM Identity Center leads to"`
	RoleName    string            `json:"role" about:"that a person has in it"`
	Process     string            `json:"process" about:"command line that prints keys"`
	Region      string            `json:"region" about:"in which the account is tested"`
	Endpoint    string            `json:"endpoint" about:"empty: AWS itself"`
	NeedsSecret bool              `json:"needsSecret" about:"this computer does not have its secret key"`
	NeedsSignIn bool              `json:"needsSignIn" about:"nobody is signed in for it on this computer"`
	AWSAccount  string            `json:"awsAccount" about:"id of its AWS account at its last test"`
	ARN         string            `json:"arn" about:"at its last test"`
	Verified    engine.Time       `json:"verified" about:"time of its last successful test; null: never"`
}

func newAccountRecord(a model.Account, needsSignIn bool) accountRecord {
	return accountRecord{
		Name: a.Name, Kind: a.Kind, Description: a.Description, AccessKeyID: a.AccessKeyID, MFADevice: a.MFADevice, Profile: a.Profile,
		StartURL: a.StartURL, SignInAt: a.SignInRegion, RoleAccount: a.AWSID, RoleName: a.RoleName, Process: a.Process, Region: a.Region,
		Endpoint: a.Endpoint, NeedsSecret: a.NeedsSecret(), NeedsSignIn: needsSignIn, AWSAccount: a.Verified.AWSID, ARN: a.Verified.ARN,
		Verified: jsonTime(a.Verified.At),
	}
}

// knownAs is who the account was at its last test, or what it needs first.
func (r accountRecord) knownAs() string {
	switch {
	case r.NeedsSecret:
		return "needs secret on this computer"
	case r.NeedsSignIn:
		return "sign in"
	}
	return r.ARN
}

// signInRecord is a line of `account sign-ins --json`.
type signInRecord struct {
	Name   string            `json:"name" about:"the start URL, or the account's name"`
	Kind   model.AccountKind `json:"kind"`
	Region string            `json:"region" about:"in which the person signed in"`
	Who    string            `json:"who" about:"ARN; empty: AWS does not say"`
	At     engine.Time       `json:"at" about:"when the person signed in"`
	Ends   engine.Time       `json:"ends" about:"when the person must sign in again; null: AWS does not say, and renews it until then"`
}

func newSignInRecord(s model.SignIn) signInRecord {
	return signInRecord{s.Name, s.Kind, s.Region, s.Who, jsonTime(s.At), jsonTime(s.Ends)}
}

// profileRecord is a line of `account profiles --json`.
type profileRecord struct {
	Name    string `json:"name"`
	About   string `json:"about" about:"how it gets its keys"`
	Region  string `json:"region"`
	Problem string `json:"problem" about:"why it can't be used; empty: it can"`
}

func newProfileRecord(p model.Profile) profileRecord {
	r := profileRecord{Name: p.Name, About: p.About, Region: p.Region}
	if p.Err != nil {
		r.Problem = p.Err.Error()
	}
	return r
}

// portalRoleRecord is a line of `account roles --json`.
type portalRoleRecord struct {
	AWSAccount string `json:"awsAccount" about:"twelve digits"`
	Name       string `json:"name" about:"of the AWS account"`
	Email      string `json:"email" about:"of its owner"`
	Role       string `json:"role"`
}

func newPortalRoleRecord(r model.PortalRole) portalRoleRecord {
	return portalRoleRecord{r.AWSID, r.Account, r.Email, r.Role}
}

// awsAccountRecord is a line of `aws-account list --json`.
type awsAccountRecord struct {
	ID        string       `json:"id" about:"twelve digits"`
	Label     string       `json:"label"`
	Colour    model.Colour `json:"colour"`
	Protected bool         `json:"protected" about:"each run in it asks for its id or label"`
	Alias     string       `json:"alias" about:"that it has at AWS; empty: none, or it was not read"`
}

func newAWSAccountRecord(a model.AWSAccount) awsAccountRecord {
	return awsAccountRecord{a.ID, a.Label, a.Colour, a.Protected, a.Alias}
}

// packageRecord is a line of `package list --json`.
type packageRecord struct {
	ID       string      `json:"id"`
	Version  string      `json:"version" about:"as written; empty: it has none"`
	Format   string      `json:"format"`
	FileName string      `json:"fileName" about:"as it was imported"`
	Size     int64       `json:"size" about:"bytes"`
	Files    int         `json:"files" about:"number of files"`
	SHA256   string      `json:"sha256"`
	Imported engine.Time `json:"imported"`
}

func newPackageRecord(p model.Package) packageRecord {
	return packageRecord{
		ID: p.Name, Version: p.Version, Format: p.Format, FileName: p.FileName, Size: p.Size, Files: p.Files, SHA256: p.SHA256,
		Imported: jsonTime(p.Imported),
	}
}

// packageFileRecord is a line of `package files --json`.
type packageFileRecord struct {
	File       string      `json:"file" about:"path in the package, its parts joined by /"`
	Size       int64       `json:"size" about:"bytes"`
	Executable bool        `json:"executable" about:"the package marks it as a program"`
	Modified   engine.Time `json:"modified" about:"null: the package does not say"`
}

func newPackageFileRecord(e library.Entry) packageFileRecord {
	return packageFileRecord{e.Name, e.Size, e.Executable, jsonTime(e.Modified)}
}

// settingRecord is a line of `settings list --json`.
type settingRecord struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Set   bool   `json:"set" about:"false: the value is the default"`
	About string `json:"about"`
}

// sandboxRecord is what `sandbox` prints once it listens.
type sandboxRecord struct {
	Endpoint         string `json:"endpoint"`
	AccessKeyID      string `json:"accessKeyId"`
	SecretAccessKey  string `json:"secretAccessKey" about:"valid for this sandbox only, until it stops"`
	AWSAccount       string `json:"awsAccount"`
	MetadataEndpoint string `json:"metadataEndpoint"`

	Region            string `json:"region" about:"where people sign in"`
	StartURL          string `json:"startUrl" about:"of IAM Identity Center; any user name may sign in"`
	MFADevice         string `json:"mfaDevice" about:"serial number of the key's MFA device"`
	MFASeed           string `json:"mfaSeed" about:"for an authenticator app; valid for this sandbox only"`
	ContainerEndpoint string `json:"containerEndpoint" about:"for AWS_CONTAINER_CREDENTIALS_FULL_URI"`
	ContainerToken    string `json:"containerToken" about:"for AWS_CONTAINER_AUTHORIZATION_TOKEN"`
}

func identityRecord(s model.StepRun) *engine.Identity {
	id := s.Identity
	if id == (model.Identity{}) {
		return nil
	}
	return &engine.Identity{
		AWSAccount: id.AWSID, ARN: id.ARN, UserID: id.UserID, Account: id.Account, Kind: id.Kind, AccessKeyID: id.AccessKeyID,
		Role: id.Role, Region: s.Region, Endpoint: id.Endpoint, Sandbox: id.Sandbox, Expires: jsonTime(id.Expires),
	}
}

func jsonTime(t time.Time) engine.Time { return engine.Time{Time: t} }

// convert returns the result of f for each item. It is never nil, so JSON has [] rather than null.
func convert[T, R any](items []T, f func(T) R) []R {
	list := make([]R, 0, len(items))
	for _, item := range items {
		list = append(list, f(item))
	}
	return list
}

func orEmpty(texts []string) []string {
	return convert(texts, func(text string) string { return text })
}
