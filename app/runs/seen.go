package runs

import (
	"context"
	"maps"
	"strings"
	"sync"
)

// SeenScripts remembers, by hash, which scripts a person at this computer has read: those that were run from the window,
// and those that were written in it.
type SeenScripts struct {
	store settings

	mu   sync.Mutex
	seen map[string]bool
}

type settings interface {
	SaveSettings(ctx context.Context, values map[string]string) error
}

// settingSeen, with the beginning of a script's hash behind it, is a setting.
const settingSeen = "script.seen."

// A script that is made to share so much of another one's hash takes 2^96 attempts.
const hashPart = 24

// Load takes what was remembered before, out of all settings.
func (s *SeenScripts) Load(kept map[string]string) {
	seen := map[string]bool{}
	for key := range kept {
		if hash, ok := strings.CutPrefix(key, settingSeen); ok {
			seen[hash] = true
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.Copy(seen, s.seen)
	s.seen = seen
}

func short(hash string) string { return hash[:min(hashPart, len(hash))] }

// Seen reports whether the script of that hash (model.ScriptHash) was read.
func (s *SeenScripts) Seen(hash string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen[short(hash)]
}

// MarkSeen remembers scripts by their hashes.
func (s *SeenScripts) MarkSeen(ctx context.Context, hashes ...string) error {
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
	s.Load(fresh)
	return nil
}
