//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
)

// The pictures show the data of a small web shop. Its account ids and keys are those of AWS's own documentation.
const (
	demoProduction = "123456789012"
	demoStaging    = "210987654321"
	demoAudit      = "444455556666"
	demoKey        = "AKIAIOSFODNN7EXAMPLE"
	demoSecret     = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

const demoProject = `stepdeck: 1
project: Website
description: The shop's pages and its web tier
environments: [Staging, Production]
accounts:
  - {name: Website staging, kind: access-key, accessKeyId: AKIAI44QH8DHBEXAMPLE, secretKey: {file: secret}, region: eu-west-1}
  - {name: Website production, kind: access-key, accessKeyId: %s, secretKey: {file: secret}, region: eu-west-1}
  - {name: Audit, kind: access-key, accessKeyId: AKIAIOSFODNN8EXAMPLE, description: Reads all accounts, region: eu-central-1}
variables:
  - {name: aws.account, type: aws-account, value: Website staging, scope: [Staging]}
  - {name: aws.account, type: aws-account, value: Website production, scope: [Production]}
  - {name: Site.Bucket, type: text, value: web-staging, scope: [Staging]}
  - {name: Site.Bucket, type: text, value: web-prod, scope: [Production]}
  - {name: Deploy.Role, type: text, value: "arn:aws:iam::#{Account.Id}:role/deployer"}
  - {name: Account.Id, type: text, value: "210987654321", scope: [Staging]}
  - {name: Account.Id, type: text, value: "123456789012", scope: [Production]}
  - {name: Chat.Token, type: sensitive, value: {file: secret}}
  - name: Release
    type: text
    value: "2026.11"
    prompt: {label: Release, help: As it is called in the release notes, required: true}
packages: [Acme.Scripts.1.3.0.nupkg]
steps:
  - name: Check
    aws: {account: aws.account, region: eu-west-1}
    script:
      language: bash
      body: |
        # Stops before anything changes when the bucket is not there.
        aws s3api head-bucket --bucket "#{Site.Bucket}"
        for page in index about contact; do
          aws s3 ls "s3://#{Site.Bucket}/$page.html" || echo "new: $page"
        done
    options: {stopOnFirstFailure: true, timeout: 5m}
  - name: Upload the pages
    aws:
      account: aws.account
      assumeRole: {arn: "#{Deploy.Role}"}
      region: eu-west-1
    script:
      language: powershell
      body: |
        # Pages first, then what they point to is taken away.
        $bucket = $OctopusParameters['Site.Bucket']
        $files = Get-ChildItem -Path site -Recurse -File

        foreach ($file in $files) {
            $key = $file.FullName.Substring($root.Length + 1)
            aws s3 cp $file.FullName "s3://$bucket/$key" --only-show-errors
            if ($LASTEXITCODE -ne 0) { throw "upload of $key failed" }
        }
        Write-Host "Uploaded $($files.Count) files as release #{Release}"
    options: {stopOnFirstFailure: true, timeout: 30m}
  - name: Roll the web tier
    aws:
      account: aws.account
      assumeRole: {arn: "#{Deploy.Role}"}
      region: eu-west-1
    script: {source: package, package: Acme.Scripts, version: 1.3.0, file: tools/roll.ps1, parameters: '-Tier web -Batch 2'}
    options: {timeout: 1h}
  - name: Tell the team
    enabled: false
    aws: {account: none}
    script: {language: bash, body: "echo \"Release #{Release} is out\"\n"}
`

const demoMonthly = `stepdeck: 1
project: Housekeeping
description: What has to be done each month
variables:
  - {name: aws.account, type: aws-account, value: Website production}
  - name: Days
    type: text
    value: "90"
    prompt: {label: Older than days, help: Keys that are older are replaced, required: true}
steps:
  - name: Rotate keys
    aws:
      account: aws.account
      assumeRole: {arn: "arn:aws:iam::123456789012:role/deployer"}
      region: eu-west-1
    script:
      language: bash
      body: |
        for user in $(aws iam list-users --query 'Users[].UserName' --output text); do
          ./rotate.sh "$user" "#{Days}"
        done
`

const demoOthers = `stepdeck: 1
project: %s
description: %s
variables:
  - {name: aws.account, type: aws-account, value: %s}
steps:
  - name: %s
    aws: {account: aws.account, region: eu-west-1}
    script: {language: bash, body: "echo done\n"}
`

const demoRoll = `<#
.SYNOPSIS Replaces the machines of a tier, some at a time.
#>
param(
    [Parameter(Mandatory)][string] $Tier,
    [int] $Batch = 1
)

$group = aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names $Tier | ConvertFrom-Json
foreach ($instance in $group.AutoScalingGroups[0].Instances) {
    Write-Host "replacing $($instance.InstanceId)"
    aws autoscaling terminate-instance-in-auto-scaling-group --instance-id $instance.InstanceId
}
`

// fill creates the demo data in the stage's data folder.
func (s *stage) fill() *history {
	s.t.Helper()
	s.makePackage("Acme.Scripts", "1.3.0", map[string]string{
		"tools/roll.ps1": demoRoll, "tools/rotate-keys.sh": "set -euo pipefail\naws iam list-access-keys\n",
		"lib/retry.sh": "retry() { \"$@\" || \"$@\"; }\n",
		"readme.md":    "# Scripts of the web team\n", "config/tiers.json": "{\"web\": 6, \"jobs\": 2}\n",
	})
	s.importProject(fmt.Sprintf(demoProject, demoKey), "secret", demoSecret)
	s.command("package", "import", s.makePackage("Acme.Scripts", "1.2.0", map[string]string{"tools/roll.ps1": demoRoll}))
	s.command("package", "import", s.makePackage("Acme.Backup", "0.9.4", map[string]string{"backup.sh": "aws s3 sync . s3://backup\n"}))
	s.importProject(demoMonthly)
	s.importProject(fmt.Sprintf(demoOthers, "Inventory", "Counts what runs where", "Audit", "Count"))
	s.command("aws-account", "set", demoProduction, "--label", "Website-prod", "--colour", "red", "--protected")
	s.command("aws-account", "set", demoStaging, "--label", "Website-staging", "--colour", "green")
	s.command("aws-account", "set", demoAudit, "--label", "Audit", "--colour", "blue")

	ctx := context.Background()
	st, err := store.Open(ctx, store.Options{Dir: s.data, Version: "pictures"})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := st.Close(); err != nil {
			s.t.Error(err)
		}
	})
	h := &history{s.t, st, ctx}
	h.verify("Website production", demoProduction, 3*time.Hour)
	h.verify("Website staging", demoStaging, 26*time.Hour)
	h.past()
	return h
}

// history writes runs to the store, as an engine does.
type history struct {
	t   testing.TB
	st  *store.Store
	ctx context.Context //nolint:containedctx // of the one test
}

func (h *history) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *history) verify(account, awsID string, ago time.Duration) {
	h.t.Helper()
	a, err := h.st.Account(h.ctx, account)
	h.must(err)
	h.must(h.st.SetVerified(h.ctx, a.ID, model.Verification{
		At: time.Now().Add(-ago), AWSID: awsID, ARN: "arn:aws:iam::" + awsID + ":user/ana", UserID: "AIDAI23HXD2O5EXAMPLE",
	}))
}

// record is a finished run or one in progress.
type record struct {
	project, environment string
	steps                []step
	ago                  time.Duration
	status               model.Status
	message              string
}

type step struct {
	name     string
	status   model.Status
	took     time.Duration
	role     bool
	log      []string
	exit     int
	progress model.Progress
}

func (h *history) past() {
	h.t.Helper()
	good := func(environment string, ago, took time.Duration) {
		h.write(record{project: "Website", environment: environment, ago: ago, status: model.Succeeded, steps: []step{
			{name: "Check", status: model.Succeeded, took: 12 * time.Second},
			{name: "Upload the pages", status: model.Succeeded, took: took, role: true},
			{name: "Roll the web tier", status: model.Succeeded, took: 6 * time.Minute, role: true},
		}})
	}
	good("Staging", 74*time.Hour, 96*time.Second)
	good("Production", 73*time.Hour, 104*time.Second)
	h.write(record{project: "Housekeeping", ago: 50 * time.Hour, status: model.Succeeded, steps: []step{
		{name: "Rotate keys", status: model.Succeeded, took: 9 * time.Second, role: true},
	}})
	h.write(record{project: "Inventory", ago: 49 * time.Hour, status: model.Warning, steps: []step{
		{name: "Count", status: model.Warning, took: 51 * time.Second},
	}})
	h.write(record{
		project: "Website", environment: "Staging", ago: 27 * time.Hour, status: model.Stopped,
		message: "Stopped. 7 processes ended, 0 left.",
		steps: []step{
			{name: "Check", status: model.Succeeded, took: 11 * time.Second},
			{name: "Upload the pages", status: model.Stopped, took: 40 * time.Second, role: true},
			{name: "Roll the web tier", status: model.Skipped, role: true},
		},
	})
	good("Staging", 26*time.Hour, 92*time.Second)
	h.write(record{project: "Website", environment: "Production", ago: 4 * time.Hour, status: model.Failed, steps: []step{
		{name: "Check", status: model.Succeeded, took: 12 * time.Second, log: []string{"2026-11-20 09:12:44       8120 index.html"}},
		{name: "Upload the pages", status: model.Failed, took: 41 * time.Second, role: true, exit: 254, log: failedLog()},
		{name: "Roll the web tier", status: model.Skipped, role: true},
	}})
	uploaded := append(uploads(60), "\x1b[32mUploaded 60 files as release 2026.11\x1b[0m")
	h.write(record{project: "Website", environment: "Production", ago: 3 * time.Hour, status: model.Succeeded, steps: []step{
		{name: "Check", status: model.Succeeded, took: 12 * time.Second, log: []string{"2026-11-20 09:12:44       8120 index.html"}},
		{name: "Upload the pages", status: model.Succeeded, took: 98 * time.Second, role: true, log: uploaded},
		{name: "Roll the web tier", status: model.Succeeded, took: 7 * time.Minute, role: true, log: rolling(24)},
	}})
}

// running records a run in progress, whose engine is this process.
func (h *history) running() model.Run {
	h.t.Helper()
	const ago = 4*time.Minute + 31*time.Second
	return h.write(record{project: "Website", environment: "Staging", ago: ago, status: model.Running, steps: []step{
		{name: "Check", status: model.Succeeded, took: 12 * time.Second},
		{name: "Upload the pages", status: model.Succeeded, took: 97 * time.Second, role: true},
		{
			name: "Roll the web tier", status: model.Running, took: 2*time.Minute + 42*time.Second, role: true, log: rolling(17),
			progress: model.Progress{Percent: 62, Message: "replacing i-0c5f"},
		},
	}})
}

func uploads(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("upload: site/articles/%04d.html to s3://web-prod/articles/%04d.html", 1000+i, 1000+i))
	}
	return list
}

func failedLog() []string {
	return append(uploads(18),
		"\x1b[33mWARNING: articles/1018.html is older than what is there\x1b[0m",
		"!fatal error: An error occurred (AccessDenied) when calling the PutObject operation: "+
			"User: arn:aws:sts::123456789012:assumed-role/deployer/ana is not authorized to perform: s3:PutObject",
		"!upload of articles/1018.html failed")
}

func rolling(n int) []string {
	var list []string
	for i := range n {
		id := fmt.Sprintf("i-0c5f%02x9e1d7ab34", 17*i%256)
		switch i % 4 {
		case 0:
			list = append(list, fmt.Sprintf("replacing %s", id))
		case 1:
			list = append(list, "  draining connections")
		case 2:
			list = append(list, fmt.Sprintf("  waiting for \x1b[36m%s\x1b[0m to become healthy", id))
		default:
			list = append(list, "  \x1b[32mhealthy\x1b[0m after 38 s")
		}
	}
	return list
}

// write records a run with its steps and their logs. A line that begins with an exclamation mark is an error.
func (h *history) write(r record) model.Run {
	h.t.Helper()
	p, err := h.st.Project(h.ctx, r.project)
	h.must(err)
	at := time.Now().Add(-r.ago)
	run := model.Run{
		ProjectID: p.ID, Project: r.project, Environment: r.environment, Who: "ana@desk",
		Status: r.status, Message: r.message, Started: at,
	}
	awsID := map[string]string{"Staging": demoStaging, "Production": demoProduction}[r.environment]
	if awsID == "" {
		awsID = demoProduction
	}
	for i, s := range r.steps {
		_, in := p.Step(s.name)
		x := model.StepRun{Number: i + 1, Attempt: 1, Step: s.name, Status: s.status, Region: "eu-west-1", Progress: model.Progress{Percent: -1}}
		if in >= 0 {
			x.StepID = p.Steps[in].ID
		}
		if s.status != model.Skipped {
			x.Identity = model.Identity{
				AWSID: awsID, ARN: "arn:aws:iam::" + awsID + ":user/ana",
				Account: "Website " + strings.ToLower(r.environment), Kind: model.KindAccessKey, AccessKeyID: demoKey,
			}
			if s.role {
				x.Identity.Role = "arn:aws:iam::" + awsID + ":role/deployer"
				x.Identity.ARN = "arn:aws:sts::" + awsID + ":assumed-role/deployer/ana"
				x.Identity.Expires = at.Add(51 * time.Minute)
			}
			x.Started, x.LastOutput = at, at.Add(s.took)
			at = at.Add(s.took)
			if s.status.Over() {
				x.Finished = at
				x.ExitCode = &s.exit
			} else {
				x.Progress, x.LastOutput = s.progress, time.Now()
			}
		}
		switch s.status {
		case model.Failed:
			x.Message = "The script ended with exit code 254."
			run.ExitCode = s.exit
		case model.Stopped:
			x.ExitCode, run.ExitCode = nil, 130
		}
		run.Steps = append(run.Steps, x)
	}
	if r.status.Over() {
		run.Finished = at
	}
	h.must(h.st.CreateRun(h.ctx, &run))
	for i, s := range r.steps {
		h.log(run.Steps[i], s)
		run.Steps[i].Lines = int64(len(s.log))
	}
	if r.status.Over() {
		h.must(h.st.FinishRun(h.ctx, run))
	} else {
		h.must(h.st.UpdateRun(h.ctx, run))
		for _, x := range run.Steps {
			h.must(h.st.UpdateStepRun(h.ctx, x))
		}
	}
	return run
}

func (h *history) log(x model.StepRun, s step) {
	h.t.Helper()
	if len(s.log) == 0 {
		s.log = []string{"done"}
	}
	var batch model.LogBatch
	for i, line := range slices.Clone(s.log) {
		level, stream := model.LevelInfo, model.StreamStdout
		if text, bad := strings.CutPrefix(line, "!"); bad {
			line, level, stream = text, model.LevelError, model.StreamStderr
		}
		if strings.Contains(line, "WARNING") {
			level = model.LevelWarning
		}
		when := x.Started.Add(time.Duration(i+1) * s.took / time.Duration(len(s.log)+1))
		batch.Bytes = append(batch.Bytes, line+"\n"...)
		batch.Lines = append(batch.Lines, model.LineMeta{Time: when.UnixMicro(), Len: uint32(len(line) + 1), Stream: stream, Level: level})
	}
	if s.status != model.Skipped {
		h.must(h.st.AppendLog(h.ctx, x.ID, []model.LogBatch{batch}))
	}
}
