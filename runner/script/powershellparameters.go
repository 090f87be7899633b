package script

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf16"

	"github.com/stepdeck/stepdeck/model"
)

// parseLimit is how long PowerShell may take to read a script. It is not run.
const parseLimit = 30 * time.Second

// readParameters is the code that has PowerShell's own parser read a script.
//
//go:embed readparameters.ps1
var readParameters string

// PowerShellParameters returns the parameters of a PowerShell script, as PowerShell's own parser reads them. The script does not run.
func PowerShellParameters(ctx context.Context, tool Tool, text string) ([]model.Parameter, error) {
	ctx, cancel := context.WithTimeout(ctx, parseLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, tool.Path, "-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand", encodedCommand(readParameters))
	cmd.Env = append(plainEnvironment(os.Environ()), plainOutput()...)
	cmd.WaitDelay = time.Second
	hideWindow(cmd)
	// Both ways in ASCII: the encoding of PowerShell's streams depends on the system.
	cmd.Stdin = strings.NewReader(base64.StdEncoding.EncodeToString([]byte(withoutUsing(text))) + "\n")
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return nil, model.NewError("script.parameters.parser",
			"%s could not read the script's parameters. Give them as text.", tool.Kind.title()).Because(err)
	}
	return decodeParameters(out.Bytes())
}

// usingLines match statements at which the parser could load code. They stand before all others.
var usingLines = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?im)(^|;|#>)([\s\p{Z}]*)using\b[^\r\n]*`)
})

// withoutUsing returns the script with a comment in place of each statement that could load a module or assembly.
func withoutUsing(text string) string { return usingLines().ReplaceAllString(text, "$1$2#") }

// encodedCommand encodes a command as PowerShell takes it from its command line: in base64, of UTF-16 with the low byte first.
func encodedCommand(code string) string {
	var b bytes.Buffer
	for _, unit := range utf16.Encode([]rune(code)) {
		_ = binary.Write(&b, binary.LittleEndian, unit) // a buffer takes everything
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// parsed is a parameter as readparameters.ps1 describes it.
type parsed struct {
	Name, Type, Default, Help, Min, Max, Pattern string
	Mandatory                                    bool
	Options, Aliases                             []string
	Length, Count                                []int // the least and the most; empty: no limit
}

// decodeParameters decodes the parser's answer, which is JSON in base64.
func decodeParameters(answer []byte) ([]model.Parameter, error) {
	failed := func(err error) error {
		return model.NewError("script.parameters.parser", "The answer of PowerShell's parser can't be read. Give the parameters as text.").
			Because(err)
	}
	text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(answer)))
	if err != nil {
		return nil, failed(err)
	}
	var list []parsed
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, failed(err)
	}
	var parameters []model.Parameter
	for _, p := range list {
		if len(parameters) < maxParameters {
			parameters = append(parameters, p.parameter())
		}
	}
	return parameters, nil
}

func (p parsed) parameter() model.Parameter {
	m := model.Parameter{
		Name: p.Name, Type: p.Type, As: model.ArgumentText, Control: model.ControlText, Mandatory: p.Mandatory, Default: p.Default,
		Help: strings.TrimSpace(p.Help), Pattern: p.Pattern, Length: span(p.Length), Count: span(p.Count),
	}
	kind := strings.TrimPrefix(strings.ToLower(p.Type), "system.")
	element, isList := strings.CutSuffix(kind, "[]")
	if isList {
		m.As = model.ArgumentList
	}
	switch element {
	case "switch", "switchparameter", "management.automation.switchparameter", "bool", "boolean":
		if !isList {
			m.As, m.Control = model.ArgumentSwitch, model.ControlCheckbox
		}
	case "int", "int32", "int64", "long", "uint", "uint32", "uint64", "ulong", "byte", "sbyte", "int16", "short", "uint16", "ushort":
		m.Control, m.Min, m.Max, m.Rounds = model.ControlNumber, p.Min, p.Max, true
	case "double", "single", "float", "decimal":
		m.Control, m.Min, m.Max = model.ControlNumber, p.Min, p.Max
	case "datetime":
		m.DateTime = true
	case "hashtable", "collections.hashtable", "scriptblock", "pscredential", "securestring", "security.securestring", "pscustomobject",
		"psobject", "xml", "management.automation.pscredential", "management.automation.scriptblock":
		m.CodeOnly = true
	}
	if len(p.Aliases) > 0 {
		m.Aliases = p.Aliases
	}
	if len(p.Options) > 0 {
		m.Control, m.Options = model.ControlSelect, p.Options
	}
	return m
}

func span(limits []int) (s model.Span) {
	if len(limits) == 2 {
		s = model.Span{Min: limits[0], Max: limits[1]}
	}
	return s
}
