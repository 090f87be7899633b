package octopus_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/octopus"
)

const (
	ps     = model.PowerShell
	bash   = model.Bash
	python = model.Python
)

// show writes the names of a list, each with its line, and with ? if the script only asks for it, with ! if it fails without.
func show(list []octopus.Use) string {
	texts := make([]string, len(list))
	for i, u := range list {
		texts[i] = fmt.Sprintf("%s:%d", u.Name, u.Line)
		if u.Test {
			texts[i] += "?"
		}
		if u.Raises {
			texts[i] += "!"
		}
	}
	return strings.Join(texts, " ")
}

func TestVariablesThatAScriptReads(t *testing.T) {
	for name, c := range map[string]struct {
		language model.Language
		text     string
		want     string // with … if it reads more, whose names come into being when it runs
	}{
		"powershell indexes": {ps,
			"$OctopusParameters['A.B']\n$OctopusParameters[\"C d\"]\n${OctopusParameters}['E']",
			"A.B:1 C d:2 E:3"},
		"powershell members": {ps,
			"$OctopusParameters.'A.B'; $OctopusParameters.Region; $OctopusParameters.Item('C')",
			"A.B:1 Region:1 C:1"},
		"in a string":      {ps, `"x $($OctopusParameters["A"]) y" + "$($OctopusParameters['B'])"`, "A:1 B:1"},
		"in single quotes": {ps, `'$OctopusParameters["A"]'`, ""},
		"powershell comments": {ps,
			"# $OctopusParameters['A']\n<#\n$OctopusParameters['B']\n#> $OctopusParameters['C'] # $OctopusParameters['D']",
			"C:4"},
		"a colour is no mark": {ps, "$c = \"#fff\"; $OctopusParameters['A']", "A:1"},
		"here-string":         {ps, "$x = @'\n# it's $OctopusParameters['A']\n'@\n$OctopusParameters['B']", "B:4"},
		"existence":           {ps, "if ($OctopusParameters.ContainsKey('A')) { }", "A:1?"},
		"existence and read":  {ps, "if ($OctopusParameters.ContainsKey('A')) { $OctopusParameters['a'] }", "A:1"},
		"all of them":         {ps, "$OctopusParameters.Keys; $OctopusParameters.GetEnumerator() | % { $_.Key }", ""},
		"a computed name":     {ps, "$OctopusParameters[$name]", "…"},
		"a replaced name":     {ps, `$OctopusParameters["Octopus.Action[$n].Output.X"]`, "…"},
		"a value of its own":  {ps, "$OctopusParameters['A'] = 1; $OctopusParameters['A']", ""},
		"compared":            {ps, "$OctopusParameters['A'] -eq 1; $OctopusParameters['B'] == 2", "A:1 B:1"},
		"bash": {bash,
			"a=$(get_octopusvariable A.B)\nget_octopusvariable 'C d'\nx=\"$(get_octopusvariable \"E\")\"",
			"A.B:1 C d:2 E:3"},
		"back-ticks": {bash, "a=`get_octopusvariable A`", "A:1"},
		"bash comments": {bash,
			"# get_octopusvariable A\necho x # get_octopusvariable B\necho ${#x} $# get_octopusvariable C",
			"C:3"},
		"an apostrophe":        {bash, "echo \"it's\" # get_octopusvariable A\nget_octopusvariable B", "B:2"},
		"a document":           {bash, "cat <<EOF\nit's # $(get_octopusvariable A)\nEOF\n# get_octopusvariable B", "A:2"},
		"two documents":        {bash, "cat <<A <<-'B'\n# $(get_octopusvariable X)\nA\n# y\n\tB\n# get_octopusvariable Z", "X:2"},
		"a computed bash name": {bash, "for n in A B; do get_octopusvariable \"$n\"; done", "…"},
		"a bash array": {bash,
			"echo \"${octopus_parameters[A.B]}\" \"${octopus_parameters[\"C\"]}\" \"${octopus_parameters[@]}\"",
			"A.B:1 C:1"},
		"another function": {bash, "my_get_octopusvariable A; ./get_octopusvariable B", ""},
		"python": {python,
			"a = get_octopusvariable(\"A\")\nb = octopusvariables['B'] + octopusvariables.get(\"C\", '')",
			"A:1! B:2! C:2"},
		"python asks before": {python,
			"if 'A' in octopusvariables: get_octopusvariable('a')\nget_octopusvariable('A')\nx = \"B\" not in octopusvariables", "A:1 B:3?"},
		"python asks in an expression": {python, "#{if A}#{/if}\nget_octopusvariable('A')", "A:1!"},
		"python comments":              {python, "# get_octopusvariable('A')\nx = '#'; get_octopusvariable('B')", "B:2!"},
		"a computed python":            {python, "get_octopusvariable(name)", "…"},
		"python's own":                 {python, "octopusvariables['A'] = 'x'", ""},
		"expressions":                  {bash, "echo #{A.B} ##{C} #{D | ToLower}\n# #{E}", "A.B:1 D:1 E:2"},
		"conditions": {ps,
			"#{if A}#{B}#{else}x#{/if} #{unless C == \"D\"}#{/unless} #{if E != F}#{/if}",
			"A:1? B:1 C:1? E:1? F:1?"},
		"loops": {bash,
			"#{each x in Servers}#{x.Name} #{x} #{Octopus.Template.Each.Index} #{Other}#{/each}",
			"Servers:1 Other:1"},
		"calculations":     {bash, "#{calc A + 1}", "A:1"},
		"nested":           {bash, "#{A[#{B}].C}", "B:1"},
		"no expression":    {bash, "echo ${x#{} #{", ""},
		"once":             {bash, "get_octopusvariable A; get_octopusvariable a; echo #{A}", "A:1"},
		"another language": {"", "get_octopusvariable A #{B}", "B:1"},
	} {
		t.Run(name, func(t *testing.T) {
			uses := octopus.Find(c.language, c.text)
			got := show(uses.Variables)
			if uses.Dynamic {
				got += "…"
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestReads(t *testing.T) {
	for name, c := range map[string]struct {
		language model.Language
		text     string
		variable string
		want     bool
	}{
		"a word is no read":           {bash, "echo hello", "o", false},
		"nor is a whole one":          {bash, "echo password", "Password", false},
		"a helper":                    {bash, "get_octopusvariable db.password", "Db.Password", true},
		"its part":                    {bash, "get_octopusvariable db.password.hint", "password", false},
		"a property":                  {bash, "echo #{Config.Token} #{List[0]}", "Config", true},
		"an index":                    {bash, "echo #{Config.Token} #{List[0]}", "List", true},
		"another with its beginning":  {bash, "echo #{Configuration}", "Config", false},
		"an own variable":             {ps, "Invoke-Thing $DbPassword", "Db.Password", true},
		"in braces":                   {ps, "\"${dbpassword}\"", "Db.Password", true},
		"with underscore":             {ps, "$My_AppKey $x", "My_App.Key", true},
		"without underscore":          {ps, "$MyAppKey", "My_App.Key", true},
		"an indexed name has none":    {ps, "$OctopusActionAOutputB", "Octopus.Action[A].Output.B", false},
		"one's own variable":          {ps, "$token = Get-It; Use-It $token", "Token", false},
		"read, then changed":          {ps, "Use-It $token; $token = 1", "Token", true},
		"compared":                    {ps, "if ($token -eq 1) { }", "Token", true},
		"a parameter":                 {ps, "param([string]$Token, $Other = $Secret)\n$Token", "Token", false},
		"in a parameter's default":    {ps, "param([string]$Token, $Other = $Secret)\n$Token", "Secret", true},
		"made from itself":            {ps, "$Token = Optional $Token", "Token", true},
		"changed in a branch":         {ps, "if ($x) { $token = Get-It; Use-It $token }\nUse-It $token", "Token", true},
		"own in a branch":             {ps, "if ($x) { $token = Get-It; Use-It $token\nUse-It $token }", "Token", false},
		"own in a block":              {ps, "function f {\n$token = 1\n$token }", "Token", false},
		"a function's parameter":      {ps, "function f { param($Token)\n$Token }", "Token", false},
		"and outside of it":           {ps, "function f { param($Token)\n$Token }\nf -Token $Token", "Token", true},
		"declared with it":            {ps, "function f([string]$Token, $b) { $Token }", "Token", false},
		"declared with it, outside":   {ps, "function f([string]$Token, $b) { $Token }; f $Token", "Token", true},
		"an index in a branch":        {ps, "if (!$x) { $OctopusParameters['T'] = 1\n}\n$OctopusParameters['T']", "T", true},
		"a loop's item":               {ps, "foreach ($o in 1..3) { $o }", "o", false},
		"the environment":             {ps, "$env:Token", "Token", false},
		"another scope":               {ps, "$global:Token", "Token", true},
		"no variable":                 {ps, "'$Token' \"`$Token\" # $Token", "Token", false},
		"by its name":                 {ps, "Get-Variable -Name Token -ValueOnly", "Token", true},
		"computed, and named":         {bash, "for n in Db.User Db.Password; do get_octopusvariable $n; done", "Db.Password", true},
		"computed, not named":         {bash, "for n in Db.User Db.Password; do get_octopusvariable $n; done", "o", false},
		"computed, named in a remark": {bash, "# Token\nget_octopusvariable $n", "Token", false},
		"computed, part of a word":    {bash, "x=Tokens; get_octopusvariable $n", "Token", false},
		"not computed":                {bash, "x=Db.Password; get_octopusvariable Y", "Db.Password", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := octopus.Find(c.language, c.text).Reads(c.variable); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestHelpersThatAScriptCalls(t *testing.T) {
	for name, c := range map[string]struct {
		language model.Language
		text     string
		want     string
	}{
		"powershell": {ps, "Write-Highlight 'x'; Fail-Step 'y'\n$a = New-OctopusTarget\nif ($x) { Update-Progress 5 }",
			"Write-Highlight:1 Fail-Step:1 New-OctopusTarget:2 Update-Progress:3"},
		"powershell's own": {ps, "function Execute-WithRetry { }\nExecute-WithRetry { }", ""},
		"powershell text":  {ps, "'x; Fail-Step' # Fail-Step\n\"a | Write-Highlight\"", ""},
		"an argument":      {ps, "Get-Help Fail-Step", ""},
		"bash": {bash,
			"write_verbose a; fail_step x\nx=\"$(encode_servicemessagevalue y)\"\nif ! new_octopusartifact z; then remove-octopustarget a; fi",
			"write_verbose:1 fail_step:1 encode_servicemessagevalue:2 new_octopusartifact:3 remove-octopustarget:3"},
		"bash's own":  {bash, "write_verbose() { :; }\nfunction fail_step { :; }\nwrite_verbose; fail_step", ""},
		"bash text":   {bash, "echo 'a; fail_step' # fail_step", ""},
		"python":      {python, "createartifact('a')\nprintverbose(\"failstep()\")", "createartifact:1 printverbose:2"},
		"python's":    {python, "def failstep(x): pass\nfailstep(1)\nother.updateprogress(1)", ""},
		"no language": {"", "fail_step", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := show(octopus.Find(c.language, c.text).Helpers); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// FuzzFind: whatever the text, names are found within it, on lines that it has.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{
		"$OctopusParameters['A'", "get_octopusvariable \"$(", "<<EOF\n", "#{if A}#{B", "@'\n", "param($a=(", "'''", "`", "\\", "$'",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		for _, language := range []model.Language{ps, bash, python, ""} {
			uses := octopus.Find(language, text)
			for _, u := range append(uses.Variables, uses.Helpers...) {
				if u.Line < 1 || u.Line > lines || u.Name == "" {
					t.Errorf("%s: %+v of %d lines", language, u, lines)
				}
			}
			uses.Reads("A")
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("$x = $OctopusParameters['A.B'] # why\nWrite-Host \"value $x #{C.D}\"\n", 100)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		octopus.Find(ps, text)
	}
}
