package model

import (
	"cmp"
	"regexp"
	"strings"
	"sync"
)

// AWSAccount is an account at Amazon: its twelve digits and how people recognize it. It is recorded when its id is
// first seen.
type AWSAccount struct {
	ID        string
	Label     string
	Colour    Colour
	Protected bool // its id or label must be typed to start a run in it

	Alias      string // that it has at AWS; empty: none, or nobody may read it
	AliasAsked bool   // AWS was asked for it
}

// String is how a person reads the account: its digits, and its label, or else its alias at AWS, where it has one.
func (a AWSAccount) String() string {
	return strings.TrimSpace(a.ID + " " + cmp.Or(a.Label, a.Alias))
}

// Colour is one of [Colours], or empty.
type Colour string

// Colours lists the colours that an AWS account can be marked with.
func Colours() []Colour {
	return []Colour{"grey", "blue", "teal", "green", "yellow", "orange", "red", "purple"}
}

// Check returns what is wrong with the AWS account, field by field.
func (a AWSAccount) Check() []Problem {
	var ps problems
	ps.add("id", CheckAWSAccountID(a.ID))
	if a.Label != "" {
		ps.add("label", CheckName("AWS account", a.Label))
		if awsAccountID().MatchString(strings.TrimSpace(a.Label)) {
			ps.add("label", NewError("awsaccount.label.digits",
				"The label %q looks like an AWS account id. Choose a name that can't be mistaken for one.", a.Label))
		}
	}
	if a.Colour != "" {
		known := false
		names := make([]string, 0, 8)
		for _, c := range Colours() {
			known = known || c == a.Colour
			names = append(names, string(c))
		}
		if !known {
			ps.add("colour", NewError("awsaccount.colour", "%q is not one of the colours: %s.", a.Colour, strings.Join(names, ", ")))
		}
	}
	return ps.list
}

// Title is the name by which people know the account: its label, or else its alias at AWS, or else its id.
func (a AWSAccount) Title() string { return cmp.Or(a.Label, a.Alias, a.ID) }

// Matches reports whether typed is this account's id or the name that people read beside it: its label, or else its alias. It is how a
// person confirms a run in a protected account.
func (a AWSAccount) Matches(typed string) bool {
	typed = strings.TrimSpace(typed)
	name := cmp.Or(a.Label, a.Alias)
	return typed != "" && (typed == a.ID || name != "" && NameKey(typed) == NameKey(name))
}

// IsAccountAlias reports whether text has the form of an account's alias at AWS.
func IsAccountAlias(text string) bool { return accountAlias().MatchString(text) }

var (
	awsAccountID = pattern(`^[0-9]{12}$`)
	// Source: IAM API reference, CreateAccountAlias.
	accountAlias = pattern(`^[a-z0-9]([a-z0-9-]{1,61}[a-z0-9])$`)
	// Source: IAM API reference, role ARNs; path characters U+0021 to U+007E, name characters as RoleName.
	roleARN = pattern(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/([!-~]*/)?[\w+=,.@-]{1,64}$`)
	// Source: STS API reference, AssumeRole.
	sessionName = pattern(`^[\w+=,.@-]{2,64}$`)
	mfaSerial   = pattern(`^[\w+=/:,.@-]{9,256}$`)
	externalID  = pattern(`^[\w+=,.@:/\\-]{2,}$`)
)

// pattern compiles an expression when it is first used: compiling all of them takes almost a millisecond at each start
// of the command.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// CheckAWSAccountID returns what is wrong with an AWS account id.
func CheckAWSAccountID(id string) error {
	if !awsAccountID().MatchString(strings.TrimSpace(id)) {
		return NewError("awsaccount.id", "%q is not an AWS account id. Use twelve digits, such as 123456789012.", id)
	}
	return nil
}

// CheckRegion returns what is wrong with a region; empty, expressions and regions that are not known but have the form of a
// partition pass.
func CheckRegion(code string) error {
	code = strings.TrimSpace(code)
	if code == "" || HasExpression(code) || RegionPartition(code) != "" {
		return nil
	}
	return NewError("region.form",
		"%q is not an AWS region code, and does not look like one. Use one such as eu-west-1 or us-gov-east-1.", code)
}

// CheckRoleARN returns what is wrong with the ARN of a role to assume; expressions pass.
func CheckRoleARN(arn string) error {
	arn = strings.TrimSpace(arn)
	switch {
	case arn == "":
		return NewError(codeRoleARNEmpty, "No role to assume is given. Enter its ARN, such as arn:aws:iam::123456789012:role/deployer, or "+
			"choose not to assume a role.")
	case HasExpression(arn) || roleARN().MatchString(arn):
		return nil
	}
	return NewError("role.arn.form", "%q is not a role ARN. Use one such as arn:aws:iam::123456789012:role/deployer.", arn)
}

// AccountOfRole returns the id of the AWS account that a role belongs to, which is where its sessions act. It is empty
// if arn is not a role ARN.
func AccountOfRole(arn string) string {
	arn = strings.TrimSpace(arn)
	if !roleARN().MatchString(arn) {
		return ""
	}
	return strings.Split(arn, ":")[4]
}

// AccountOfARN returns the id of the AWS account that an ARN names; empty if it names none.
func AccountOfARN(text string) string {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || CheckAWSAccountID(parts[4]) != nil {
		return ""
	}
	return parts[4]
}

// PartitionOfARN returns the partition of an ARN, such as aws-us-gov. It is empty if text is no ARN.
func PartitionOfARN(text string) string {
	parts := strings.SplitN(text, ":", 3)
	if len(parts) < 3 || parts[0] != "arn" {
		return ""
	}
	return parts[1]
}

// CheckSessionName returns what is wrong with a role session name; empty (one is generated) and expressions pass.
func CheckSessionName(name string) error {
	if name == "" || HasExpression(name) || sessionName().MatchString(name) {
		return nil
	}
	return NewError("role.sessionname.form",
		"%q can't be a session name. AWS accepts 2 to 64 letters, digits and _ + = , . @ - without spaces.", name)
}

// CheckMFASerial returns what is wrong with the serial number or ARN of an MFA device; empty (none) and expressions pass.
func CheckMFASerial(serial string) error {
	if serial == "" || HasExpression(serial) || mfaSerial().MatchString(serial) {
		return nil
	}
	return NewError("mfa.serial.form",
		"%q is not an MFA device. Use its ARN, such as arn:aws:iam::123456789012:mfa/me, or the serial number of a hardware device.", serial)
}

// CheckExternalID returns what is wrong with an external ID; empty (none is sent) and expressions pass.
func CheckExternalID(id string) error {
	if id == "" || HasExpression(id) || (len(id) <= 1224 && externalID().MatchString(id)) {
		return nil
	}
	return NewError("role.externalid.form",
		"The external ID can't be sent: AWS accepts 2 to 1,224 letters, digits and _ + = , . @ : / \\ - without spaces.")
}

// Limits of an assumed role's session in seconds. Source: STS API reference, AssumeRole.DurationSeconds.
const (
	MinSession = 900
	MaxSession = 43200
)

// CheckSessionDuration returns what is wrong with the duration of a role session in seconds; 0 leaves it to AWS (1
// hour).
func CheckSessionDuration(seconds int) error {
	if seconds == 0 || (seconds >= MinSession && seconds <= MaxSession) {
		return nil
	}
	return NewError("role.duration.range", "A role session can't last %s. AWS accepts %d (15 minutes) to %d (12 hours).",
		Count(seconds, "second", "seconds"), MinSession, MaxSession)
}
