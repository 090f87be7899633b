package joblog

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

func utf16BE(text string) string { return string(swapped(utf16LE(text))) }

// stored returns what a log stores of a stream that comes in pieces of at most n bytes.
func stored(text string, n int, m *Masker) string {
	l, b := newLog(Options{Masker: m, FlushEvery: time.Hour})
	for text != "" {
		k := min(n, len(text))
		l.Write(model.StreamStdout, []byte(text[:k]), epoch)
		text = text[k:]
	}
	l.Close()
	return string(b.bytes)
}

func TestEncodingsChangeInsideAStream(t *testing.T) {
	le := func(text string) string { return string(utf16LE(text)) }
	const chinese = "适用于系统的子系统没有已安装的分发版上海人民\r\n"
	long := strings.Repeat("a line of UTF-8 with ü and ✓ in it\n", 20)
	for _, c := range []struct{ name, in, want string }{
		{"words with NUL between them", "1\x002\x003\x00\nnext\n", "1␀2␀3␀\nnext\n"},
		{"and nothing after them", "1\x002\x003\x00\n", "1␀2␀3␀\n"},
		{"names with NUL between them", "./a b\x00./ü\x00./c\x00next\n", "./a b␀./ü␀./c␀next\n"},
		{"a record of NULs", "a" + strings.Repeat("\x00", 70) + "b\n", "a" + strings.Repeat("␀", 70) + "b\n"},
		{"UTF-8 after UTF-16", le("Windows Subsystem\r\n") + long, "Windows Subsystem\r\n" + long},
		{"UTF-8 after UTF-16 with a mark", "\xff\xfe" + le("Windows\r\n") + long, "Windows\r\n" + long},
		{"UTF-8 after big end first", "\xfe\xff" + utf16BE("Windows\r\n") + long, "Windows\r\n" + long},
		{"UTF-8 after Chinese", "\xff\xfe" + le(chinese) + long, chinese + long},
		{"a short line after UTF-16", le("Windows\r\n") + "done\n", "Windows\r\ndone\n"},
		{"a short even line between", le("Windows\r\n") + "abc\n" + le("Windows\r\n"), "Windows\r\nabc\nWindows\r\n"},
		{"a short odd line between", le("Windows\r\n") + "ok\n" + le("Windows\r\n"), "Windows\r\nok\nWindows\r\n"},
		{"a line end between", le("Windows\r\n") + "\n" + le("Windows\r\n"), "Windows\r\n\nWindows\r\n"},
		{"a line end after", le("Windows\r\n") + "\n", "Windows\r\n\n"},
		{"UTF-16 after UTF-8", long + le("Windows Subsystem\r\n") + long, long + "Windows Subsystem\r\n" + long},
		{"at an odd place", "x: " + le("Windows\r\n") + "end\n", "x: Windows\r\nend\n"},
		{"at an even place", "xy: " + le("Windows\r\n") + "the end of it all\n", "xy: Windows\r\nthe end of it all\n"},
		{"a mark inside", "begin\n\xff\xfe" + le(chinese) + long, "begin\n" + chinese + long},
		{"a mark inside, big end first", "begin\n\xfe\xff" + utf16BE(chinese) + long, "begin\n" + chinese + long},
		{"two files with marks", "\xff\xfe" + le("one\r\n") + "\xff\xfe" + le("two\r\n"), "one\r\ntwo\r\n"},
		{"two files of two kinds", "\xff\xfe" + le(chinese) + "\xfe\xff" + utf16BE("two\r\n"), chinese + "two\r\n"},
		{"a file of UTF-8 with its mark", "\xff\xfe" + le("one\r\n") + "\uFEFFtwo ü\r\n", "one\r\n\uFEFFtwo ü\r\n"},
		{"big end first without a mark", "begin\n" + utf16BE("Windows\r\n") + "end\n", "begin\nWindows\r\nend\n"},
		{"Latin and others", le("Name: Иван 上海 🚀 ☃\r\n") + "end\n", "Name: Иван 上海 🚀 ☃\r\nend\n"},
		{"no mark inside a line", "a\xff\xfebc\n", "a\uFFFD\uFFFDbc\n"},
		{"a Windows code page", "gr\xfcn\n", "gr\uFFFDn\n"},
		{"a secret in UTF-8 after UTF-16", le("Windows\r\n") + "key " + secretKey + " x\n", "Windows\r\nkey " + Mask + " x\n"},
		{"a secret after words with NUL", "1\x002\x003\x00\n" + secretKey + "\n", "1␀2␀3␀\n" + Mask + "\n"},
		{"a secret in UTF-16 after UTF-8", "key:\n" + le(secretKey) + "\n", "key:\n" + Mask + "\n"},
		{"a line of it", "key:\n" + le(secretKey+"\r\n") + "next\n", "key:\n" + Mask + "\r\nnext\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, n := range []int{1, 2, 3, 5, 7, 64, 100_000} {
				if got := stored(c.in, n, masker(secretKey)); got != c.want {
					t.Errorf("in pieces of %d:\ngot  %q\nwant %q", n, got, c.want)
				}
			}
		})
	}
}

// reencoded lists the encodings of a text in which someone may look for a secret.
func reencoded(text string) map[string]string {
	var little, big, latin []byte
	for _, r := range text {
		if r <= 0xFF {
			latin = append(latin, byte(r))
		} else {
			latin = append(latin, '?')
		}
		for _, u := range utf16.AppendRune(nil, r) {
			little = binary.LittleEndian.AppendUint16(little, u)
			big = binary.BigEndian.AppendUint16(big, u)
		}
	}
	return map[string]string{
		"unchanged": text, "in UTF-16LE": string(little), "in UTF-16BE": string(big), "in Latin-1": string(latin),
	}
}

func reveals(text string, secrets []string) string {
	for how, encoded := range reencoded(text) {
		for _, s := range secrets {
			if len(s) == utf8.RuneCountInString(s) && strings.Contains(strings.ReplaceAll(encoded, "␀", ""), s) {
				return fmt.Sprintf("%s it holds %q with NULs", how, s)
			}
			for name, form := range map[string]string{"UTF-8": s, "UTF-16LE": string(utf16LE(s)), "UTF-16BE": utf16BE(s)} {
				if strings.Contains(encoded, form) {
					return fmt.Sprintf("%s it holds %q in %s", how, s, name)
				}
			}
		}
	}
	return ""
}

var hardSecrets = []string{secretKey, "hunter2!", "grün-Schlüssel-öäü", "пароль-секрет", "密码是秘密的东西啊", "a secret\nof two lines"}

// mixture returns a stream in which encodings change without notice, with secrets in any of them.
func mixture(r *rand.Rand) string {
	texts := append([]string{"x", "\n", "\r\n", " ", "Windows Subsystem\r\n", "ok\n", "done.\n", "Привет, мир\n", "适用于系统上海人民", "🚀", "key="},
		hardSecrets...)
	encoders := []func(string) string{
		func(t string) string { return t }, func(t string) string { return string(utf16LE(t)) }, utf16BE,
		func(t string) string { return strings.Join(strings.Split(t, ""), "\x00") },
	}
	raw := []string{"\x00", "\x00\x00", "\xff\xfe", "\xfe\xff", "\uFEFF", "\xff", "\x04", "\xe2\x82", "\xd8", "\xdc", "n0"}
	var b strings.Builder
	encode := encoders[0]
	for range 1 + r.IntN(12) {
		if r.IntN(3) == 0 {
			encode = encoders[r.IntN(len(encoders))]
		}
		switch r.IntN(5) {
		case 0:
			b.WriteString(raw[r.IntN(len(raw))])
		case 1:
			b.WriteString(encoders[r.IntN(3)](hardSecrets[r.IntN(len(hardSecrets))]))
		default:
			b.WriteString(encode(texts[r.IntN(len(texts))]))
		}
	}
	return b.String()
}

// Whatever comes before, around and after a secret, and however the decoder reads it: it can't be read back.
func TestNoMixtureOfEncodingsRevealsASecret(t *testing.T) {
	cases := 6_000
	if testing.Short() {
		cases = 1_500
	}
	r := rand.New(rand.NewPCG(31, 32))
	m := masker(hardSecrets...)
	hidden := 0
	for c := range cases {
		text := mixture(r)
		whole := stored(text, len(text), m)
		if found := reveals(whole, hardSecrets); found != "" {
			t.Fatalf("case %d: %q\nbecame %q\n%s", c, text, whole, found)
		}
		if n := 1 + r.IntN(9); stored(text, n, m) != whole {
			t.Fatalf("case %d: %q\nin pieces of %d %q\nwhole %q", c, text, n, stored(text, n, m), whole)
		}
		if strings.Contains(whole, Mask) {
			hidden++
		}
	}
	if hidden < cases/2 {
		t.Errorf("%d of %d cases hid something: the cases test too little", hidden, cases)
	}
}

// A value that a message in UTF-16 declares a secret is hidden in what follows it in the same read, in any encoding.
func TestMessagesInUTF16TakeEffectAtOnce(t *testing.T) {
	message := string(utf16LE("begin\r\n##octopus[mask value='" + encoded(secretKey) + "']\r\n"))
	for name, after := range map[string]string{
		"UTF-8": secretKey + "\n", "UTF-8 at an odd place": "x" + secretKey + "\n", "UTF-16": string(utf16LE(secretKey + "\r\n")),
		"among Chinese": string(utf16LE("适用")) + "hunter2!" + string(utf16LE("系统")),
	} {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{1, 7, 10_000} {
				got := stored(message+after, n, masker("hunter2!"))
				if !strings.Contains(got, Mask) || reveals(got, []string{secretKey, "hunter2!"}) != "" {
					t.Errorf("in pieces of %d: %q", n, got)
				}
			}
		})
	}
}

// A message whose value contains a known secret is handled, also right after UTF-16.
func TestMessagesAfterUTF16(t *testing.T) {
	for name, encode := range map[string]func(string) string{"UTF-8": func(t string) string { return t },
		"UTF-16": func(t string) string { return string(utf16LE(t)) }} {
		t.Run(name, func(t *testing.T) {
			var got []string
			l, b := newLog(Options{Masker: masker(secretKey), OnMessage: func(_ model.Stream, m Message) {
				value, _ := m.Value("value")
				got = append(got, value)
			}})
			text := string(utf16LE("Windows\r\n")) + encode("##octopus[setVariable name='QQ==' value='"+encoded(secretKey)+"']\r\nend of it\n")
			l.Write(model.StreamStdout, []byte(text), epoch)
			l.Close()
			if fmt.Sprint(got) != "["+secretKey+"]" || string(b.bytes) != "Windows\r\nend of it\n" {
				t.Errorf("messages %q, log %q", got, b.bytes)
			}
		})
	}
}

// A program that pauses inside a character, or right after a secret's first letters, changes nothing about the secret.
func TestPausesInUTF16(t *testing.T) {
	for _, before := range []string{"", "x\n", string(utf16LE("Windows\r\n"))} {
		text := before + string(utf16LE("key "+secretKey+"\r\n")) + "the end of it all\n"
		for cut := range len(text) {
			l, b := newLog(Options{Masker: masker(secretKey), FlushEvery: time.Hour})
			l.Write(model.StreamStdout, []byte(text[:cut]), epoch)
			l.mu.Lock()
			l.out.flush(0)
			l.mu.Unlock()
			l.Write(model.StreamStdout, []byte(text[cut:]), epoch)
			l.Close()
			if found := reveals(string(b.bytes), []string{secretKey}); found != "" {
				t.Errorf("a pause after %q: %q: %s", text[:cut], b.bytes, found)
			}
		}
	}
}

// FuzzDecoder: text that is UTF-8 stays as it is, nothing depends on the pieces, and no more than a few bytes are held back.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte("1\x002\x003\x00\nabc"), uint64(1))
	f.Add([]byte("\xff\xfea\x00b\x00\r\x00\n\x00then UTF-8 that goes on for long\n"), uint64(2))
	f.Add([]byte("x: W\x00i\x00n\x00\n\x00ok\nW\x00i\x00n\x00\n\x00\xfe\xff\x00a"), uint64(3))
	f.Add(append(utf16LE("密码是秘密的东西啊 适用于系统"), "hunter2! and more of it that is text"...), uint64(4))
	f.Add([]byte("\x00\xd8\x00\xdc\x00\xd8"), uint64(5))
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 0))
		decode := func(most int) (out []byte, bad int) {
			d := decoder{masker: NewMasker(), text: func(b []byte) { out = append(out, b...) }, mask: func(bool) { t.Error("masked") },
				bad: func(n int) { bad += n }, odd: func() {}}
			for rest := text; len(rest) > 0; {
				n := 1 + r.IntN(min(most, len(rest)))
				d.write(bytes.Clone(rest[:n]))
				if len(d.head) > 2*sniffBytes {
					t.Fatalf("%d bytes are held back", len(d.head))
				}
				rest = rest[n:]
			}
			d.close()
			return out, bad
		}
		whole, bad := decode(1 << 30)
		pieces, badOfPieces := decode(5)
		if !bytes.Equal(whole, pieces) || bad != badOfPieces {
			t.Fatalf("whole %q, in pieces %q", whole, pieces)
		}
		if mayBeText(text) && !bytes.Equal(whole, text) {
			t.Fatalf("%q became %q", text, whole)
		}
	})
}

// FuzzSecretAmongBytes: any bytes around a secret in any encoding.
func FuzzSecretAmongBytes(f *testing.F) {
	f.Add([]byte("1\x002\x003\x00\n"), []byte("\n"), uint8(0), uint8(3))
	f.Add([]byte("\xff\xfea\x00"), []byte("\x00a\x00"), uint8(1), uint8(1))
	f.Add([]byte("abc"), []byte("\n"), uint8(2), uint8(2))
	m := masker(hardSecrets...)
	f.Fuzz(func(t *testing.T, before, after []byte, which, n uint8) {
		if len(before) > 1<<10 || len(after) > 1<<10 {
			return
		}
		secret := hardSecrets[int(which/3)%len(hardSecrets)]
		form := []string{secret, string(utf16LE(secret)), utf16BE(secret)}[which%3]
		text := string(before) + form + string(after)
		whole := stored(text, len(text), m)
		if found := reveals(whole, []string{secret}); found != "" &&
			reveals(stored(string(before)+"#"+string(after), 1<<20, m), []string{secret}) == "" {
			t.Fatalf("%q became %q: %s", text, whole, found)
		}
		if pieces := stored(text, int(n)+1, m); pieces != whole {
			t.Fatalf("%q\nwhole %q\nin pieces of %d %q", text, whole, int(n)+1, pieces)
		}
	})
}
