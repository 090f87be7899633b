package runner

import (
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// What is recorded of a step's highlights: they are for a glance, and the log has them all.
const maxHighlightBytes = 500

// highlights collects the lines that a script printed to be seen.
type highlights struct {
	list    []model.Highlight
	partial map[model.Stream]bool // the last line of the stream is continued by the next one
}

// take adds the highlights of a batch, whose first line has the number first, and reports whether there were new ones.
func (h *highlights) take(b model.LogBatch, first int64) bool {
	known, offset := len(h.list), 0
	for i, l := range b.Lines {
		text := b.Bytes[offset : offset+int(l.Len)]
		offset += int(l.Len)
		rest := h.partial[l.Stream]
		if l.Continued != rest {
			if h.partial == nil {
				h.partial = map[model.Stream]bool{}
			}
			h.partial[l.Stream] = l.Continued
		}
		if l.Level == model.LevelHighlight && l.Stream != model.StreamStepdeck && !rest {
			h.add(first+int64(i), text)
		}
	}
	return len(h.list) > known
}

func (h *highlights) add(line int64, text []byte) {
	if len(h.list) >= model.MaxHighlights {
		return
	}
	shown := joblog.StripSGR(joblog.Clean(string(text[:min(len(text), 4*maxHighlightBytes)])))
	if shown = strings.TrimSpace(model.SafeLine(shown)); shown == "" {
		return
	}
	if len(shown) > maxHighlightBytes {
		shown = model.SafeCut(shown, maxHighlightBytes) + "…"
	}
	h.list = append(h.list, model.Highlight{Line: line, Text: shown})
}
