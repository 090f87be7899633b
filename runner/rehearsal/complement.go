package rehearsal

import (
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// complement returns statements that deny all that the role's own session policy does not allow. covered says that the role has
// ReadOnlyAccess itself: then its policy allows more than that, and only its denials are left.
func complement(role model.AssumeRole, covered bool) ([]statement, error) {
	if strings.TrimSpace(role.Policy) == "" {
		return nil, nil
	}
	own, ok := parse(role.Policy)
	if !ok {
		return nil, cannotJoin(role, "it can't be read")
	}
	var denials, allowed []statement
	for _, s := range own {
		if s.Effect == "Deny" {
			denials = append(denials, s)
		} else {
			allowed = append(allowed, s)
		}
	}
	if covered {
		return denials, nil
	}
	rest, why := deniedRest(allowed)
	if why != "" {
		return nil, cannotJoin(role, why)
	}
	return append(denials, rest...), nil
}

func cannotJoin(role model.AssumeRole, why string) error {
	return model.NewError("rehearse.policy",
		"The session policy of the role %s can't be joined with that of a rehearsal: %s. Leave the step out of the rehearsal, or write the "+
			"policy in another way.", role.ARN, why)
}

// deniedRest returns statements that deny what none of the others allows, or why there are none.
func deniedRest(allowed []statement) (denied []statement, why string) {
	for _, s := range allowed {
		switch {
		case s.Condition != nil:
			return nil, "it allows something under a condition"
		case slices.ContainsFunc(slices.Concat(s.Action, s.NotAction, s.Resource, s.NotResource), hasVariable):
			return nil, "it allows something with a policy variable (${…})"
		}
	}
	allowed = merged(allowed)
	if len(allowed) == 0 {
		return []statement{{Effect: "Deny", Action: texts{"*"}, Resource: texts{"*"}}}, ""
	}
	if len(allowed) == 1 {
		return restOfOne(allowed[0]), ""
	}
	return restOfMany(allowed)
}

func hasVariable(text string) bool { return strings.Contains(text, "${") }

// merged joins statements that differ only in their actions, or only in their resources.
func merged(list []statement) []statement {
	var once []statement
	for _, s := range list {
		s.Action, s.NotAction, s.Resource, s.NotResource = sorted(s.Action), sorted(s.NotAction), sorted(s.Resource), sorted(s.NotResource)
		once = append(once, s)
	}
	for i := 0; i < len(once); i++ {
		for j := i + 1; j < len(once); j++ {
			if join(&once[i], once[j]) {
				once, i = slices.Delete(once, j, j+1), -1 // what was joined may join others
				break
			}
		}
	}
	return once
}

// join adds other to s if both together allow no more than each by itself, and reports whether it did.
func join(s *statement, other statement) bool {
	sameResources := slices.Equal(s.Resource, other.Resource) && slices.Equal(s.NotResource, other.NotResource)
	sameActions := slices.Equal(s.Action, other.Action) && slices.Equal(s.NotAction, other.NotAction)
	switch {
	case sameResources && s.Action != nil && other.Action != nil:
		s.Action = sorted(append(s.Action, other.Action...))
	case sameActions && s.Resource != nil && other.Resource != nil:
		s.Resource = sorted(append(s.Resource, other.Resource...))
	default:
		return false
	}
	return true
}

func sorted(t texts) texts {
	if t == nil {
		return nil
	}
	t = slices.Clone(t)
	slices.Sort(t)
	return slices.Compact(t)
}

// restOfOne denies what one statement does not allow: other actions, and any on other resources.
func restOfOne(s statement) (denied []statement) {
	switch {
	case s.NotAction != nil:
		denied = append(denied, statement{Effect: "Deny", Action: s.NotAction, Resource: texts{"*"}})
	case !slices.Contains(s.Action, "*"):
		denied = append(denied, statement{Effect: "Deny", NotAction: s.Action, Resource: texts{"*"}})
	}
	switch {
	case s.NotResource != nil:
		denied = append(denied, statement{Effect: "Deny", Action: texts{"*"}, Resource: s.NotResource})
	case !slices.Contains(s.Resource, "*"):
		denied = append(denied, statement{Effect: "Deny", Action: texts{"*"}, NotResource: s.Resource})
	}
	return denied
}

// restOfMany does so for several, none of which may be about an action of another: then the resources of each can be denied apart.
func restOfMany(list []statement) (denied []statement, why string) {
	var all texts
	for i, s := range list {
		if s.NotAction != nil || s.NotResource != nil {
			return nil, "one of several statements has NotAction or NotResource"
		}
		for _, other := range list[:i] {
			if pair := common(s.Action, other.Action); pair != "" {
				return nil, "two statements with different resources allow " + pair
			}
		}
		all = append(all, s.Action...)
		if !slices.Contains(s.Resource, "*") {
			denied = append(denied, statement{Effect: "Deny", Action: s.Action, NotResource: s.Resource})
		}
	}
	return append([]statement{{Effect: "Deny", NotAction: sorted(all), Resource: texts{"*"}}}, denied...), ""
}

// common returns an action pattern of a that shares an action with one of b, or empty.
func common(a, b texts) string {
	for _, p := range a {
		for _, q := range b {
			if meet(strings.ToLower(p), strings.ToLower(q)) {
				return p
			}
		}
	}
	return ""
}

// meet reports whether there is a text that is of both patterns, in which * stands for any characters and ? for one.
func meet(p, q string) bool {
	// reach[j] says that the part of p so far and q[:j] have a text in common.
	reach := make([]bool, len(q)+1)
	reach[0] = true
	for j := range len(q) {
		reach[j+1] = reach[j] && q[j] == '*'
	}
	for i := range len(p) {
		next := make([]bool, len(q)+1)
		next[0] = reach[0] && p[i] == '*'
		for j := range len(q) {
			if p[i] == '*' || q[j] == '*' {
				next[j+1] = reach[j+1] || next[j]
			} else {
				next[j+1] = reach[j] && (p[i] == q[j] || p[i] == '?' || q[j] == '?')
			}
		}
		reach = next
	}
	return reach[len(q)]
}
