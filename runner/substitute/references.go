package substitute

// frame is where a template is expanded.
type frame struct {
	value  *value // the variable whose value it is; nil: it is the text itself
	locals *local
}

// value is an expanded variable, or what an expression comes to. Its references have no position, so that every use can report
// them.
type value struct {
	text      string
	sensitive bool
	secret    bool // the variable itself is sensitive: what looks like a name in it may be part of the secret
	expanding bool
	refs      []pending
	seen      map[pending]bool // the set of refs
}

// pending is a reference whose position in the text is not known yet.
type pending struct {
	kind       refKind
	name       string
	expression string
	why        string
	in         string
}

type refKind uint8

const (
	undefined refKind = iota
	sensitive
	unparsed
	unapplied
	absent
)

type seenReference struct {
	kind refKind
	Reference
}

type position struct{ line, column int }

// add notes a reference.
func (e *expander) add(f frame, p pending) {
	if f.value == nil {
		e.report(p)
		return
	}
	if p.in == "" {
		p.in = e.holder()
	}
	if f.value.secret && p.kind != sensitive {
		p.name, p.expression, p.why = "", "", ""
	}
	f.value.add(p)
}

// collect notes the references of a value that is used; with secrets, what it contains as well.
func (e *expander) collect(f frame, refs []pending, secrets bool) {
	for _, p := range refs {
		if secrets || p.kind != sensitive {
			e.add(f, p)
		}
	}
}

// mark notes that a sensitive value is used.
func (e *expander) mark(f frame) {
	if f.value == nil {
		e.result.Sensitive = true
		return
	}
	f.value.sensitive = true
}

// report adds a reference at the current position to the result, once.
func (e *expander) report(p pending) {
	list := e.list(p.kind)
	if len(*list) >= MaxReferences {
		return
	}
	r := Reference{Name: p.name, Expression: p.expression, Why: p.why, Line: e.at.line, Column: e.at.column, In: p.in}
	key := seenReference{p.kind, r}
	if e.seen[key] {
		return
	}
	if e.seen == nil {
		e.seen = map[seenReference]bool{}
	}
	e.seen[key] = true
	*list = append(*list, r)
}

func (e *expander) list(kind refKind) *[]Reference {
	switch kind {
	case sensitive:
		return &e.result.Sensitives
	case unparsed:
		return &e.result.Unparsed
	case unapplied:
		return &e.result.Unapplied
	case absent:
		return &e.result.Absent
	}
	return &e.result.Undefined
}

// holder returns the variable whose value is being expanded, or "" for the text itself.
func (e *expander) holder() string {
	if len(e.chain) == 0 {
		return ""
	}
	return e.chain[len(e.chain)-1]
}

func (v *value) add(p pending) {
	if len(v.refs) >= MaxReferences || v.seen[p] {
		return
	}
	if v.seen == nil {
		v.seen = map[pending]bool{}
	}
	v.seen[p] = true
	v.refs = append(v.refs, p)
}

func (v *value) hasUndefined() bool {
	for _, p := range v.refs {
		if p.kind == undefined || p.kind == unapplied {
			return true
		}
	}
	return false
}

// sensitives returns the references to sensitive variables.
func sensitives(refs []pending) []pending {
	var list []pending
	for _, p := range refs {
		if p.kind == sensitive {
			list = append(list, p)
		}
	}
	return list
}

// secretPart reports what was taken out of a sensitive value.
func (e *expander) secretPart(key string, v *value) {
	if v.sensitive && v.text != "" && v.text != Hidden && len(e.result.Parts) < MaxReferences {
		e.result.Parts = append(e.result.Parts, Part{key, v.text})
	}
}
