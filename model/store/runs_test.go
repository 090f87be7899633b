package store

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// fullRun returns a run in which every field of the model is non-zero. Lines and LastOutput come from the log.
func fullRun(p model.Project, account model.Account) model.Run {
	exit := 3
	return model.Run{
		ProjectID: p.ID, Project: p.Name, Environment: "Staging", Who: "ana@desk", Status: model.Running, Started: noon, Message: "m", Kept: true,
		Rehearsal: &model.Rehearsal{Policy: "{}", PolicyARNs: []string{"arn:policy"}},
		Steps: []model.StepRun{
			{
				Number: 1, Attempt: 1, Attempts: 3, StepID: p.Steps[0].ID, Step: p.Steps[0].Name, Status: model.Failed, Region: "eu-west-1",
				Identity: model.Identity{
					AWSID: "123456789012", ARN: "arn", UserID: "AROA", Account: account.Name, AccountID: account.ID, Kind: account.Kind,
					AccessKeyID: "AKIA", Role: "role", Endpoint: "http://127.0.0.1:1", Sandbox: true, Expires: noon.Add(time.Hour),
				},
				ExitCode: &exit, Signal: "SIGKILL", Message: "failed", ResultMessage: "r", Started: noon, Finished: noon.Add(time.Minute),
				LastOutput: noon,
				Progress:   model.Progress{Percent: 62, Message: "copying"}, Warnings: 2, Masked: 5,
				RefusedCalls: []model.RefusedCall{
					{Operation: "PutObject", Action: "s3:PutObject", Resource: "arn:b", Because: "because", Line: 3, Times: 2},
				},
				Highlights: []model.Highlight{{Line: 3, Text: "three buckets"}},
				Outputs:    []model.Output{{Name: "Url", Value: "https://é"}, {Name: "Key", Sensitive: true}, {Name: "Empty"}},
				Inputs: model.Inputs{
					Source: model.SourceInline, Language: model.Bash, Script: "echo #{Name}\n", ScriptSHA256: "abc", Parameters: "-x", Package: "P",
					Arguments:      []model.Argument{{Name: "Days", Value: "7", As: model.ArgumentText}},
					PackageVersion: "1", PackageSHA256: "def",
					Packages: []model.UsedPackage{{Name: "Tools", Package: "Acme.Tools", Version: "1.0", SHA256: "ef"}},
					Folder:   "/srv/scripts", FolderSHA256: "fed", File: "f.sh", AccountField: "aws.account",
					RoleARNs: []string{"arn:role", "arn:then"},
					Values:   []model.InputValue{{Name: "Name", Value: "wörld\n"}, {Name: "Password", Sensitive: true}, {Name: "Nothing", Own: true}},
					Tools:    []model.UsedTool{{Name: "aws", Path: "/usr/bin/aws", Version: "2.9.19"}, {Name: "bash", Path: "/bin/bash"}},
				},
			},
			{Number: 2, Attempt: 1, Attempts: 1, Step: "Deleted", Status: model.Queued, Progress: model.Progress{Percent: -1}},
		},
	}
}

func projectAndAccount(t *testing.T, s *Store) (model.Project, model.Account) {
	t.Helper()
	account := model.Account{Name: "Key", Kind: model.KindAccessKey}
	must(t, s.SaveAccount(context.Background(), &account))
	p := fullProject()
	_, err := s.SaveProject(context.Background(), &p)
	must(t, err)
	return p, account
}

func TestRunRoundTrip(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	p, account := projectAndAccount(t, s)
	environments, err := s.Environments(ctx)
	must(t, err)
	run := fullRun(p, account)
	run.EnvironmentID = environments[0].ID
	must(t, s.CreateRun(ctx, &run))
	loaded, err := s.Run(ctx, run.ID)
	must(t, err)
	run.Steps[1].Inputs.Tools = nil
	if !reflect.DeepEqual(run, loaded) {
		t.Fatalf("created %+v\nloaded  %+v", run, loaded)
	}

	run.Status, run.ExitCode, run.Finished, run.Message = model.Stopped, 130, noon.Add(time.Hour), "stopped by ana"
	run.Steps[0].Outputs = run.Steps[0].Outputs[1:]
	run.Steps[1].Status, run.Steps[1].Skip, run.Steps[1].Message = model.Skipped, model.SkipFailed, "Not run."
	must(t, s.FinishRun(ctx, run))
	loaded, err = s.Run(ctx, run.ID)
	must(t, err)
	if !reflect.DeepEqual(run, loaded) {
		t.Fatalf("finished %+v\nloaded   %+v", run, loaded)
	}
	if _, err := os.Stat(s.runLockPath(run.ID)); !os.IsNotExist(err) {
		t.Errorf("the finished run's lock is still there: %v", err)
	}
	_, err = s.Run(ctx, run.ID+1)
	wantCode(t, err, "run.unknown")
}

func TestHistorySurvivesDeletedThings(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	p, account := projectAndAccount(t, s)
	run := fullRun(p, account)
	must(t, s.CreateRun(ctx, &run))
	_, err := s.DeleteProject(ctx, p.Name)
	must(t, err)
	_, err = s.DeleteAccount(ctx, account.Name)
	must(t, err)
	must(t, s.UpdateStepRun(ctx, run.Steps[0])) // its ids now refer to deleted things
	loaded, err := s.Run(ctx, run.ID)
	must(t, err)
	step := loaded.Steps[0]
	if loaded.ProjectID != "" || loaded.Project != "Website" || step.StepID != "" || step.Step != p.Steps[0].Name ||
		step.Identity.AccountID != "" || step.Identity.Account != "Key" {
		t.Errorf("history is %+v", loaded)
	}
}

func TestSensitiveOutputsAreNotKept(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	run := startRun(t, s)
	run.Steps[0].Outputs = []model.Output{{Name: "Key", Value: "hunter2-hunter2", Sensitive: true}}
	run.Steps[0].Inputs.Values = []model.InputValue{{Name: "Password", Value: "hunter2-hunter2", Sensitive: true},
		{Name: "Plain", Value: "planted"}}
	must(t, s.UpdateStepRun(ctx, run.Steps[0]))
	must(t, s.SaveInputs(ctx, run.Steps[0].ID, run.Steps[0].Inputs))
	found := map[string]bool{}
	for _, name := range []string{FileName, FileName + "-wal"} {
		text, err := os.ReadFile(filepath.Join(s.Dir(), name))
		must(t, err)
		for _, word := range []string{"hunter2", "planted"} {
			found[word] = found[word] || bytes.Contains(text, []byte(word))
		}
	}
	if !found["planted"] || found["hunter2"] {
		t.Errorf("found %v: the control value must be there, the secret must not", found)
	}
}

func TestListRuns(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	for i := range 6 {
		run := model.Run{
			Project: []string{"Website", "Backup"}[i%2], Status: model.Running, Started: noon.Add(time.Duration(i) * time.Hour),
			Steps: []model.StepRun{{Number: 1, Attempt: 1, Step: "One", Status: model.Succeeded},
				{Number: 2, Attempt: 1, Step: "Two", Status: model.Running}},
		}
		must(t, s.CreateRun(ctx, &run))
		run.Status = []model.Status{model.Succeeded, model.Failed, model.Warning}[i%3]
		must(t, s.FinishRun(ctx, run))
	}
	for _, row := range []struct {
		name   string
		filter model.RunFilter
		want   []int64
	}{
		{"all", model.RunFilter{}, []int64{6, 5, 4, 3, 2, 1}},
		{"the newest two", model.RunFilter{Limit: 2}, []int64{6, 5}},
		{"the next page", model.RunFilter{Limit: 2, Before: 5}, []int64{4, 3}},
		{"of a project", model.RunFilter{Project: "BACKUP"}, []int64{6, 4, 2}},
		{"of a status", model.RunFilter{Status: model.Failed}, []int64{5, 2}},
		{"of a project and status", model.RunFilter{Project: "Website", Status: model.Failed, Limit: 9}, []int64{5}},
		{"of a step", model.RunFilter{Step: "Two", Limit: 1}, []int64{6}},
		{"of a step that never ran", model.RunFilter{Step: "Three"}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			list, err := s.Runs(ctx, row.filter)
			must(t, err)
			var ids []int64
			for _, r := range list {
				ids = append(ids, r.ID)
				if len(r.Steps) != 2 || r.Steps[0].Step != "One" || r.Steps[1].RunID != r.ID {
					t.Errorf("run %d has the steps %v", r.ID, r.Steps)
				}
			}
			if !slices.Equal(ids, row.want) {
				t.Errorf("runs are %v, want %v", ids, row.want)
			}
		})
	}
	must(t, s.KeepRun(ctx, 3, true))
	if run, err := s.Run(ctx, 3); err != nil || !run.Kept {
		t.Errorf("run 3 is not kept (%v)", err)
	}
	wantCode(t, s.KeepRun(ctx, 99, true), "run.unknown")
	wantCode(t, s.DeleteRun(ctx, 99), "run.unknown")
}

func TestValuesAreStoredOnce(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	in := model.Inputs{Script: "echo\n", Values: []model.InputValue{{Name: "A", Value: "same"}, {Name: "B", Value: "same"}}}
	var ids []int64
	for range 3 {
		run := startRun(t, s)
		must(t, s.SaveInputs(ctx, run.Steps[0].ID, in))
		run.Status = model.Succeeded
		must(t, s.FinishRun(ctx, run))
		ids = append(ids, run.ID)
	}
	count := func() (n int) {
		must(t, s.writer.QueryRow("SELECT count(*) FROM contents").Scan(&n))
		return n
	}
	if got := count(); got != 2 {
		t.Errorf("%d texts are stored", got)
	}
	must(t, s.DeleteRun(ctx, ids[0]))
	if run, err := s.Run(ctx, ids[1]); err != nil || run.Steps[0].Inputs.Script != "echo\n" || run.Steps[0].Inputs.Values[1].Value != "same" {
		t.Errorf("another run lost its inputs: %+v %v", run, err)
	}
	must(t, s.DeleteRun(ctx, ids[1]))
	must(t, s.DeleteRun(ctx, ids[2]))
	if got := count(); got != 0 {
		t.Errorf("%d texts are left", got)
	}
}

func TestLastValues(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	record := func(environment, step string, values ...model.InputValue) {
		t.Helper()
		run := model.Run{Project: "Web", Environment: environment, Status: model.Running, Started: noon,
			Steps: []model.StepRun{{Number: 1, Attempt: 1, Step: step, Status: model.Queued}}}
		must(t, s.CreateRun(ctx, &run))
		must(t, s.SaveInputs(ctx, run.Steps[0].ID, model.Inputs{Values: values}))
		run.Status = model.Failed
		must(t, s.FinishRun(ctx, run))
	}
	record("Prod", "S", model.InputValue{Name: "Count", Value: "1"}, model.InputValue{Name: "Old", Value: "x"})
	record("Prod", "S", model.InputValue{Name: "Count", Value: "2"}, model.InputValue{Name: "Key", Sensitive: true})
	record("Prod", "T", model.InputValue{Name: "Count", Value: "of T", Own: true})
	record("Prod", "U", model.InputValue{Name: "Count", Value: "of U", Own: true})
	record("Before", "S", model.InputValue{Name: "Count", Value: "9"})
	_, err := s.writer.ExecContext(ctx, `UPDATE step_inputs SET own = NULL WHERE step_run_id = (SELECT max(step_run_id) FROM step_inputs)`)
	must(t, err)
	record("Test", "S", model.InputValue{Name: "Count", Value: "3"})
	for range lastValueRuns {
		record("Busy", "S", model.InputValue{Name: "Other", Value: "1"})
	}
	names := []model.ValueName{
		{Name: "COUNT"}, {Name: "Old"}, {Name: "Key"}, {Name: "Nothing"}, {Step: "t", Name: "count"}, {Step: "S", Name: "Count"},
	}
	for _, tt := range []struct {
		project, environment string
		want                 map[string]string
	}{
		{"web", "Prod", map[string]string{"\x00count": "2", "\x00old": "x", "t\x00count": "of T"}},
		{"Web", "Test", map[string]string{"\x00count": "3"}},
		{"Web", "Before", map[string]string{}},
		{"Web", "", map[string]string{}},
		{"Other", "Prod", map[string]string{}},
	} {
		got, err := s.LastValues(ctx, tt.project, tt.environment, names)
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s in %s: %v, %v; want %v", tt.project, tt.environment, got, err, tt.want)
		}
	}
}

func TestLaterAttemptsAndProgress(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	run := startRun(t, s)
	must(t, s.SetProgress(ctx, run.Steps[0].ID, model.Progress{Percent: 40, Message: "half"}))
	second := model.StepRun{Number: 1, Attempt: 2, Step: "Roll", Status: model.Running}
	must(t, s.AddStepRun(ctx, run.ID, &second))
	run.Message = "again"
	must(t, s.UpdateRun(ctx, run))
	loaded, err := s.Run(ctx, run.ID)
	must(t, err)
	if len(loaded.Steps) != 2 || loaded.Steps[1].ID != second.ID ||
		loaded.Steps[0].Progress != (model.Progress{Percent: 40, Message: "half"}) || loaded.Message != "again" {
		t.Errorf("loaded %+v", loaded)
	}
}

// TestFoldersOfShells: a folder is dead when its process is, which closing the store is to the others.
func TestFoldersOfShells(t *testing.T) {
	s := open(t, t.TempDir())
	other, err := Open(t.Context(), Options{Dir: s.Dir()})
	must(t, err)
	mine, err := s.CreateShellFolder()
	must(t, err)
	theirs, err := other.CreateShellFolder()
	must(t, err)
	if dead, err := s.DeadWorkFolders(); err != nil || len(dead) > 0 {
		t.Errorf("dead are %v, %v; both shells live", dead, err)
	}
	must(t, other.Close())
	if dead, err := s.DeadWorkFolders(); err != nil || !slices.Equal(dead, []string{theirs}) {
		t.Errorf("dead are %v, %v, want %v and not %v", dead, err, theirs, mine)
	}
}

func TestWorkFoldersOfDeadRuns(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	living := startRun(t, s)
	ended := startRun(t, s)
	must(t, s.FinishRun(ctx, ended))
	mine, left := s.WorkFolder(living.ID, 1), s.WorkFolder(ended.ID, 1)
	foreign := filepath.Join(s.Dir(), WorkRoot, "notes.txt")
	for _, folder := range []string{mine, left, foreign} {
		if filepath.Dir(folder) != filepath.Join(s.Dir(), WorkRoot) || folder != foreign && len(filepath.Base(folder)) != 8 {
			t.Errorf("the work folder is %s", folder)
		}
		must(t, os.MkdirAll(folder, 0o700))
	}
	dead, err := s.DeadWorkFolders()
	must(t, err)
	if !slices.Equal(dead, []string{left}) {
		t.Errorf("dead are %v, want %v", dead, left)
	}
}
