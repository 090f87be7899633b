package model

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// AssumeRole is the role that the step assumes; nil for none. Then are further roles, which have none themselves: see Chain. Its
// JSON, with the keys of the project file, is in the database and in the records of the command.
type AssumeRole struct {
	ARN            string   `json:"arn"`
	SessionName    string   `json:"sessionName" about:"empty: one is generated for the run"`
	Duration       int      `json:"duration" about:"seconds; 0: the default of AWS"`
	ExternalID     string   `json:"externalId"`
	Policy         string   `json:"policy,omitempty" about:"session policy, JSON"`
	PolicyARNs     []string `json:"policyArns,omitempty" about:"managed policies that limit the session"`
	Tags           []Tag    `json:"tags,omitempty" about:"session tags"`
	SourceIdentity string   `json:"sourceIdentity,omitempty"`

	Then []AssumeRole `json:"then,omitempty" about:"further roles, each assumed with the session of the one before it"`
}

// Tag is a tag of a role's session.
type Tag struct {
	Key        string `json:"key"`
	Value      string `json:"value"`
	Transitive bool   `json:"transitive,omitempty" about:"roles that are assumed from the session have it too"`
}

// Limits of a role's session. Source: STS API reference, AssumeRole.
const (
	MaxSessionPolicy = 2048 // characters
	MaxPolicyARNs    = 10
	maxTags          = 50
	maxTagKey        = 128 // characters
	maxTagValue      = 256
)

// Source: STS API reference, AssumeRole and Tag; IAM API reference, policy ARNs. A key with = could not be told from its value
// where both stand in one line.
var (
	policyARN      = pattern(`^arn:aws[a-z-]*:iam::(aws|[0-9]{12}):policy/([!-~]*/)?[\w+=,.@-]{1,128}$`)
	tagKey         = pattern(`^[\p{L}\p{Z}\p{N}_.:/+\-@]+$`)
	tagValue       = pattern(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
	sourceIdentity = pattern(`^[\w+=,.@-]{2,64}$`)
)

// MaxChained is the longest session in seconds of a role that is assumed with the session of another. Source: IAM User Guide,
// "Role chaining".
const MaxChained = 3600

// Chain returns the roles in the order in which they are assumed, each without further ones. The step acts as the last.
func (r AssumeRole) Chain() []AssumeRole {
	roles := append([]AssumeRole{r}, r.Then...)
	for i := range roles {
		roles[i].Then = nil
	}
	return roles
}

// ChainOf returns roles as one that the others follow; nil for none.
func ChainOf(roles []AssumeRole) *AssumeRole {
	if len(roles) == 0 {
		return nil
	}
	first := roles[0]
	first.Then = slices.Clone(roles[1:])
	return &first
}

// Acting returns the last role, which decides the AWS account and what the step may do.
func (r AssumeRole) Acting() AssumeRole {
	chain := r.Chain()
	return chain[len(chain)-1]
}

// Check returns what is wrong with the role and those that follow it, field by field.
func (r AssumeRole) Check() []Problem {
	ps := problems{r.checkOwn()}
	for i, next := range r.Then {
		prefix := fmt.Sprintf("then[%d].", i)
		ps.addAll(prefix, next.checkOwn())
		if len(next.Then) > 0 {
			ps.add(prefix+"then", NewError("role.chain.nested", "A further role has further roles itself. List them all after the first role."))
		}
	}
	ps.addAll("", r.conflicts())
	return ps.list
}

// conflicts returns what a further role can't have because of a role before it.
func (r AssumeRole) conflicts() []Problem {
	var ps problems
	inherited, source := transitive(r.Tags), r.SourceIdentity
	for i, next := range r.Then {
		at := fmt.Sprintf("then[%d].", i)
		for _, t := range next.Tags {
			if slices.Contains(inherited, strings.ToLower(t.Key)) && !HasExpression(t.Key) {
				ps.add(at+"tags", NewError("role.tags.inherited",
					"The session has the tag %q from a role before it, where it is transitive. Remove one of the two.", t.Key))
			}
		}
		inherited = append(inherited, transitive(next.Tags)...)
		if own := next.SourceIdentity; own != "" && source != "" && own != source && !HasExpression(own+source) {
			ps.add(at+"sourceIdentity", NewError("role.sourceidentity.changed",
				"A role before this one sets the source identity %q, which stays. Leave it empty here.", source))
		}
		source = cmp.Or(source, next.SourceIdentity)
	}
	return ps.list
}

// transitive returns the names of the transitive tags in lower case.
func transitive(tags []Tag) []string {
	var keys []string
	for _, t := range tags {
		if t.Transitive {
			keys = append(keys, strings.ToLower(t.Key))
		}
	}
	return keys
}

func (r AssumeRole) checkOwn() []Problem {
	var ps problems
	ps.add("arn", CheckRoleARN(r.ARN))
	ps.add("sessionName", CheckSessionName(r.SessionName))
	ps.add("duration", CheckSessionDuration(r.Duration))
	ps.add("externalId", CheckExternalID(r.ExternalID))
	ps.add("policy", CheckSessionPolicy(r.Policy))
	ps.add("policyArns", CheckPolicyARNs(r.PolicyARNs))
	ps.add("tags", CheckTags(r.Tags))
	ps.add("sourceIdentity", CheckSourceIdentity(r.SourceIdentity))
	return ps.list
}

// Equal reports whether both are the same role, with a session that is asked for in the same way.
func (r AssumeRole) Equal(o AssumeRole) bool {
	return r.ARN == o.ARN && r.SessionName == o.SessionName && r.Duration == o.Duration && r.ExternalID == o.ExternalID &&
		r.Policy == o.Policy && slices.Equal(r.PolicyARNs, o.PolicyARNs) && slices.Equal(r.Tags, o.Tags) &&
		r.SourceIdentity == o.SourceIdentity && slices.EqualFunc(r.Then, o.Then, AssumeRole.Equal)
}

// CheckSessionPolicy returns what is wrong with a session policy; empty (none) and expressions pass.
func CheckSessionPolicy(policy string) error {
	policy = strings.TrimSpace(policy)
	switch {
	case policy == "" || HasExpression(policy):
		return nil
	case utf8.RuneCountInString(policy) > MaxSessionPolicy:
		return NewError("role.policy.long", "The session policy has more than 2,048 characters, which is all that AWS accepts. Shorten it, or "+
			"name a managed policy instead.")
	case !strings.HasPrefix(policy, "{") || !json.Valid([]byte(policy)):
		return NewError("role.policy.form", `The session policy is not JSON. Write one such as {"Version": "2012-10-17", "Statement": […]}.`)
	}
	return nil
}

// CheckPolicyARNs returns what is wrong with the ARNs of managed policies; none and expressions pass.
func CheckPolicyARNs(arns []string) error {
	if len(arns) > MaxPolicyARNs {
		return NewError("role.policyarns.many", "A session can't have %d managed policies: AWS accepts 10.", len(arns))
	}
	for _, arn := range arns {
		if err := CheckPolicyARN(arn); err != nil {
			return err
		}
	}
	return nil
}

// CheckPolicyARN returns what is wrong with the ARN of a managed policy; expressions pass.
func CheckPolicyARN(arn string) error {
	if HasExpression(arn) || policyARN().MatchString(strings.TrimSpace(arn)) {
		return nil
	}
	return NewError("role.policyarns.form", "%q is not the ARN of a policy. Use one such as arn:aws:iam::aws:policy/ReadOnlyAccess.", arn)
}

// CheckTags returns what is wrong with session tags. AWS doesn't distinguish upper and lower case in their keys.
func CheckTags(tags []Tag) error {
	if len(tags) > maxTags {
		return NewError("role.tags.many", "A session can't have %d tags: AWS accepts 50.", len(tags))
	}
	seen := map[string]bool{}
	for _, t := range tags {
		if err := t.check(); err != nil {
			return err
		}
		if key := strings.ToLower(t.Key); seen[key] && !HasExpression(t.Key) {
			return NewError("role.tags.twice", "The session has two tags %q. Remove one: AWS takes upper and lower case for the same.", t.Key)
		}
		seen[strings.ToLower(t.Key)] = true
	}
	return nil
}

func (t Tag) check() error {
	switch {
	case strings.TrimSpace(t.Key) == "":
		return NewError("role.tags.key", "A session tag has no name. Enter one.")
	case HasExpression(t.Key):
	case utf8.RuneCountInString(t.Key) > maxTagKey || !tagKey().MatchString(t.Key) || strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
		return NewError("role.tags.key",
			"%q can't be the name of a session tag. Use up to 128 letters, digits, spaces and _ . : / + - @, not beginning with aws:.", t.Key)
	}
	if HasExpression(t.Value) || utf8.RuneCountInString(t.Value) <= maxTagValue && tagValue().MatchString(t.Value) {
		return nil
	}
	return NewError("role.tags.value",
		"The value of the session tag %q can't be sent. Use up to 256 letters, digits, spaces and _ . : / = + - @.", t.Key)
}

// CheckSourceIdentity returns what is wrong with a source identity; empty (none is sent) and expressions pass.
func CheckSourceIdentity(name string) error {
	if name == "" || HasExpression(name) ||
		sourceIdentity().MatchString(name) && !strings.HasPrefix(strings.ToLower(name), "aws:") {
		return nil
	}
	return NewError("role.sourceidentity.form",
		"%q can't be a source identity. AWS accepts 2 to 64 letters, digits and _ + = , . @ - without spaces.", name)
}
