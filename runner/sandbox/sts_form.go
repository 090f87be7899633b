package sandbox

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model"
)

const (
	defaultDuration = 3600
	minDuration     = model.MinSession
	maxDuration     = model.MaxSession
	maxChained      = 3600 // for a role that is assumed with a role's session

	maxExternalID = 1224 // characters; more than Go's regular expressions can count
)

// Source: STS API reference, AssumeRole and GetSessionToken.
var (
	roleForm       = pattern(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/([!-~]*/)?[\w+=,.@-]{1,64}$`)
	sessionForm    = pattern(`^[\w+=,.@-]{2,64}$`)
	externalIDForm = pattern(`^[\w+=,.@:/\\-]{2,}$`)
	sourceForm     = pattern(`^[\w+=,.@-]{2,64}$`)
	serialForm     = pattern(`^[\w+=/:,.@-]{9,256}$`)
	tokenCodeForm  = pattern(`^[0-9]{6}$`)
)

// pattern compiles an expression when it is first used, not at each start of the command.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// constraint is the fault of a parameter that isn't of the form which the API reference gives.
func constraint(field, value, rule string) *fault {
	return invalid("ValidationError",
		fmt.Sprintf("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s", value, field, rule))
}

// checkParameters rejects a parameter that the sandbox would otherwise ignore. Names of lists end in a dot.
func checkParameters(form url.Values, known ...string) *fault {
	for name := range form {
		if !slices.ContainsFunc(known, func(k string) bool { return name == k || strings.HasSuffix(k, ".") && strings.HasPrefix(name, k) }) {
			return invalid("ValidationError", "The sandbox doesn't support the parameter "+name+" of "+form.Get("Action"))
		}
	}
	return nil
}

func checkRoleForm(form url.Values) *fault {
	arn, name := form.Get("RoleArn"), form.Get("RoleSessionName")
	switch {
	case arn == "" || name == "":
		return constraint("roleArn or roleSessionName", "null", "Member must not be null")
	case !roleForm().MatchString(arn):
		return invalid("ValidationError", arn+" is invalid")
	case !sessionForm().MatchString(name):
		return constraint("roleSessionName", name, `Member must have 2 to 64 characters and satisfy regular expression pattern: [\w+=,.@-]*`)
	case form.Has("ExternalId") && (len(form.Get("ExternalId")) > maxExternalID || !externalIDForm().MatchString(form.Get("ExternalId"))):
		return constraint("externalId",
			form.Get("ExternalId"), `Member must have 2 to 1224 characters and satisfy regular expression pattern: [\w+=,.@:\/-]*`)
	}
	return nil
}

// seconds returns DurationSeconds, or the default if it is absent.
func seconds(form url.Values, otherwise, least, most int) (int, *fault) {
	if !form.Has("DurationSeconds") {
		return otherwise, nil
	}
	n, err := strconv.Atoi(form.Get("DurationSeconds"))
	if err != nil || n < least || n > most {
		return 0, constraint("durationSeconds", form.Get("DurationSeconds"), fmt.Sprintf("Member must have value between %d and %d", least, most))
	}
	return n, nil
}

// tokenSizeOf returns how long the session token has to be: as configured, or as a request asks for.
func tokenSizeOf(form url.Values, configured int) (int, *fault) {
	if !form.Has("MinimumSessionTokenSize") {
		return configured, nil
	}
	n, err := strconv.Atoi(form.Get("MinimumSessionTokenSize"))
	if err != nil || n < 0 || n > maxTokenSize {
		return 0, constraint("minimumSessionTokenSize", form.Get("MinimumSessionTokenSize"),
			fmt.Sprintf("Member must have value between 0 and %d", maxTokenSize))
	}
	return max(n, configured), nil
}

// list returns the values of NAME.member.1, NAME.member.2 and so on, followed by suffix.
func list(form url.Values, name, suffix string) []string {
	var values []string
	for i := 1; ; i++ {
		key := name + ".member." + strconv.Itoa(i) + suffix
		if !form.Has(key) {
			return values
		}
		values = append(values, form.Get(key))
	}
}
