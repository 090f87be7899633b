package runner

import (
	"crypto/sha256"
	"encoding/json"
	"sync"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// How long choices are kept, and how many lists. They are in this process's memory only.
const (
	choicesKept = 5 * time.Minute
	keptLists   = 32
)

// choicesCache keeps what AWS answered. Its zero value is empty and usable.
type choicesCache struct {
	mu   sync.Mutex
	kept map[[sha256.Size]byte]Choices
}

func (c *choicesCache) get(key [sha256.Size]byte, now time.Time) (Choices, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	list, ok := c.kept[key]
	return list, ok && now.Sub(list.At) < choicesKept
}

// put keeps a list, instead of the oldest one if there are many.
func (c *choicesCache) put(key [sha256.Size]byte, list Choices) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[[sha256.Size]byte]Choices{}
	}
	c.kept[key] = list
	for len(c.kept) > keptLists {
		oldest := key
		for k, l := range c.kept {
			if l.At.Before(c.kept[oldest].At) {
				oldest = k
			}
		}
		delete(c.kept, oldest)
	}
}

// choicesKey identifies a question to AWS: who asks, where, and what. An account that has been changed since is another one.
func choicesKey(p model.Prompt, s StepPlan) [sha256.Size]byte {
	account := s.Account
	account.Verified = model.Verification{} // says nothing of how the account signs in
	text, _ := json.Marshal([]any{          // of plain texts and numbers, which can always be encoded
		account, s.Role, s.Region, s.Expect, s.Step.Name, p.Choices.Arguments(), p.Control,
	})
	return sha256.Sum256(text)
}
