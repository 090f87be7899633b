package model

import (
	"slices"
	"strings"
	"unicode"
)

// kindField is a field of an account that only some kinds have.
type kindField struct {
	key   string // in the project file
	value *string
	kinds []AccountKind
}

func (a *Account) kindFields() []kindField {
	return []kindField{
		{"accessKeyId", &a.AccessKeyID, []AccountKind{KindAccessKey}},
		{"mfaDevice", &a.MFADevice, []AccountKind{KindAccessKey}},
		{"profile", &a.Profile, []AccountKind{KindProfile}},
		{"startUrl", &a.StartURL, []AccountKind{KindIdentityCenter}},
		{"signInRegion", &a.SignInRegion, []AccountKind{KindIdentityCenter, KindConsole}},
		{"awsAccount", &a.AWSID, []AccountKind{KindIdentityCenter}},
		{"role", &a.RoleName, []AccountKind{KindIdentityCenter}},
		{"process", &a.Process, []AccountKind{KindProcess}},
	}
}

// HasField reports whether accounts of this kind have the field with this key of the project file.
func (k AccountKind) HasField(key string) bool {
	for _, f := range new(Account).kindFields() {
		if f.key == key {
			return slices.Contains(f.kinds, k)
		}
	}
	switch key {
	case "secretKey", "sessionToken":
		return k == KindAccessKey
	}
	return true
}

// OnlyOwnFields returns the account without the fields that its kind does not have.
func (a Account) OnlyOwnFields() Account {
	for _, f := range a.kindFields() {
		if !slices.Contains(f.kinds, a.Kind) {
			*f.value = ""
		}
	}
	return a
}

// DifferentFields returns the keys of the fields by which the two accounts come to other identities; an import never changes these
// in an account that exists. A field that now lacks is not different if it lacks in an access key of the sandbox, which gets one.
func (a Account) DifferentFields(now Account) []string {
	if a.Kind != now.Kind {
		return []string{"kind"}
	}
	var keys []string
	other := now.kindFields()
	for i, f := range a.kindFields() {
		made := f.key == "accessKeyId" && *other[i].value == "" && now.InSandbox()
		if !made && strings.TrimSpace(*f.value) != strings.TrimSpace(*other[i].value) {
			keys = append(keys, f.key)
		}
	}
	if strings.TrimSpace(a.Endpoint) != strings.TrimSpace(now.Endpoint) {
		keys = append(keys, "endpoint")
	}
	return keys
}

// Identity describes how the account comes to its identity: its kind, and the fields of that kind that have a value.
func (a Account) Identity() string {
	parts := []string{"kind " + string(a.Kind)}
	for _, f := range a.kindFields() {
		if *f.value != "" {
			parts = append(parts, f.key+" "+SafeLine(*f.value))
		}
	}
	if a.Endpoint != "" {
		parts = append(parts, "endpoint "+SafeLine(a.Endpoint))
	}
	return strings.Join(parts, ", ")
}

// Differs returns the key, in the project file, of the first field in which given can't be this account, with what this account
// has there; found is false if it can. What given leaves empty can be anything. Names, descriptions and regions don't count.
func (a Account) Differs(given Account) (key, has string, found bool) {
	own := append(a.kindFields(), kindField{key: "endpoint", value: &a.Endpoint})
	for i, f := range append(given.kindFields(), kindField{key: "endpoint", value: &given.Endpoint}) {
		if *f.value == "" {
			*f.value = *own[i].value
		}
	}
	keys := a.DifferentFields(given)
	if len(keys) == 0 {
		return "", "", false
	}
	for _, f := range own {
		if f.key == keys[0] {
			return f.key, *f.value, true
		}
	}
	return "kind", string(a.Kind), true
}

// checkForeign adds a problem for each field that the account's kind does not have.
func (a Account) checkForeign(ps *problems) {
	if !slices.Contains(AccountKinds(), a.Kind) {
		return
	}
	for _, f := range a.kindFields() {
		if *f.value != "" && !slices.Contains(f.kinds, a.Kind) {
			ps.add(f.key, NewError("account.field.kind", "An account of kind %s has no %s. Leave it out of account %q, or change the kind.",
				a.Kind, f.key, a.Name))
		}
	}
}

// GetsSession reports whether the account's keys are those of a session, which ends: all but a plain access key.
func (a Account) GetsSession() bool { return a.Kind != KindAccessKey || a.MFADevice != "" }

// IsRole reports whether the account's keys are known to be a role's, so that a role which is assumed with them lasts an hour at
// most. Those of other kinds may be too: only AWS knows.
func (a Account) IsRole() bool { return a.Kind == KindIdentityCenter || a.Kind == KindInstanceRole }

// SignsIn reports whether a person signs in for the account now and then.
func (a Account) SignsIn() bool { return a.Kind == KindIdentityCenter || a.Kind == KindConsole }

func (a Account) checkProfile() error {
	switch name := strings.TrimSpace(a.Profile); {
	case name == "":
		return NewError("account.profile.empty", "Account %q names no AWS profile. Choose one of ~/.aws.", a.Name)
	case strings.ContainsFunc(name, unicode.IsControl), strings.ContainsAny(name, "[]"):
		return NewError("account.profile.form", "%q can't be the name of an AWS profile. Choose one of ~/.aws.", SafeLine(name))
	}
	return nil
}

// CleanStartURL returns the one form of the start URL of an access portal of IAM Identity Center: without spaces around it, and
// without what the portal itself appends in the browser. It has to be an https URL; http is allowed only for this computer.
func CleanStartURL(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", NewError("signin.starturl.empty", "No start URL is given. Enter the URL of your access portal, such as "+
			"https://d-1234567890.awsapps.com/start.")
	}
	u, err := PageURL(text)
	if err != nil {
		return "", NewError("signin.starturl.form", "%q is not a start URL. Use that of your access portal, such as "+
			"https://d-1234567890.awsapps.com/start.", SafeLine(text))
	}
	u.Fragment, u.RawFragment, u.RawQuery, u.ForceQuery = "", "", "", false
	u.Host = strings.ToLower(u.Host)
	return strings.TrimRight(u.String(), "/"), nil
}

func (a Account) checkSignInRegion() error {
	region := strings.TrimSpace(a.SignInRegion)
	switch {
	case region == "" && a.Kind == KindConsole:
		return NewError("signin.region.empty", "The region in which you sign in to the AWS console for account %q is missing. "+
			"Give the one in which you use the console, such as eu-west-1.", a.Name)
	case region == "":
		return NewError("signin.region.empty", "The region of IAM Identity Center for account %q is missing. "+
			"Give the one that its settings page shows, such as eu-west-1.", a.Name)
	case HasExpression(region):
		return NewError("region.form", "%q is not an AWS region code. Use one such as eu-west-1 or us-gov-east-1.", region)
	}
	return CheckRegion(region)
}

func (a Account) checkAWSID() error {
	if strings.TrimSpace(a.AWSID) == "" {
		return NewError("awsaccount.id", "Account %q names no AWS account. Give the twelve digits of one that your access portal shows.", a.Name)
	}
	return CheckAWSAccountID(a.AWSID)
}

// roleName is the form of the name of a permission set. Source: IAM Identity Center API reference, CreatePermissionSet; roles of
// customers have the form of IAM's role names.
var roleName = pattern(`^[\w+=,.@-]{1,64}$`)

func (a Account) checkRoleName() error {
	switch name := strings.TrimSpace(a.RoleName); {
	case name == "":
		return NewError("account.role.empty", "Account %q names no role. Choose one that you have in the AWS account.", a.Name)
	case !roleName().MatchString(name):
		return NewError("account.role.form", "%q can't be the name of a role in IAM Identity Center. Use one such as AdministratorAccess.",
			SafeLine(name))
	}
	return nil
}

func (a Account) checkProcess() error {
	switch command := strings.TrimSpace(a.Process); {
	case command == "":
		return NewError("account.process.empty", "Account %q names no program. Enter the command line that prints its keys.", a.Name)
	case strings.ContainsFunc(command, unicode.IsControl):
		return NewError("account.process.form", "The command line of account %q has several lines or control characters. Enter one line.", a.Name)
	}
	return nil
}
