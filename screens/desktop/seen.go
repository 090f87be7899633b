package desktop

import (
	"context"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model/store"
)

// seenScripts remembers, by hash, which scripts a person at this computer has had before the eyes: those that were run
// from the window, and those that were written in it.
type seenScripts struct {
	store *store.Store

	mu   sync.Mutex
	seen map[string]bool
}

// settingSeen, with the beginning of a script's hash behind it, is a setting.
const settingSeen = "script.seen."

// A script that is made to share so much of another one's hash takes 2^96 attempts.
const hashPart = 24

func newSeenScripts(st *store.Store, settings map[string]string) *seenScripts {
	s := &seenScripts{store: st, seen: map[string]bool{}}
	for key := range settings {
		if hash, ok := strings.CutPrefix(key, settingSeen); ok {
			s.seen[hash] = true
		}
	}
	return s
}

func short(hash string) string { return hash[:min(hashPart, len(hash))] }

// Seen implements runs.Scripts.
func (s *seenScripts) Seen(hash string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen[short(hash)]
}

// MarkSeen implements runs.Scripts.
func (s *seenScripts) MarkSeen(ctx context.Context, hashes ...string) error {
	fresh := map[string]string{}
	for _, h := range hashes {
		if !s.Seen(h) {
			fresh[settingSeen+short(h)] = "1"
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := s.store.SaveSettings(ctx, fresh); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range hashes {
		s.seen[short(h)] = true
	}
	return nil
}
