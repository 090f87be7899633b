package script

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

// modulePath is the variable that names folders of Python's modules.
const modulePath = "PYTHONPATH"

// python prepares a Python script. It runs as python3 FILE. Python imports the bootstrap before that as its module
// sitecustomize, from the step's private folder; there it takes values and arguments out of their file, where no other process
// reads them.
func (c *Command) python(in Input) error {
	text, err := c.pythonText(in.Script)
	if err != nil {
		return err
	}
	arguments, warnings, err := pythonArguments(in.Parameters)
	if err != nil {
		return err
	}
	if len(in.Arguments) > 0 {
		arguments = commandLine(in.Arguments)
	}
	c.Warnings = append(c.Warnings, warnings...)
	if strings.ContainsRune(in.Dir, os.PathListSeparator) {
		return model.NewError("script.folder.separator",
			"Python can't load the step's variables from %q, because of the %q in this path. Move Stepdeck's data folder.",
			in.Dir, os.PathListSeparator)
	}
	values, err := c.pythonValues(in, arguments, misspelt(text))
	if err != nil {
		return err
	}
	bootstrap, err := fill(in.Bootstraps.Python, map[string]string{
		"values": quotePython(values), "failed": quotePython(filepath.Join(in.Dir, "failed")),
	})
	if err != nil {
		return err
	}
	if _, err := c.write(in.Dir, "sitecustomize.py", bootstrap); err != nil {
		return err
	}
	c.failed = filepath.Join(in.Dir, "failed")
	c.Args = []string{in.Script}
	c.Env = append(c.Env, pythonEnvironment(in, runtime.GOOS)...)
	return nil
}

// pythonEnvironment returns what leads Python to the bootstrap. On Windows it would print in the machine's code page, also
// when a script starts another Python.
func pythonEnvironment(in Input, system string) []string {
	folders := in.Dir
	if own := chosen(in.EnvVars, modulePath); own != "" {
		folders += string(os.PathListSeparator) + own
	}
	env := []string{modulePath + "=" + folders}
	if system == "windows" && chosen(in.EnvVars, "PYTHONIOENCODING") == "" {
		env = append(env, "PYTHONIOENCODING=utf-8")
	}
	return env
}

// chosen returns the value of an environment variable of the project or step.
func chosen(list []model.InputValue, name string) string {
	for _, v := range list {
		if strings.EqualFold(v.Name, name) {
			return v.Value
		}
	}
	return ""
}

// pythonValues writes the file that the bootstrap reads: a line for each value, argument and misspelt helper, in hexadecimal.
func (c *Command) pythonValues(in Input, arguments, missing []string) (path string, err error) {
	var b strings.Builder
	for _, v := range in.Variables {
		if err := checkPythonValue(v); err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "v %s %s\n", hexOrNothing(v.Name), hexOrNothing(v.Value))
	}
	for kind, list := range map[string][]string{"a": arguments, "m": missing} {
		for _, text := range list {
			fmt.Fprintf(&b, "%s %s\n", kind, hexOrNothing(text))
		}
	}
	if own := chosen(in.EnvVars, modulePath); own != "" {
		fmt.Fprintf(&b, "p %s\n", hexOrNothing(own))
	}
	return c.write(in.Dir, "values.txt", b.String())
}

// hexOrNothing returns text in hexadecimal; "-" stands for empty text.
func hexOrNothing(text string) string {
	if text == "" {
		return "-"
	}
	return hex.EncodeToString([]byte(text))
}

func checkPythonValue(v model.InputValue) error {
	if !utf8.ValidString(v.Value) || !utf8.ValidString(v.Name) {
		return model.NewError("script.value.encoding",
			"The value of variable %q is not valid UTF-8, so Python can't store it. Encode the value, for example in base64.", v.Name)
	}
	return nil
}

// codingCookie matches the comment by which a Python file names its encoding. Source: Python's language reference, §2.1.4.
var codingCookie = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)`)
})

// pythonText makes a script from a package readable for Python, and returns its text. Python itself reads a byte order mark, line
// ends of every kind and the encodings that a file names, but neither UTF-16 nor windows-1252 without such a name.
func (c *Command) pythonText(path string) (string, error) {
	text, encoding, err := ReadText(path)
	if err != nil {
		return "", fmt.Errorf("prepare script: %w", err)
	}
	name := filepath.Base(path)
	if strings.ContainsRune(text, 0) {
		c.Warnings = append(c.Warnings,
			model.NewError("script.file.nul", "The script %q contains NUL characters, so it may not be text. Python may reject it.", name))
		return text, nil
	}
	switch encoding {
	case UTF16LE, UTF16BE:
		c.Warnings = append(c.Warnings,
			model.NewError("script.file.utf16", "The script %q is in %s, which Python can't read. It runs as UTF-8. Save it as UTF-8.",
				name, encoding))
	case Windows1252:
		if named := codingCookie().FindStringSubmatch(text); len(named) > 1 && !isUTF8(named[1]) {
			return text, nil
		}
		c.Warnings = append(c.Warnings,
			model.NewError("script.file.windows1252",
				"The script %q is not in UTF-8. It was read as windows-1252, and runs as UTF-8. Save it as UTF-8.", name))
	case UTF8, UTF8BOM:
		return text, nil
	}
	return text, WriteText(path, text, UTF8)
}

func isUTF8(encoding string) bool {
	plain := strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(encoding))
	return plain == "utf8" || plain == "utf8sig"
}

// quotePython quotes text as one Python string with exactly these characters, in ASCII.
func quotePython(text string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range text {
		switch {
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r > '~':
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}
