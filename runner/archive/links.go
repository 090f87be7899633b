package archive

import (
	"context"
	"strings"
)

// maxLinkTarget is the longest target that any system follows, in bytes.
const maxLinkTarget = 4096

// spot is a place that a link lies at, or a folder that one lies in at any depth. Names that some file system takes for
// the same are one spot.
type spot struct {
	up    *spot // nil: the package's own root
	below map[string]*spot
	link  *pointer // that lies here
}

// position is a place in the package: so many folders below a spot, in which no link lies. The zero value is nowhere.
type position struct {
	spot  *spot
	below int
}

// pointer is a symbolic link of the package. It is never made; the policy wants to know where it leads.
type pointer struct {
	raw, target string
	folder      *spot // that it lies in

	state linkState
	leads position // once it is known; nowhere: round in a circle
}

type linkState byte

const (
	untold linkState = iota
	walking
	told
)

// admitLink judges where a symbolic link leads by itself. One that stays inside is remembered for checkLinks.
func (p *policy) admitLink(it *item, target string) error {
	target = strings.ReplaceAll(target, `\`, "/")
	if target == "" || strings.HasPrefix(target, "/") || strings.ContainsAny(target, ":\x00") || len(target) > maxLinkTarget ||
		climbs(target) > strings.Count(it.name, "/") {
		return refuseEntry(codeLink, p.pkg, it.raw, shown(target))
	}
	at := &p.linked
	for part := range strings.SplitSeq(it.name, "/") {
		at = at.make(p.key(part))
	}
	at.link = &pointer{raw: it.raw, target: target, folder: at.up}
	p.links = append(p.links, at.link)
	return nil
}

// climbs is how many folders a target leads above where it begins, at its highest.
func climbs(target string) int {
	up, most := 0, 0
	for part := range strings.SplitSeq(target, "/") {
		switch part {
		case "", ".":
		case "..":
			up++
			most = max(most, up)
		default:
			up--
		}
	}
	return most
}

func (s *spot) make(key string) *spot {
	next := s.below[key]
	if next == nil {
		next = &spot{up: s}
		if s.below == nil {
			s.below = map[string]*spot{}
		}
		s.below[key] = next
	}
	return next
}

// checkLinks follows the links through each other, once all are known: each by itself may stay inside and yet their
// chain lead out. Where a link leads is found out once, so that the work grows with the length of all targets and not
// with the ways through them.
func (p *policy) checkLinks(ctx context.Context) error {
	for _, l := range p.links {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if p.leadsOut(l) {
			return refuseEntry(codeLink, p.pkg, l.raw, shown(l.target))
		}
	}
	return nil
}

// leadsOut walks to the link's target through other links, and keeps where that is.
func (p *policy) leadsOut(l *pointer) bool {
	if l.state == told {
		return false
	}
	l.state = walking
	at := position{spot: l.folder}
	for part := range strings.SplitSeq(l.target, "/") {
		p.steps++
		var out bool
		if at, out = p.walk(at, part); out {
			return true
		}
		if at.spot == nil { // nobody gets through a circle
			break
		}
	}
	l.state, l.leads = told, at
	return false
}

// walk goes one part of a target further.
func (p *policy) walk(at position, part string) (to position, out bool) {
	switch {
	case part == "" || part == ".":
		return at, false
	case part == ".." && at.below > 0:
		return position{at.spot, at.below - 1}, false
	case part == "..":
		return position{spot: at.spot.up}, at.spot.up == nil
	case at.below > 0 || len(at.spot.below) == 0:
		return position{at.spot, at.below + 1}, false
	}
	next := at.spot.below[p.key(part)]
	switch {
	case next == nil:
		return position{at.spot, 1}, false
	case next.link == nil:
		return position{spot: next}, false
	case next.link.state == walking:
		return position{}, false
	}
	out = p.leadsOut(next.link)
	return next.link.leads, out
}
