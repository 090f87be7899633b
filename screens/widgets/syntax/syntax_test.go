package syntax

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

var letters = map[Kind]string{
	Keyword: "K", String: "S", Comment: "C", Number: "N", Variable: "V", Command: "X", Parameter: "P", Type: "T", Operator: "O",
	Expression: "E",
}

// marked returns the tokens of a script as "K[if] ...", without plain text and operators.
func marked(lexer Lexer, script string) string {
	var out []string
	var st State
	for _, line := range strings.Split(script, "\n") {
		var tokens []Token
		tokens, st = Highlight(lexer, st, line, nil)
		for _, t := range tokens {
			if t.Kind != Operator {
				out = append(out, fmt.Sprintf("%s[%s]", letters[t.Kind], line[t.From:t.To]))
			}
		}
	}
	return strings.Join(out, " ")
}

func TestBash(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"command with options", "aws s3 cp --recursive a b", "X[aws] P[--recursive]"},
		{"option with a value", "aws s3 ls --region=eu-west-1", "X[aws] P[--region]"},
		{"comment", "ls # list $x", "X[ls] C[# list $x]"},
		{"a hash in a word", "echo a#b", "X[echo]"},
		{"the number of arguments", "echo $# ${#x}", "X[echo] V[$#] V[${#x}]"},
		{"assignment and use", `A=1 B+="$A"`, `V[A] V[B] S["] V[$A] S["]`},
		{"array assignment", `a[0]=x`, "V[a]"},
		{"if", "if [ -f x ]; then echo ok; fi", "K[if] P[-f] K[then] X[echo] K[fi]"},
		{"for", `for f in *.sh; do echo "$f"; done`, `K[for] K[in] K[do] X[echo] S["] V[$f] S["] K[done]`},
		{"keyword as an argument", "echo if for", "X[echo]"},
		{"pipe begins a command", "cat x | grep y && rm z", "X[cat] X[grep] X[rm]"},
		{"single quotes are literal", `echo 'a $b "c"'`, `X[echo] S['a $b "c"']`},
		{"single quotes over lines", "echo 'a\nb' c", "X[echo] S['a] S[b']"},
		{"double quotes over lines", "echo \"a\n$b\" c", `X[echo] S["a] V[$b] S["]`},
		{"escaped quote", `echo "a\"b" c`, `X[echo] S["a\"b"]`},
		{"substitution in quotes with quotes", `x="$(aws s3 ls "$b")"; y`, `V[x] S["] X[aws] S["] V[$b] S["] S["] X[y]`},
		{"assignment before a command", `AWS_REGION="eu" A=$b aws s3`, `V[AWS_REGION] S["eu"] V[A] V[$b] X[aws]`},
		{"brackets within a substitution", `x=$( (a; b) | c )d`, "V[x] X[a] X[b] X[c]"},
		{"backquotes", "x=`date -u` y", "V[x] X[date] P[-u]"},
		{"ANSI quotes", `echo $'a\'b' c`, `X[echo] S[$'a\'b']`},
		{"default of a parameter", `echo ${A:-"x y"}`, `X[echo] V[${A:-] S["x y"] V[}]`},
		{"here document", "cat <<EOF\nhi $x 'q\nEOF\nls", "X[cat] S[EOF] S[hi ] V[$x] S[ 'q] K[EOF] X[ls]"},
		{
			"substitutions in a here document", "cat <<X\n${#a[@]} b $(ls 'c') d ${e\nX\nls",
			"X[cat] S[X] V[${#a[@]}] S[ b ] X[ls] S['c'] S[ d ] V[${e] K[X] X[ls]",
		},
		{"quoted here document", "cat <<'EOF' | sort\n$x\nEOF", "X[cat] S['EOF'] X[sort] S[$x] K[EOF]"},
		{"here document with tabs", "cat <<-EOF\n\tEOF\nls", "X[cat] S[EOF] K[\tEOF] X[ls]"},
		{"two here documents", "cat <<A <<B\na\nA\nb\nB\nls", "X[cat] S[A] S[B] S[a] K[A] S[b] K[B] X[ls]"},
		{"a here string is not a document", "cat <<<x\nls", "X[cat] X[ls]"},
		{"continued line", "aws s3 \\\nls", "X[aws]"},
		{"number", "sleep 10", "X[sleep] N[10]"},
		{"expression", "aws s3 cp #{Dir}/a s3://#{Bucket}", "X[aws] E[#{Dir}] E[#{Bucket}]"},
		{"expression in quotes", `echo "a #{B | ToLower} $c"`, `X[echo] S["a ] E[#{B | ToLower}] S[ ] V[$c] S["]`},
		{"expression with quotes", `echo #{if A == "x"} y`, `X[echo] E[#{if A == "x"}]`},
		{"nested expression", `echo #{A[#{B}]}z`, `X[echo] E[#{A[#{B}]}]`},
		{"an open expression is a comment", "echo #{A", "X[echo] C[#{A]"},
		{"expression as the command", "#{Tool} run", "E[#{Tool}]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := marked(Bash(), c.script); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestPowerShell(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"command", "Get-S3Object -BucketName $b", "X[Get-S3Object] P[-BucketName] V[$b]"},
		{"program", "aws s3 ls | Out-Host", "X[aws] X[Out-Host]"},
		{"comment", "ls # list", "X[ls] C[# list]"},
		{"a hash in a word", "echo a#b", "X[echo]"},
		{"block comment", "a <# x\ny #> b", "X[a] C[<# x] C[y #>]"},
		{"keywords in any case", "If ($a -eq 1) { return } ElseIf", "K[If] V[$a] N[1] K[return] K[ElseIf]"},
		{"operators and parameters", "$a -notlike 'x' -And -Foo", "V[$a] S['x'] P[-Foo]"},
		{"operators with case", "$a -ceq $b -imatch $c -is [int]", "V[$a] V[$b] V[$c] T[[int]]"},
		{"types", "[string[]]$x = [System.IO.Path]::Combine('a')", "T[[string[]]] V[$x] T[[System.IO.Path]] S['a']"},
		{"attribute", "[Parameter(Mandatory)]", "T[[Parameter] X[Mandatory]"},
		{"an index is not a type", "$a[b]", "V[$a]"},
		{"variables", "$env:PATH ${a b} $_ $? @args $script:x", "V[$env:PATH] V[${a b}] V[$_] V[$?] V[@args] V[$script:x]"},
		{"a property is not a keyword", "$x.end $x.Process", "V[$x] V[$x]"},
		{"string with variables", "\"a $b $($c.d) `\" \"\" e\"", "S[\"a ] V[$b] S[ ] V[$c] S[ `\" \"\" e\"]"},
		{"substitution with quotes", `"x $(Get-Item "$p") y" z`, `S["x ] X[Get-Item] S["] V[$p] S["] S[ y"]`},
		{"single quotes", "'a ''b'' $c' d", "S['a ''b'' $c']"},
		{"strings over lines", "\"a\n$b\"\n'c\nd'", `S["a] V[$b] S["] S['c] S[d']`},
		{"here string", "$x = @\"\n\"quoted\" $y\n \"@\n\"@ | Out-Host", `V[$x] S[@"] S["quoted" ] V[$y] S[ "@] S["@] X[Out-Host]`},
		{"plain here string", "$x = @'\n$y '\n'@", `V[$x] S[@'] S[$y '] S['@]`},
		{"numbers", "$a = 10 + 0xFF + 1.5 + 4MB", "V[$a] N[10] N[0xFF] N[1.5] N[4MB]"},
		{"continued line", "aws s3 `\n ls", "X[aws]"},
		{"function", "function Do-It { param($x) }", "K[function] X[Do-It] K[param] V[$x]"},
		{"parameter with a colon", "ls -Force:$true", "X[ls] P[-Force:] V[$true]"},
		{
			"expression", "Write-Host \"in #{Octopus.Environment.Name}\" #{X}",
			"X[Write-Host] S[\"in ] E[#{Octopus.Environment.Name}] S[\"] E[#{X}]",
		},
		{"a hash table is not an expression", "@{ a = 1 }", "X[a] N[1]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := marked(PowerShell(), c.script); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestPython(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"call", "print(x, y.z(1))", "X[print] X[z] N[1]"},
		{"comment", "x = 1 # it's {x}", "N[1] C[# it's {x}]"},
		{"keywords", "if not x: return None", "K[if] K[not] K[return] K[None]"},
		{"an attribute is not a keyword", "x.is_ok(); y.import_(); z.in", "X[is_ok] X[import_]"},
		{"function", "async def f(a, *b): pass", "K[async] K[def] X[f] K[pass]"},
		{"class", "class A(B): x: int = 0xFF", "K[class] X[A] N[0xFF]"},
		{"decorator", "  @a.b(1)\ndef f(): x @ y", "T[@a.b] N[1] K[def] X[f]"},
		{"strings", `x = 'a "b"' + "c 'd'" + ''`, `S['a "b"'] S["c 'd'"] S['']`},
		{"escaped quotes", `x = 'a\'b' + r"a\" + b" y`, `S['a\'b'] S[r"a\" + b"]`},
		{"prefixes", `x = b'a' + Rb"b" + u'c' + no'd'`, `S[b'a'] S[Rb"b"] S[u'c'] S['d']`},
		{"three quotes", "x = '''a\n'b' \"c\"\n''' + 1", `S['''a] S['b' "c"] S['''] N[1]`},
		{"three double quotes", "\"\"\"Doc\nit's\n\"\"\"\nprint()", `S["""Doc] S[it's] S["""] X[print]`},
		{"an open string ends with its line", "x = 'a\nprint()", "S['a] X[print]"},
		{"continued string", "x = 'a\\\nb' + 1", `S['a\] S[b'] N[1]`},
		{"formatted", `f"a {b!r:>{w}} {{c}} {d['e']}"`, `S[f"a ] V[{b!r:>{w}}] S[ {{c}} ] V[{d['e']}] S["]`},
		{"formatted, open", `f'a {b' + 1`, `S[f'a ] V[{b] S['] N[1]`},
		{"formatted over lines", "f'''a {b}\n{c}'''\nd()", "S[f'''a ] V[{b}] V[{c}] S['''] X[d]"},
		{"numbers", "1 1.5 .5 1e3 1_000 0b1 x1", "N[1] N[1.5] N[.5] N[1e3] N[1_000] N[0b1]"},
		{"expression", `x = "#{A}" + #{B | Trim}`, `S["] E[#{A}] S["] E[#{B | Trim}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := marked(Python(), c.script); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestOpens(t *testing.T) {
	for _, c := range []struct {
		lexer Lexer
		line  string
		want  bool
	}{
		{Bash(), "if true; then", true},
		{Bash(), "for x in a; do ", true},
		{Bash(), "case $x in", true},
		{Bash(), "f() {", true},
		{Bash(), "echo then x", false},
		{Bash(), "", false},
		{PowerShell(), "if ($x) {", true},
		{PowerShell(), "$x = @(", true},
		{PowerShell(), "ls", false},
		{Python(), "if x:", true},
		{Python(), "def f(a):  # why", true},
		{Python(), "x = [", true},
		{Python(), "x = 1 # a:", false},
		{Python(), "x = 'a:'", false},
		{None(), "{", false},
	} {
		if got := c.lexer.Opens(c.line); got != c.want {
			t.Errorf("%T %q: %v", c.lexer, c.line, got)
		}
	}
}

func TestStatesReturnToTheStart(t *testing.T) {
	for lexer, script := range map[Lexer]string{
		Bash():       "a=\"$(b 'c' \"d\")\"\ncat <<X\nx\nX\n{ f; }",
		Python():     "x = f\"\"\"{a}\nb\n\"\"\" + 'c\nd = {\n}",
		PowerShell(): "$a = \"$(b 'c' \"d\")\"\n@\"\nx\n\"@\n<# a\n#>\n{ f }",
	} {
		var st State
		for _, line := range strings.Split(script, "\n") {
			_, st = Highlight(lexer, st, line, nil)
		}
		if st != (State{}) {
			t.Errorf("%T ends in %+v", lexer, st)
		}
	}
}

func FuzzHighlight(f *testing.F) {
	f.Add("if [ -f \"$x\" ]; then # c\ncat <<EOF\n$x\nEOF")
	f.Add("$x = @\"\n$(a \"b\")\n\"@ <# c\n#> [int]::x -eq `\n'a'")
	f.Add("x = f'''a {b}\n{c!r}''' + r\"\\\" # d\n@e\ndef g(): 1.5")
	f.Add("#{a #{b} \"c\"} $( ( ` ${x:-\"y\"}")
	f.Fuzz(func(t *testing.T, script string) {
		for _, lexer := range []Lexer{Bash(), PowerShell(), Python(), None()} {
			var st State
			for _, line := range strings.Split(script, "\n") {
				tokens, next := Highlight(lexer, st, line, nil)
				again, same := Highlight(lexer, st, line, nil)
				if !reflect.DeepEqual(tokens, again) || next != same {
					t.Fatalf("%T %q: two results", lexer, line)
				}
				at := 0
				for _, tok := range tokens {
					if tok.From < at || tok.To <= tok.From || tok.To > len(line) || tok.Kind == Plain {
						t.Fatalf("%T %q: bad token %+v after %d", lexer, line, tok, at)
					}
					at = tok.To
				}
				st = next
				lexer.Opens(line)
			}
		}
	})
}

func BenchmarkHighlight(b *testing.B) {
	lines := map[Lexer]string{
		Bash():       `for f in "$A"/*; do cp -- "$f" "#{Target}" || exit 1; done # copy`,
		Python():     `for f in sorted(os.listdir(f"{a}/x")): shutil.copy(f, "#{Target}") # copy`,
		PowerShell(): `foreach ($f in Get-ChildItem "$A") { Copy-Item $f -Destination "#{Target}" } # copy`,
	}
	for lexer, line := range lines {
		b.Run(fmt.Sprintf("%T", lexer), func(b *testing.B) {
			var tokens []Token
			b.ReportAllocs()
			for b.Loop() {
				tokens, _ = Highlight(lexer, State{}, line, tokens[:0])
			}
		})
	}
}
