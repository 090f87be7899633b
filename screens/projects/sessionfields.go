package projects

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
	"github.com/stepdeck/stepdeck/screens/widgets/form"
)

// sessionFields are the fields of a role that limit its session or mark it.
type sessionFields struct {
	at string // path of the role, with a dot at its end

	policy, policyARNs, tags, transitive, source *control.Entry

	section *form.Section
}

func newSessionFields(f *form.Form, at string) *sessionFields {
	k := f.Keys
	s := &sessionFields{
		at: at, policy: control.NewMultiline(k, 3), policyARNs: control.NewMultiline(k, 2), tags: control.NewMultiline(k, 2),
		transitive: control.NewEntry(k), source: control.NewEntry(k),
	}
	s.policy.SetPlaceHolder(lang.L("none"))
	s.policyARNs.SetPlaceHolder("arn:aws:iam::aws:policy/ReadOnlyAccess")
	s.tags.SetPlaceHolder(lang.L("Name=value"))
	s.transitive.SetPlaceHolder(lang.L("none"))
	s.source.SetPlaceHolder(lang.L("none"))
	s.section = form.NewSection(k, lang.L("More about the session"), false, form.Rows(
		f.Add(at+"policy", lang.L("Session policy"), lang.L("JSON. The session may do only what it and the role allow."), s.policy),
		f.Add(at+"policyArns", lang.L("Managed policies"), lang.L("ARNs, one on each line. They limit the session too."),
			s.policyARNs),
		f.Add(at+"tags", lang.L("Session tags"), lang.L("One on each line."), s.tags),
		f.Add(at+"tags.transitive", lang.L("Transitive tags"),
			lang.L("Names of tags that further roles have too, separated by commas."), s.transitive),
		f.Add(at+"sourceIdentity", lang.L("Source identity"), lang.L("It stays with the session in CloudTrail."), s.source),
	))
	s.section.Summary = s.summary
	return s
}

func (s *sessionFields) content() fyne.CanvasObject { return s.section.Content() }

func (s *sessionFields) fill(r model.AssumeRole) {
	var tags, transitive []string
	for _, t := range r.Tags {
		tags = append(tags, t.Key+"="+t.Value)
		if t.Transitive {
			transitive = append(transitive, t.Key)
		}
	}
	s.policy.SetText(r.Policy)
	s.policyARNs.SetText(strings.Join(r.PolicyARNs, "\n"))
	s.tags.SetText(strings.Join(tags, "\n"))
	s.transitive.SetText(strings.Join(transitive, ", "))
	s.source.SetText(r.SourceIdentity)
	if s.summary() != lang.L("none") {
		s.section.SetOpen(true)
	}
}

func (s *sessionFields) read(r *model.AssumeRole) {
	r.Policy, r.SourceIdentity = strings.TrimSpace(s.policy.Text), strings.TrimSpace(s.source.Text)
	r.PolicyARNs, r.Tags = lines(s.policyARNs.Text), s.readTags()
}

func (s *sessionFields) readTags() []model.Tag {
	transitive := s.transitiveKeys()
	var tags []model.Tag
	for _, line := range lines(s.tags.Text) {
		key, value, _ := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		tags = append(tags, model.Tag{Key: key, Value: strings.TrimSpace(value), Transitive: slices.Contains(transitive, key)})
	}
	return tags
}

func (s *sessionFields) transitiveKeys() []string {
	return lines(strings.ReplaceAll(s.transitive.Text, ",", "\n"))
}

// check finds a transitive tag that is none of the tags, which the model never sees.
func (s *sessionFields) check() []form.Problem {
	tags := s.readTags()
	for _, key := range s.transitiveKeys() {
		if !slices.ContainsFunc(tags, func(t model.Tag) bool { return t.Key == key }) {
			err := model.NewError("role.tags.transitive", "There is no session tag %q that could be transitive. Add it, or remove it here.", key)
			return []form.Problem{{Field: s.at + "tags.transitive", Err: err}}
		}
	}
	return nil
}

// texts returns the fields' texts by their paths.
func (s *sessionFields) texts() map[string]string {
	return map[string]string{
		s.at + "policy": s.policy.Text, s.at + "policyArns": s.policyARNs.Text, s.at + "tags": s.tags.Text,
		s.at + "sourceIdentity": s.source.Text,
	}
}

func (s *sessionFields) summary() string {
	var parts []string
	for _, p := range []struct{ title, text string }{
		{lang.L("Session policy"), s.policy.Text}, {lang.L("Managed policies"), s.policyARNs.Text}, {lang.L("Session tags"), s.tags.Text},
		{lang.L("Source identity"), s.source.Text},
	} {
		if strings.TrimSpace(p.text) != "" {
			parts = append(parts, p.title)
		}
	}
	if len(parts) == 0 {
		return lang.L("none")
	}
	return strings.Join(parts, " · ")
}

// lines returns the lines of a text that are not empty.
func lines(text string) []string {
	var list []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}
