package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// manyRuns inserts runs of ten projects, three steps each, directly into the tables: CreateRun takes a lock and a disk
// write for each.
func manyRuns(t testing.TB, s *Store, count int) {
	t.Helper()
	must(t, s.write(context.Background(), "fill", func(tx *sql.Tx) error {
		for i := range count {
			project := fmt.Sprintf("Project %d", i%10)
			at := stamp(noon.Add(time.Duration(i) * time.Minute))
			result, err := tx.Exec(`INSERT INTO runs (project, project_key, environment, who, status, exit_code, started, finished, message, kept)
				VALUES (?, ?, ?, 'ana@desk', ?, ?, ?, ?, '', 0)`, project, model.NameKey(project), []string{"", "Staging", "Production"}[i%3],
				[]model.Status{model.Succeeded, model.Failed}[i%2], i%2, at, at)
			if err != nil {
				return err
			}
			id, err := result.LastInsertId()
			if err != nil {
				return err
			}
			for n, step := range []string{"Check", "Über den Wolken", "Roll the web tier"} {
				if _, err := tx.Exec(
					`INSERT INTO step_runs (run_id, number, attempt, step, status, aws_id) VALUES (?, ?, 1, ?, 'succeeded', '123456789012')`, id, n+1,
					step); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

func TestRunWordsSearchTheWholeHistory(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	must(t, s.SaveAWSAccount(ctx, model.AWSAccount{ID: "123456789012", Label: "Website-prod"}))
	manyRuns(t, s, 700)
	run := model.Run{Project: "Ärger", Environment: "Straße", Who: "ana@desk", Status: model.Running, Started: noon, Steps: []model.StepRun{
		{Number: 1, Attempt: 1, Step: "Left out", Status: model.Skipped},
		{Number: 2, Attempt: 1, Step: "Done", Status: model.Running, Identity: model.Identity{Sandbox: true}},
	}}
	must(t, s.CreateRun(ctx, &run))
	local := noon.Local()
	for _, c := range []struct {
		name  string
		words []model.RunWord
		want  int
		first int64 // the newest; 0 for none
	}{
		{"the oldest by its number", []model.RunWord{{Text: "#1"}, {Text: "0"}, {Text: "staging"}}, 0, -1},
		{"a project", []model.RunWord{{Text: "project"}, {Text: "7"}, {Text: "#698"}}, 1, 698},
		{"a step in any case", []model.RunWord{{Text: "ROLL"}}, 700, 700},
		{"beyond ASCII", []model.RunWord{{Text: "über"}}, 700, 700},
		{"folded", []model.RunWord{{Text: "ärger"}, {Text: "STRASSE"}}, 1, 701},
		{"a label", []model.RunWord{{Text: "website-PROD"}}, 700, 700},
		{"sandbox", []model.RunWord{{Text: "sandbox"}}, 1, 701},
		{"a step that was left out", []model.RunWord{{Text: "left"}}, 0, 0},
		{"a status by its name in the list", []model.RunWord{{Text: "läuft", Statuses: []model.Status{model.Running}}}, 1, 701},
		{"the day as it is written", []model.RunWord{{Text: local.Format("2006-01-02")}, {Text: "ärger"}}, 1, 701},
		{"the day as it is said", []model.RunWord{{Text: local.Format("2")}, {Text: local.Format("Jan")}, {Text: "ärger"}}, 1, 701},
		{"the time", []model.RunWord{{Text: local.Format("15:04:05")}, {Text: "ärger"}}, 1, 701},
		{"nothing", []model.RunWord{{Text: "zzz"}}, 0, 0},
		{"a sign that LIKE knows", []model.RunWord{{Text: "%"}}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			filter := model.RunFilter{Words: c.words}
			list, err := s.Runs(ctx, filter)
			must(t, err)
			n, err := s.CountRuns(ctx, filter)
			must(t, err)
			if n != len(list) {
				t.Errorf("%d counted, %d listed", n, len(list))
			}
			if c.first < 0 {
				return
			}
			if len(list) != c.want || c.want > 0 && list[0].ID != c.first {
				t.Errorf("%d runs, want %d", len(list), c.want)
			}
		})
	}
}

func TestPagesOfAFilterMissNothing(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	manyRuns(t, s, 700)
	filter := model.RunFilter{Words: []model.RunWord{{Text: "production"}}, Status: model.Failed, Limit: 50}
	all, err := s.CountRuns(ctx, filter)
	must(t, err)
	var seen []int64
	for {
		list, err := s.Runs(ctx, filter)
		must(t, err)
		for _, r := range list {
			if len(r.Steps) != 3 || r.Environment != "Production" {
				t.Fatalf("run %d has %d steps in %q", r.ID, len(r.Steps), r.Environment)
			}
			seen = append(seen, r.ID)
			filter.Before = r.ID
		}
		if len(list) < filter.Limit {
			break
		}
	}
	if len(seen) != all || all == 0 || len(slices.Compact(slices.Clone(seen))) != all {
		t.Errorf("%d runs in pages, %d counted", len(seen), all)
	}
}

func TestRunProjects(t *testing.T) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	manyRuns(t, s, 12)
	run := model.Run{Project: "PROJECT 3", Status: model.Running, Started: noon}
	must(t, s.CreateRun(ctx, &run))
	names, err := s.RunProjects(ctx)
	must(t, err)
	if len(names) != 10 || names[3] != "PROJECT 3" {
		t.Errorf("%q", names)
	}
}

// BenchmarkRuns reads what the list of runs shows.
func BenchmarkRuns(b *testing.B) {
	for _, count := range []int{3_000, 30_000} {
		s := open(b, b.TempDir())
		manyRuns(b, s, count)
		rare, none := []model.RunWord{{Text: "#7"}, {Text: "staging"}}, []model.RunWord{{Text: "zzz"}}
		for _, c := range []struct {
			name   string
			filter model.RunFilter
		}{
			{"first page", model.RunFilter{Limit: 200}}, {"all", model.RunFilter{}},
			{"word in many", model.RunFilter{Limit: 200, Words: []model.RunWord{{Text: "roll"}}}},
			{"words in few", model.RunFilter{Limit: 200, Words: rare}}, {"word in none", model.RunFilter{Limit: 200, Words: none}},
		} {
			b.Run(fmt.Sprintf("%d/%s", count, c.name), func(b *testing.B) {
				for b.Loop() {
					_, err := s.Runs(context.Background(), c.filter)
					must(b, err)
				}
			})
		}
		b.Run(fmt.Sprintf("%d/count", count), func(b *testing.B) {
			for b.Loop() {
				_, err := s.CountRuns(context.Background(), model.RunFilter{Words: rare})
				must(b, err)
			}
		})
		b.Run(fmt.Sprintf("%d/projects", count), func(b *testing.B) {
			for b.Loop() {
				_, err := s.RunProjects(context.Background())
				must(b, err)
			}
		})
	}
}
