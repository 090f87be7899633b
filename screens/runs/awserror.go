package runs

import (
	"regexp"
	"slices"
	"strings"

	"fyne.io/fyne/v2/lang"
)

// fault is an error of AWS or the aws program.
type fault struct {
	code      string // AccessDenied
	operation string // of the API: DeleteObject
	action    string // the denied action: s3:DeleteObject
	resource  string
	text      string // the line in the log
	sentence  string // the explanation for the user
}

var (
	// Source: awscli/botocore ClientError.MSG_TEMPLATE.
	clientError = regexp.MustCompile(`An error occurred \(([\w.:]+)\) when calling the (\w+) operation(?: \([^)]*\))?: *(.*)`)
	// Source: IAM User Guide, "Troubleshoot access denied error messages". Older services omit the resource or the colon.
	notAuthorized = regexp.MustCompile(`(?:User: *)?(arn:[\w-]+:\S+) is not authorized to perform:? *([\w-]+:\w+)` +
		`(?: on resource:? *(\S+))?(.*)`)
)

// isFault is a cheap pre-check for readFault.
func isFault(line string) bool {
	return strings.Contains(line, "An error occurred (") || strings.Contains(line, "is not authorized to perform") ||
		strings.Contains(line, "Unable to locate credentials") || strings.Contains(line, "Could not connect to the endpoint URL")
}

// readFault parses a line of a log. ok is false if it has no error that is known.
func readFault(line string) (f fault, ok bool) {
	f.text = strings.TrimSpace(line)
	message := f.text
	if m := clientError.FindStringSubmatch(line); m != nil {
		f.code, f.operation, message = m[1], m[2], m[3]
	}
	if m := notAuthorized.FindStringSubmatch(message); m != nil {
		f.action, f.resource = m[2], strings.TrimRight(m[3], ".,")
		f.sentence = denied(shortARN(m[1]), f.action, f.resource) + because(m[4])
		return f, true
	}
	switch {
	case strings.HasPrefix(f.code, "ExpiredToken") || f.code == "RequestExpired":
		f.sentence = lang.L("The credentials had expired when the script called {{.Operation}}.", map[string]any{"Operation": f.operation})
	case f.code == "InvalidClientTokenId" || f.code == "UnrecognizedClientException" || f.code == "InvalidAccessKeyId":
		f.sentence = lang.L("AWS does not know the access key.")
	case f.code == "SignatureDoesNotMatch":
		f.sentence = lang.L("The secret key does not belong to the access key.")
	case slices.Contains([]string{"Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"}, f.code):
		f.sentence = lang.L("AWS limits the rate of {{.Operation}}. Run it again later.", map[string]any{"Operation": f.operation})
	case f.code != "":
		f.sentence = lang.L("{{.Operation}}: {{.Message}} ({{.Code}})",
			map[string]any{"Operation": f.operation, "Message": strings.TrimSuffix(message, "."), "Code": f.code})
	case strings.Contains(line, "Unable to locate credentials"):
		f.sentence = lang.L("The script called AWS without credentials. Choose an account in the step.")
	case strings.Contains(line, "Could not connect to the endpoint URL"):
		f.sentence = lang.L("AWS could not be reached. Check the region, the network and the proxy.")
	default:
		return fault{}, false
	}
	return f, true
}

func denied(who, action, resource string) string {
	if resource == "" {
		return lang.L("{{.Who}} is not allowed to do {{.Action}}.", map[string]any{"Who": who, "Action": action})
	}
	return lang.L("{{.Who}} is not allowed to do {{.Action}} on {{.Resource}}.",
		map[string]any{"Who": who, "Action": action, "Resource": resource})
}

// because explains which kind of policy was the reason, if AWS reported it.
func because(rest string) string {
	switch {
	case strings.Contains(rest, "explicit deny"):
		return " " + lang.L("A policy denies it.")
	case strings.Contains(rest, "no identity-based policy allows"):
		return " " + lang.L("None of its policies allows it.")
	case strings.Contains(rest, "no resource-based policy allows"):
		return " " + lang.L("The policy of the resource does not allow it.")
	}
	return ""
}

// shortARN returns the name of an identity within its AWS account: user/ana, role/deployer.
func shortARN(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return arn
	}
	kind, name, ok := strings.Cut(parts[5], "/")
	if ok && kind == "assumed-role" {
		role, _, _ := strings.Cut(name, "/")
		return "role/" + role
	}
	return parts[5]
}
