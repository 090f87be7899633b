package runs

import (
	"regexp"
	"strings"

	"fyne.io/fyne/v2/lang"
)

// fault is what AWS, or the aws program, said when it refused something.
type fault struct {
	code      string // of AWS: AccessDenied
	operation string // of its API: DeleteObject
	action    string // what may not be done: s3:DeleteObject
	resource  string
	said      string // the line as it stands in the log
	sentence  string // in few words
}

var (
	// Source: awscli/botocore ClientError.MSG_TEMPLATE.
	clientError = regexp.MustCompile(`An error occurred \(([\w.:]+)\) when calling the (\w+) operation(?: \([^)]*\))?: *(.*)`)
	// Source: IAM User Guide, "Troubleshoot access denied error messages". Older services leave the resource or the colon out.
	notAuthorized = regexp.MustCompile(`(?:User: *)?(arn:[\w-]+:\S+) is not authorized to perform:? *([\w-]+:\w+)(?: on resource:? *(\S+))?(.*)`)
)

// isFault tells quickly whether a line of a log may hold a fault.
func isFault(line string) bool {
	return strings.Contains(line, "An error occurred (") || strings.Contains(line, "is not authorized to perform") ||
		strings.Contains(line, "Unable to locate credentials") || strings.Contains(line, "Could not connect to the endpoint URL")
}

// readFault understands a line of a log.
func readFault(line string) (f fault, ok bool) {
	f.said = strings.TrimSpace(line)
	message := f.said
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
		f.sentence = lang.L("The credentials had expired when the script asked for {{.Operation}}.", map[string]any{"Operation": f.operation})
	case f.code == "InvalidClientTokenId" || f.code == "UnrecognizedClientException" || f.code == "InvalidAccessKeyId":
		f.sentence = lang.L("AWS does not know the access key.")
	case f.code == "SignatureDoesNotMatch":
		f.sentence = lang.L("The secret key does not belong to the access key.")
	case f.code == "Throttling" || f.code == "ThrottlingException" || f.code == "RequestLimitExceeded" || f.code == "TooManyRequestsException":
		f.sentence = lang.L("AWS was asked too often for {{.Operation}}. Run it again later.", map[string]any{"Operation": f.operation})
	case f.code != "":
		f.sentence = lang.L("{{.Operation}}: {{.Message}} ({{.Code}})", map[string]any{"Operation": f.operation, "Message": strings.TrimSuffix(message, "."), "Code": f.code})
	case strings.Contains(line, "Unable to locate credentials"):
		f.sentence = lang.L("The script asked for AWS without any credentials. Choose an account in the step.")
	case strings.Contains(line, "Could not connect to the endpoint URL"):
		f.sentence = lang.L("AWS could not be reached. Check the region, the network and the proxy.")
	default:
		return fault{}, false
	}
	return f, true
}

func denied(who, action, resource string) string {
	if resource == "" {
		return lang.L("{{.Who}} may not do {{.Action}}.", map[string]any{"Who": who, "Action": action})
	}
	return lang.L("{{.Who}} may not do {{.Action}} on {{.Resource}}.", map[string]any{"Who": who, "Action": action, "Resource": resource})
}

// because says which kind of policy it was, where AWS told.
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

// shortARN is what an identity is called within its AWS account: user/ana, role/deployer.
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
