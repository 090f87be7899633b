package runs

import (
	"context"
	"maps"
	"strings"
	"sync"
)

// SeenScripts remembers, by hash, which scripts have been looked at on this computer: those that were run from the window or
// written in it. It is safe for concurrent use.
type SeenScripts struct {
	store settings

	mu   sync.Mutex
	seen map[string]bool
}

type settings interface {
	SaveSettings(ctx context.Context, values map[string]string) error
}

// settingSeen is the prefix of the settings' keys, followed by the beginning of a script's hash.
const settingSeen = "script.seen."

// hashPart is how many hexadecimal digits of a hash are stored. Another script with the same 24 takes 2^96 attempts to find.
const hashPart = 24

// Load adds the scripts in the stored settings.
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

// Seen reports whether the script with a hash (model.ScriptHash) has been looked at.
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
