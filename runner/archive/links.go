package archive

import (
	"context"
	"strings"
)

// maxLinkTarget is the longest target that any system follows, in bytes.
const maxLinkTarget = 4096

// linkNode is a path that is a link, or a folder that contains one at any depth. Paths that some file system considers
// equal are one node.
type linkNode struct {
	up    *linkNode // nil for the package's root
	below map[string]*linkNode
	link  *symlink // the link at this path
}

// position is a path in the package: below levels below a node, where there are no links. The zero value is nowhere.
type position struct {
	linkNode *linkNode
	below    int
}

// symlink is a symbolic link in the package. It is never created; the policy only checks where it leads.
type symlink struct {
	raw, target string
	folder      *linkNode // that contains it

	state linkState
	leads position // once resolved; nowhere if it leads in a circle
}

type linkState byte

const (
	unresolved linkState = iota
	resolving
	done
)

// admitLink checks a symbolic link on its own. One that stays inside is recorded for checkLinks.
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
	at.link = &symlink{raw: it.raw, target: target, folder: at.up}
	p.links = append(p.links, at.link)
	return nil
}

// climbs returns how many folders above its start a target leads at most.
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

func (s *linkNode) make(key string) *linkNode {
	next := s.below[key]
	if next == nil {
		next = &linkNode{up: s}
		if s.below == nil {
			s.below = map[string]*linkNode{}
		}
		s.below[key] = next
	}
	return next
}

// checkLinks follows links through each other, once all are known: each one may stay inside and yet their chain lead
// out. Each link is resolved once, so that the work grows with the total length of the targets and not with the number
// of paths through them.
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

// leadsOut resolves the link's target through other links, and records where it leads.
func (p *policy) leadsOut(l *symlink) bool {
	if l.state == done {
		return false
	}
	l.state = resolving
	at := position{linkNode: l.folder}
	for part := range strings.SplitSeq(l.target, "/") {
		p.steps++
		var out bool
		if at, out = p.walk(at, part); out {
			return true
		}
		if at.linkNode == nil { // a circle leads nowhere
			break
		}
	}
	l.state, l.leads = done, at
	return false
}

// walk follows one part of a target.
func (p *policy) walk(at position, part string) (to position, out bool) {
	switch {
	case part == "" || part == ".":
		return at, false
	case part == ".." && at.below > 0:
		return position{at.linkNode, at.below - 1}, false
	case part == "..":
		return position{linkNode: at.linkNode.up}, at.linkNode.up == nil
	case at.below > 0 || len(at.linkNode.below) == 0:
		return position{at.linkNode, at.below + 1}, false
	}
	next := at.linkNode.below[p.key(part)]
	switch {
	case next == nil:
		return position{at.linkNode, 1}, false
	case next.link == nil:
		return position{linkNode: next}, false
	case next.link.state == resolving:
		return position{}, false
	}
	out = p.leadsOut(next.link)
	return next.link.leads, out
}
