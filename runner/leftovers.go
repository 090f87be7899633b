package runner

import (
	"sync"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/process"
)

// spared are the processes that steps of a run left behind and that keep running. They must be told from what a killed supervisor
// leaves. It is safe for concurrent use.
type spared struct {
	mu   sync.Mutex
	pids []int
}

func (s *spared) add(left []process.Process) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range left {
		s.pids = append(s.pids, p.PID)
	}
}

func (s *spared) list() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]int(nil), s.pids...)
}

// logLeftovers logs the processes that the script left running.
func (s *stepRun) logLeftovers(res process.Result) {
	if len(res.Left) > 0 {
		s.spared.add(res.Left)
		s.log.Say(model.LevelInfo, "The script left processes running, as the step allows: "+names(res.Left)+".")
	}
	if len(res.Leftover) > 0 {
		sentence := "The script left processes running. They were ended: " + names(res.Leftover) + "."
		s.warn(sentence)
		s.log.Say(model.LevelWarning, sentence)
	}
	if len(res.Survivors) > 0 {
		sentence := "These processes of the script could not be ended: " + names(res.Survivors) + "."
		s.warn(sentence)
		s.log.Say(model.LevelError, sentence)
	}
}
