package joblog

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const secretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

func masker(values ...string) *Masker {
	m := NewMasker()
	for _, v := range values {
		m.Add(v)
	}
	return m
}

// everywhere masks text as a whole and in pieces of every small size, and fails if the results differ.
func everywhere(t *testing.T, m *Masker, text string) string {
	t.Helper()
	want := m.String(text)
	for _, n := range []int{1, 2, 3, 5, 8, 16, 31, 76, 100} {
		var out plainSink
		v := newMaskWriter(m)
		for rest := []byte(text); len(rest) > 0; {
			n := min(n, len(rest))
			v.write(rest[:n], &out)
			rest = rest[n:]
		}
		v.close(&out)
		if out.String() != want {
			t.Errorf("in pieces of %d: %q, whole: %q", n, out.String(), want)
		}
	}
	return want
}

func TestEncodedSecretsAreHidden(t *testing.T) {
	values := []string{
		secretKey, `pa"ss'w$or\d<1>&`, "grün/Öl+🚀 100%", "two words `and` more", "line one of it\nline two of it\n",
	}
	jsonOf := func(v string) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	encodings := map[string]func(string) string{
		"raw":               func(v string) string { return v },
		"base64":            func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) },
		"base64 shifted 1":  func(v string) string { return base64.StdEncoding.EncodeToString([]byte("x" + v + "yy")) },
		"base64 shifted 2":  func(v string) string { return base64.StdEncoding.EncodeToString([]byte("xx" + v + "y")) },
		"base64 for URLs":   func(v string) string { return base64.URLEncoding.EncodeToString([]byte("xyz" + v)) },
		"query":             url.QueryEscape,
		"path":              url.PathEscape,
		"lower query":       func(v string) string { return lowerEscapes.ReplaceAllStringFunc(url.QueryEscape(v), strings.ToLower) },
		"hex":               func(v string) string { return hex.EncodeToString([]byte(v)) },
		"upper hex":         func(v string) string { return strings.ToUpper(hex.EncodeToString([]byte(v))) },
		"JSON":              jsonOf,
		"JSON with slashes": func(v string) string { return strings.ReplaceAll(plainJSON(v), "/", `\/`) },
		"XML": func(v string) string {
			var b strings.Builder
			if err := xml.EscapeText(&b, []byte(strings.TrimSpace(v))); err != nil {
				t.Fatal(err)
			}
			return b.String()
		},
		"HTML": html.EscapeString,
		"Python's HTML": func(v string) string {
			return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;").Replace(v)
		},
		"HTML with slashes": func(v string) string {
			return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;", "/", "&#x2F;").Replace(v)
		},
		"HTML with lower slashes": func(v string) string {
			return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#x27;", "/", "&#x2f;").Replace(v)
		},
		"Bash":       func(v string) string { return "'" + strings.ReplaceAll(v, "'", `'\''`) + "'" },
		"PowerShell": func(v string) string { return "'" + strings.ReplaceAll(v, "'", "''") + "'" },
		"UTF-16":     func(v string) string { return string(utf16LE(v)) },
		"EncodedCommand": func(v string) string {
			return base64.StdEncoding.EncodeToString(utf16LE("aws configure set x '" + v + "'"))
		},
		"with Windows's line ends": func(v string) string { return strings.ReplaceAll(v, "\n", "\r\n") },
	}
	for _, value := range values {
		m := masker(value)
		for name, encode := range encodings {
			if name == "XML" && strings.Contains(value, "\n") {
				continue // Go escapes line feeds there, others don't
			}
			t.Run(name+" of "+value, func(t *testing.T) {
				encoded := encode(value)
				masked := everywhere(t, m, "before "+encoded+" after")
				if strings.Count(masked, Mask) != 1 || !strings.HasPrefix(masked, "before ") || !strings.HasSuffix(masked, " after") {
					t.Fatalf("%q became %q", encoded, masked)
				}
				// Besides the mask there may be quotes, a line feed and the base64 letters that also depend on the bytes beside the
				// value.
				left := len(masked) - len("before "+Mask+" after")
				if name == "EncodedCommand" {
					left -= base64.StdEncoding.EncodedLen(2 * len("aws configure set x ''"))
				}
				if left > 8 {
					t.Errorf("%q became %q: %d bytes are left", encoded, masked, left)
				}
			})
		}
	}
}

var lowerEscapes = regexp.MustCompile("%[0-9A-F]{2}")

func plainJSON(v string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n")
}

func TestProtection(t *testing.T) {
	for _, c := range []struct {
		value, text, want string
		protection        Protection
	}{
		{"", "a b", "a b", Unprotected},
		{"abc", "abc", "abc", Unprotected},
		{"öäü", "öäü", "öäü", Unprotected},
		{"\nabc\n", "abc", "abc", Unprotected},
		{"  \n", "  \n", "  \n", Unprotected},
		{" spaced value\t", "x spaced value x spaced value", "x " + Mask + " x " + Mask, Everywhere},
		{"test", "test", Mask, WholeWords},
		{"test", "a test.", "a " + Mask + ".", WholeWords},
		{"test", "testing attest test_ x-test-y", "testing attest test_ x-" + Mask + "-y", WholeWords},
		{"test", "ütest testü", "ütest testü", WholeWords},
		{"a$$!", "xa$$!x a$$!x", "xa$$!x " + Mask + "x", WholeWords},
		{"$$!!", "x$$!!x", "x" + Mask + "x", WholeWords},
		{"hunter2", "aHVudGVyMg== aHVudGVyMgo=", Mask + "== " + Mask + "=", WholeWords},
		{"hunter2!", "xhunter2!x", "x" + Mask + "x", Everywhere},
		{"ööööäääü", "xööööäääüx", "x" + Mask + "x", Everywhere},
	} {
		t.Run(c.value+" in "+c.text, func(t *testing.T) {
			m := NewMasker()
			if got := m.Add(c.value); got != c.protection {
				t.Errorf("protection %v, want %v", got, c.protection)
			}
			if got := m.Add(c.value); got != c.protection {
				t.Errorf("the second time: protection %v, want %v", got, c.protection)
			}
			if got := everywhere(t, m, c.text); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMasksMerge(t *testing.T) {
	m := masker("abcdefgh", "efghijkl", "mnopqrst")
	for text, want := range map[string]string{
		"xabcdefghx":               "x" + Mask + "x",
		"xabcdefghijklx":           "x" + Mask + "x",
		"xabcdefghmnopqrstx":       "x" + Mask + "x",
		"abcdefgh abcdefgh":        Mask + " " + Mask,
		"abcdefg mnopqrs":          "abcdefg mnopqrs",
		"abcdabcdefghijkabcdefghi": "abcd" + Mask + "ijk" + Mask + "i",
	} {
		if got := everywhere(t, m, text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// Consoles and base64 wrap long text; diffs and greps colour it; tables truncate it.
func TestDisguisedSecretsAreHidden(t *testing.T) {
	token := secretKey + strings.Repeat("IQoJb3JpZ2luX2VjEPr", 10)
	for _, value := range []string{secretKey, token} {
		m := masker(value)
		for width := 1; width < 120; width++ {
			for _, indent := range []string{"", "    ", "\t", "   | "} {
				for _, end := range []string{"\n", "\r\n"} {
					text := "Token: " + wrap(value, width, end+indent) + end + "next"
					if got, want := everywhere(t, m, text), "Token: "+Mask+end+"next"; got != want {
						t.Fatalf("wrapped at %d: %q", width, got)
					}
				}
			}
		}
		for cut := 1; cut < len(value); cut++ {
			for _, code := range []string{"\x1b[1;31m", "\x1b[K", "\x1b[m\x1b[K\r\n\t"} {
				text := "ID " + value[:cut] + code + value[cut:] + "\x1b[0m end"
				if got := everywhere(t, m, text); got != "ID "+Mask+"\x1b[0m end" {
					t.Fatalf("%q after %d: %q", code, cut, got)
				}
			}
			if cut < hideDepth {
				continue
			}
			if got := everywhere(t, m, "k "+value[:cut]+"…\nnext"); got != "k "+Mask+"…\nnext" {
				t.Fatalf("cut off after %d: %q", cut, got)
			}
			if got := everywhere(t, m, "k "+value[:cut]+"\nnext"); got != "k "+Mask+"\nnext" {
				t.Fatalf("ended after %d: %q", cut, got)
			}
		}
		if got := everywhere(t, m, value[:15]+"…"); got != value[:15]+"…" {
			t.Errorf("fifteen bytes became %q", got)
		}
	}
	m := masker(token)
	encoded := base64.StdEncoding.EncodeToString([]byte("secret=" + token + "=secret"))
	for _, width := range []int{5, 20, 64, 76} {
		for before := range width {
			got := everywhere(t, m, wrap(strings.Repeat("#", before)+encoded, width, "\n"))
			got = strings.ReplaceAll(strings.ReplaceAll(got, "#", ""), "\n", "")
			if strings.Count(got, Mask) != 1 || len(got) > len(Mask)+30 {
				t.Fatalf("base64 in lines of %d after %d became %q", width, before, got)
			}
		}
	}
	// What only looks like a gap stays.
	for _, text := range []string{secretKey[:10] + "\n\n  next", secretKey[:10] + "\x1b[0m\n", secretKey[:12] + "\x1bX", "x\n  | y\n",
		"w\nw\r\nwJ\n\nwJa\n  | \x1b[Kx", "w\n", "\n" + secretKey[1:15], "w\x1b[31", strings.Repeat("w\n", 300)} {
		if got := everywhere(t, m, text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func wrap(text string, width int, end string) string {
	var b strings.Builder
	for len(text) > width {
		b.WriteString(text[:width] + end)
		text = text[width:]
	}
	return b.String() + text
}

func TestLinesOfSecretsAreHidden(t *testing.T) {
	m := masker("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n  hkiG9w0BAQEF\nshort\n-----END PRIVATE KEY-----\n")
	for text, want := range map[string]string{
		"x MIIEvQIBADANBgkq y": "x " + Mask + " y",
		"hkiG9w0BAQEF":         Mask,
		"short":                "short",
		"-----BEGIN PRIVATE KEY-----\r\nMIIEvQIBADANBgkq\r\n  hkiG9w0BAQEF\r\nshort\r\n-----END PRIVATE KEY-----\r\nx": Mask + "\r\nx",
		"-----BEGIN PRIVATE KEY-----\nother\n": Mask + "\nother\n",
	} {
		if got := everywhere(t, m, text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func largeSecret(size int) string {
	r := rand.New(rand.NewPCG(9, 10))
	large := make([]byte, size)
	for i := range large {
		large[i] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789\"' ü"[r.IntN(66)]
	}
	return "begin" + strings.ToValidUTF8(string(large), "ü") + "end"
}

func tableBytes(t *table) int { return len(t.nodes)*16 + len(t.edges)*12 + len(t.filter.skip) }

func TestAMegabyteIsHidden(t *testing.T) {
	value := largeSecret(1 << 20)
	m := masker(value)
	if got := m.String("x" + value + "x"); got != "x"+Mask+"x" {
		t.Errorf("%d bytes are left", len(got))
	}
	if size := tableBytes(m.table); size > 8<<20 {
		t.Errorf("the table takes %d bytes", size)
	}
}

// A large value is not kept in every form: the beginnings of its blocks are found, and the rest is compared as it
// comes.
func TestLargeSecrets(t *testing.T) {
	value := largeSecret(100_000)
	m := masker(value, secretKey)
	jsonValue := plainJSON(value)
	half := base64.StdEncoding.EncodeToString([]byte("x" + value))
	for name, text := range map[string]string{
		"whole":            value,
		"wrapped":          wrap(value, 100, "\n"),
		"coloured":         wrap(value, 5000, "\x1b[31m"),
		"base64":           base64.StdEncoding.EncodeToString([]byte(value)),
		"base64 in lines":  wrap(half, 76, "\n"),
		"JSON":             jsonValue[1 : len(jsonValue)-1],
		"JSON in ASCII":    strings.Trim(strconv.QuoteToASCII(value), `"`),
		"percent":          url.QueryEscape(value),
		"hex":              hex.EncodeToString([]byte(value)),
		"cut off":          value[:70_000],
		"begun in a block": value[50_000:],
		"then another":     value[:70_001] + secretKey,
		"UTF-16":           string(utf16LE(value)),
		"again and again":  value[:10_000] + value[:10_000] + value[:20_000],
	} {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{64 << 10, 1021} {
				var out plainSink
				v := newMaskWriter(m)
				for rest := []byte("a:" + text + ":z"); len(rest) > 0; {
					n := min(n, len(rest))
					v.write(rest[:n], &out)
					if len(v.buf) > 1<<10 {
						t.Fatalf("%d bytes are held back", len(v.buf))
					}
					rest = rest[n:]
				}
				v.close(&out)
				got := out.String()
				limit := len("a:" + Mask + ":z")
				switch name {
				case "begun in a block": // the text before the next block stays
					limit += blockBytes + anchorBytes
				case "base64 in lines": // letters that depend on the bytes beside the value
					limit += 8
				case "base64", "UTF-16":
					limit += 4
				}
				if !strings.HasPrefix(got, "a:") || !strings.HasSuffix(got, ":z") || !strings.Contains(got, Mask) || len(got) > limit {
					t.Errorf("in pieces of %d: %d bytes are left of %d: %.200q", n, len(got), len(text), got)
				}
			}
		})
	}
}

func TestLargeSecretsWithLineBreaks(t *testing.T) {
	value := largeSecret(100_000)
	value = value[:blockBytes] + "\n" + strings.Repeat(" ", 40) + value[blockBytes:50_000]
	m := masker(value)
	block := value[blockBytes:]
	for _, text := range []string{
		"x" + block + "y", "x\n" + block + "y", "x" + block[:33] + "y", "x" + block[:36] + "\n y",
	} {
		if got := everywhere(t, m, text); !strings.Contains(got, Mask) || len(got) > 20 {
			t.Errorf("%.100q became %.100q", text, got)
		}
	}
	m = masker(strings.Repeat("0123456789ab", blockBytes/12) + strings.Repeat(" ", 40) + strings.Repeat("and so on, ", 200))
	for n := 10; n < 40; n++ {
		everywhere(t, m, "x\n"+strings.Repeat(" ", n)+"y\n"+strings.Repeat(" ", 40)+"and so")
	}
	// A wrapped one is still followed, also if the line break is what another secret expects.
	value = largeSecret(5000)
	m = masker(value, value[100:120]+"\nsomething else")
	if got := everywhere(t, m, wrap(value, 120, "\n")); got != Mask {
		t.Errorf("%d bytes are left", len(got))
	}
}

func TestLargeSecretsBesideOthers(t *testing.T) {
	value := largeSecret(20_000)
	m := masker(value, "before"+value[:anchorBytes])
	if got := everywhere(t, m, "xbefore"+value+"y"); got != "x"+Mask+"y" {
		t.Errorf("%d bytes are left: %.100q", len(got), got)
	}
}

// Blocks end with whole characters.
func TestLargeSecretsInASCII(t *testing.T) {
	value := "x" + strings.Repeat("ü🚀", 3000)
	m := masker(value)
	text := strings.Trim(strconv.QuoteToASCII(strings.ReplaceAll(value, "🚀", "@")), `"`)
	if got := m.String(strings.ReplaceAll(text, "@", `\ud83d\ude80`)); got != Mask {
		t.Errorf("%d bytes are left: %.100q", len(got), got)
	}
}

// A value of one repeated letter matches at every position.
func TestRepetitiveLargeSecret(t *testing.T) {
	m := masker(strings.Repeat("a", 300_000))
	if got := m.String("x" + strings.Repeat("a", 300_000) + "x"); got != "x"+Mask+"x" {
		t.Errorf("got %.100q", got)
	}
}

func TestSecretsThatBecomeKnownWhileTextStreams(t *testing.T) {
	const first, second = "first-secret-value-of-all", "second-secret"
	for cut := 1; cut < len(first); cut++ {
		m := masker(first)
		var out plainSink
		v := newMaskWriter(m)
		v.write([]byte("a "+second+" "+first[:cut]), &out)
		m.Add(second)
		m.Add(first[cut-1:] + "+more") // begins inside what is held back, and ends later
		v.write([]byte(first[cut:]+" "+second), &out)
		v.write([]byte(" z"), &out)
		v.close(&out)
		if got, want := out.String(), "a "+second+" "+Mask+" "+Mask+" z"; got != want {
			t.Fatalf("cut at %d: got %q, want %q", cut, got, want)
		}
	}
	t.Run("after a short one", func(t *testing.T) {
		m := masker("hunter2")
		var out plainSink
		v := newMaskWriter(m)
		v.write([]byte("hunter2"), &out)
		m.Add(second)
		v.write([]byte(" "+second+" hunter2"), &out)
		m.Add(first)
		v.write([]byte("0"), &out)
		v.close(&out)
		if got, want := out.String(), Mask+" "+Mask+" hunter20"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("inside a long one", func(t *testing.T) {
		long := strings.Repeat("0123456789abcdefghijklmnopqrstuvwxyz", 1)
		for i := range 4000 {
			long += fmt.Sprintf("%x-", i)
		}
		m := masker(long)
		var out plainSink
		v := newMaskWriter(m)
		for i := 0; i < len(long); i += 1000 {
			v.write([]byte(long[i:min(i+1000, len(long))]), &out)
			m.Add(fmt.Sprintf("another secret %d", i))
		}
		v.write([]byte("."), &out)
		v.close(&out)
		if got := out.String(); got != Mask+"." {
			t.Errorf("got %.200q", got)
		}
	})
}

func TestMaskerConcurrently(t *testing.T) {
	m := masker(secretKey)
	var wait sync.WaitGroup
	for g := range 4 {
		wait.Go(func() {
			var out plainSink
			v := newMaskWriter(m)
			for i := range 50 {
				m.Add(fmt.Sprintf("secret number %d of %d", i, g))
				v.write([]byte("x "+secretKey[:20]), &out)
				v.write([]byte(secretKey[20:]+fmt.Sprintf(" secret number %d of %d\n", i, g)), &out)
			}
			v.close(&out)
			if got, want := out.String(), strings.Repeat("x "+Mask+" "+Mask+"\n", 50); got != want {
				t.Errorf("got %.200q", got)
			}
		})
	}
	wait.Wait()
}

func TestHolds(t *testing.T) {
	m := masker(secretKey)
	if !m.Holds("key="+secretKey) || m.Holds("key=") || NewMasker().Holds(secretKey) {
		t.Error("Holds does not report whether a text contains a secret")
	}
}
