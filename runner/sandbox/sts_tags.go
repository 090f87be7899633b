package sandbox

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of session tags. Source: IAM User Guide, "Pass session tags in AWS STS".
const (
	maxTags     = 50
	maxTagKey   = 128 // characters
	maxTagValue = 256
)

// readTags adds the session tags of a request to asked, and the transitive ones of the session that it is made with.
func readTags(form url.Values, from Session, asked *Session) *fault {
	keys, values := list(form, "Tags", ".Key"), list(form, "Tags", ".Value")
	transitive := list(form, "TransitiveTagKeys", "")
	if f := checkTags(keys, values, transitive, from); f != nil {
		return f
	}
	asked.Tags, asked.TransitiveTagKeys = map[string]string{}, transitive
	for _, k := range from.TransitiveTagKeys {
		asked.Tags[k] = from.Tags[k]
		asked.TransitiveTagKeys = append(asked.TransitiveTagKeys, k)
	}
	for i, k := range keys {
		asked.Tags[k] = values[i]
	}
	return nil
}

func checkTags(keys, values, transitive []string, from Session) *fault {
	seen := map[string]bool{}
	if len(keys) > maxTags || len(transitive) > maxTags {
		return constraint("tags", "", "Member must have length less than or equal to 50")
	}
	if len(keys) != len(values) {
		return constraint("tags", "null", "Member must not be null")
	}
	for i, k := range keys {
		folded := strings.ToLower(k)
		switch {
		case k == "" || utf8.RuneCountInString(k) > maxTagKey || strings.HasPrefix(folded, "aws:"):
			return constraint("tags.key", k, "Member must have 1 to 128 characters and must not begin with aws:")
		case utf8.RuneCountInString(values[i]) > maxTagValue:
			return constraint("tags.value", values[i], "Member must have length less than or equal to 256")
		case seen[folded]:
			return invalid("InvalidParameterValue", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		seen[folded] = true
	}
	for _, k := range transitive {
		if !slices.Contains(keys, k) {
			return invalid("InvalidParameterValue", "The specified transitive tag key must be included in the requested tags.")
		}
	}
	return checkInherited(seen, from)
}

func checkInherited(folded map[string]bool, from Session) *fault {
	for _, k := range from.TransitiveTagKeys {
		if folded[strings.ToLower(k)] {
			return invalid("InvalidParameterValue",
				"One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.")
		}
	}
	return nil
}

// readSource adds the source identity of a request to asked, or that of the session that it is made with.
func readSource(form url.Values, from Session, asked *Session) *fault {
	source := form.Get("SourceIdentity")
	switch {
	case !form.Has("SourceIdentity"):
		asked.SourceIdentity = from.SourceIdentity
	case !sourceForm().MatchString(source) || strings.HasPrefix(strings.ToLower(source), "aws:"):
		return constraint("sourceIdentity", source, `Member must have 2 to 64 characters and satisfy regular expression pattern: [\w+=,.@-]*`)
	case from.SourceIdentity != "" && from.SourceIdentity != source:
		return denied("AccessDenied", "SourceIdentity cannot be changed during role chaining: it is "+from.SourceIdentity)
	default:
		asked.SourceIdentity = source
	}
	return nil
}

// checkPacked returns a fault if policies and tags are too large together. How AWS packed them is not known: this counts them as
// they are.
func checkPacked(asked Session, limit int) *fault {
	size := len(asked.Policy)
	for _, arn := range asked.PolicyARNs {
		size += len(arn)
	}
	for k, v := range asked.Tags {
		size += len(k) + len(v)
	}
	if limit == 0 || size <= limit {
		return nil
	}
	return invalid("PackedPolicyTooLarge", fmt.Sprintf("Packed size of session tags consumes %d%% of allotted space.", size*100/limit))
}

// clone returns a copy that shares nothing with s.
func (s Session) clone() Session {
	s.Tags = maps.Clone(s.Tags)
	s.PolicyARNs, s.TransitiveTagKeys = slices.Clone(s.PolicyARNs), slices.Clone(s.TransitiveTagKeys)
	return s
}
