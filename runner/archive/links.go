package archive

import (
	"strings"
)

// maxLinkTarget is the longest target that any system follows, in bytes.
const maxLinkTarget = 4096

// maxLinkHops ends the following of links that go round in circles.
const maxLinkHops = 64

// pointer is a symbolic link of the package. It is never made; the policy wants to know where it leads.
type pointer struct {
	raw, name, target string
}

// admitLink judges where a symbolic link leads by itself. One that stays inside is remembered for checkLinks.
func (p *policy) admitLink(it *item, target string) error {
	target = strings.ReplaceAll(target, `\`, "/")
	if target == "" || strings.HasPrefix(target, "/") || strings.ContainsAny(target, ":\x00") || len(target) > maxLinkTarget {
		return refuseEntry(codeLink, p.pkg, it.raw, shown(target))
	}
	at := pointer{raw: it.raw, name: it.name, target: target}
	if at.leadsOut(p, false) {
		return refuseEntry(codeLink, p.pkg, it.raw, shown(target))
	}
	p.links[p.key(it.name)] = at
	return nil
}

// checkLinks follows the links through each other, once all are known: each by itself may stay inside and yet their
// chain lead out.
func (p *policy) checkLinks() error {
	for _, l := range p.links {
		if l.leadsOut(p, true) {
			return refuseEntry(codeLink, p.pkg, l.raw, shown(l.target))
		}
	}
	return nil
}

// leadsOut walks to the link's target, through other links if follow is set.
func (l pointer) leadsOut(p *policy, follow bool) bool {
	var at []string
	if cut := strings.LastIndexByte(l.name, '/'); cut >= 0 {
		at = strings.Split(l.name[:cut], "/")
	}
	todo := strings.Split(l.target, "/")
	for hops := 0; len(todo) > 0; {
		part := todo[0]
		todo = todo[1:]
		switch part {
		case "", ".":
		case "..":
			if len(at) == 0 {
				return true
			}
			at = at[:len(at)-1]
		default:
			at = append(at, part)
			next, isLink := p.links[p.key(strings.Join(at, "/"))]
			if !follow || !isLink {
				continue
			}
			if hops++; hops > maxLinkHops {
				return false
			}
			at = at[:len(at)-1]
			todo = append(strings.Split(next.target, "/"), todo...)
		}
	}
	return false
}
