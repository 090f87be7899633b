package supervisor

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

func TestParseStat(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       entry
		ok         bool
	}{
		{"plain", "12 (sleep) S 1 10 9 0 -1 4194304", entry{proc: proc{pid: 12, group: 10, name: "sleep"}, parent: 1, session: 9}, true},
		{"dead", "12 (sleep) Z 1 10 9 0", entry{proc: proc{pid: 12, group: 10, name: "sleep"}, parent: 1, session: 9, zombie: true}, true},
		{"a name that lies", "12 (x) R 7 7 7) S 1 10 9 0", entry{proc: proc{pid: 12, group: 10, name: "x) R 7 7 7"}, parent: 1,
			session: 9}, true},
		{"no name", "12 () S 1 10 9 0", entry{proc: proc{pid: 12, group: 10}, parent: 1, session: 9}, true},
		{"line break in the name", "12 (a\nb) S 1 10 9 0", entry{proc: proc{pid: 12, group: 10, name: "a\nb"}, parent: 1, session: 9}, true},
		{"empty", "", entry{}, false},
		{"cut off", "12 (sleep) S 1", entry{}, false},
		{"no number", "12 (sleep) S x 10 9 0", entry{}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got, ok := parseStat([]byte(row.text)); got != row.want || ok != row.ok {
				t.Errorf("got %+v, %v", got, ok)
			}
		})
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add(12, 1, 10, 9, "sleep")
	f.Add(1, 0, 1, 1, ") Z 3 (")
	f.Fuzz(func(t *testing.T, pid, parent, group, session int, name string) {
		want := entry{proc: proc{pid: pid, group: group, name: name}, parent: parent, session: session}
		text := fmt.Sprintf("%d (%s) S %d %d %d 0 -1", pid, name, parent, group, session)
		if got, ok := parseStat([]byte(text)); !ok || got != want {
			t.Errorf("%q gave %+v, %v", text, got, ok)
		}
		parseStat([]byte(name))
	})
}

func TestProcessesFindsUs(t *testing.T) {
	me := os.Getpid()
	list := processes()
	i := slices.IndexFunc(list, func(p entry) bool { return p.pid == me })
	if i < 0 {
		t.Fatal("we are not there")
	}
	if p := list[i]; p.parent != os.Getppid() || p.zombie || p.name == "" {
		t.Errorf("%+v", p)
	}
}

func TestBelow(t *testing.T) {
	table := []entry{
		{proc: proc{pid: 5, name: "grandchild of a dead"}, parent: 4}, {proc: proc{pid: 4}, parent: 1, zombie: true},
		{proc: proc{pid: 2}, parent: 1}, {proc: proc{pid: 3}, parent: 2}, {proc: proc{pid: 7}, parent: 6}, {proc: proc{pid: 6, name: "skipped"},
			parent: 1}, {proc: proc{pid: 9}, parent: 8},
	}
	var got []int
	for _, p := range below(table, 1, func(p entry) bool { return p.name == "skipped" }) {
		got = append(got, p.pid)
	}
	slices.Sort(got)
	if want := []int{2, 3, 5}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
