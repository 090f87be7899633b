package rehearsal

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/stepdeck/stepdeck/model"
)

// mostCalls is how many different calls a Finder tells apart.
const mostCalls = 200

// mostLines is over how many lines PowerShell wraps an error, as a rule at 120 characters.
const mostLines = 6

// Finder finds the calls that AWS refused in the lines of one stream of a log, in the words of the aws command, the SDKs and the AWS
// Tools for PowerShell.
type Finder struct {
	calls   []model.RefusedCall
	more    int // that did not fit
	text    string
	first   int64 // number of the first line of text
	lines   int   // of text
	command string
	since   int // lines since command
}

// Line takes the next line of the stream, and its number in the log.
func (f *Finder) Line(text string, number int64) {
	text = strings.TrimSpace(prefix().ReplaceAllString(text, ""))
	f.cmdlet(text)
	if begins(text) {
		f.report()
		f.text, f.first, f.lines = text, number, 1
	} else if f.text != "" {
		f.text += " " + text
		f.lines++
	}
	if f.text != "" && (f.lines >= mostLines || isWhole(f.text)) {
		f.report()
	}
}

// Calls returns the calls after the last line, in the order in which they first came, and how many did not fit.
func (f *Finder) Calls() (calls []model.RefusedCall, more int) {
	f.report()
	return f.calls, f.more
}

// cmdlet remembers which command of PowerShell an error is of: that stands some lines before what happened.
func (f *Finder) cmdlet(text string) {
	if m := cmdletError().FindStringSubmatch(text); m != nil {
		f.command, f.since = m[1], 0
		return
	}
	if f.since++; f.since > 2*mostLines { // the place and its mark come first
		f.command = ""
	}
}

// report adds the call that the collected text is about.
func (f *Finder) report() {
	text := f.text
	f.text = ""
	call, ok := parseCall(text)
	if text == "" || !ok {
		return
	}
	call.Operation = cmp.Or(call.Operation, f.command)
	same := func(c model.RefusedCall) bool {
		return c.Operation == call.Operation && c.Action == call.Action && c.Resource == call.Resource
	}
	if i := slices.IndexFunc(f.calls, same); i >= 0 {
		f.calls[i].Times++
		return
	}
	if len(f.calls) >= mostCalls {
		f.more++
		return
	}
	call.Line, call.Times = f.first, 1
	f.calls = append(f.calls, call)
}

// pattern compiles an expression when it is first used, not at each start of the command.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

var (
	// The frame that PowerShell 7 puts before the lines of an error.
	prefix = pattern(`^\s{0,8}\|\s`)
	// How PowerShell begins an error: the command, and its place (7) or what happened (5.1).
	cmdletError = pattern(`^([A-Z]\w+-\w+) ?: `)
	// Source: botocore, ClientError.MSG_TEMPLATE.
	clientError = pattern(`An error occurred \(([\w.:]+)\) when calling the (\w+) operation`)
	// Source: smithy-go, OperationError and GenericAPIError.
	goError = pattern(`operation error [\w ]+: (\w+), .*api error (\w+)`)
	// Source: IAM User Guide, "Troubleshoot access denied error messages". Older services leave out the resource or the colon.
	notAuthorized = pattern(`is not authorized to perform:? *([\w-]+:\w+)(?: on resource:? *(?:"([^"]*)"|(\S+)))?`)
	// Source: likewise.
	reason = pattern(`because no [\w -]+ policy allows the [\w-]+:\w+ action|because no permissions boundary allows the [\w-]+:\w+ action|` +
		`with an explicit deny in an? [\w -]*(?:policy|boundary)`)
)

// begins reports whether an error begins in a line that may be that of a refused call.
func begins(line string) bool {
	return strings.Contains(line, "An error occurred (") || strings.Contains(line, "User: arn:") || strings.Contains(line, "api error ") ||
		strings.Contains(line, "is not authorized to perform") || isDenial(line)
}

// isDenial reports whether a line is all that S3 said before it gave reasons.
func isDenial(line string) bool {
	return strings.EqualFold(line, "Access Denied") || strings.EqualFold(line, "Access Denied.") ||
		cmdletError().MatchString(line) && strings.HasSuffix(line, ": Access Denied")
}

// isWhole reports whether nothing of an error is in the next line.
func isWhole(text string) bool {
	return !strings.Contains(text, "arn:") || reason().MatchString(text)
}

func parseCall(text string) (call model.RefusedCall, ok bool) {
	code := ""
	if m := clientError().FindStringSubmatch(text); m != nil {
		code, call.Operation = m[1], m[2]
	} else if m := goError().FindStringSubmatch(text); m != nil {
		call.Operation, code = m[1], m[2]
	}
	if m := notAuthorized().FindStringSubmatch(text); m != nil {
		call.Action, call.Resource, call.Because = m[1], cmp.Or(m[2], strings.TrimRight(m[3], ".,")), reason().FindString(text)
		return call, true
	}
	return call, isDenied(code) || isDenial(text)
}

// isDenied reports whether a code of AWS means that the caller may not do what it asked for. HEAD requests have the status alone.
func isDenied(code string) bool {
	code = code[strings.LastIndexByte(code, '.')+1:]
	return strings.HasPrefix(code, "AccessDenied") || strings.HasPrefix(code, "Unauthorized") || strings.HasPrefix(code, "NotAuthorized") ||
		strings.HasPrefix(code, "AuthorizationError") || strings.HasPrefix(code, "Forbidden") || code == "403"
}
