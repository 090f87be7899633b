package joblog

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// book records what a log emits.
type book struct {
	bytes   []byte
	lines   []model.LineMeta
	batches int
}

func (b *book) emit(batch model.LogBatch) {
	b.bytes = append(b.bytes, batch.Bytes...)
	b.lines = append(b.lines, batch.Lines...)
	b.batches++
}

// String returns every line with its stream, its level and a + if it continues.
func (b *book) String() string {
	var s strings.Builder
	at := 0
	for _, l := range b.lines {
		more := ""
		if l.Continued {
			more = "+"
		}
		fmt.Fprintf(&s, "%s %s%s: %q\n", l.Stream, l.Level, more, b.bytes[at:at+int(l.Len)])
		at += int(l.Len)
	}
	return s.String()
}

// of returns the bytes of one stream.
func (b *book) of(stream model.Stream) string {
	var s strings.Builder
	at := 0
	for _, l := range b.lines {
		if l.Stream == stream {
			s.Write(b.bytes[at : at+int(l.Len)])
		}
		at += int(l.Len)
	}
	return s.String()
}

func (b *book) check(t *testing.T) {
	t.Helper()
	sum := 0
	for _, l := range b.lines {
		sum += int(l.Len)
	}
	if sum != len(b.bytes) {
		t.Errorf("the lines have %d bytes, the batches %d", sum, len(b.bytes))
	}
}

func newLog(o Options) (*Log, *book) {
	b := &book{}
	o.Emit = b.emit
	return New(o), b
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

var epoch = time.Unix(1_800_000_000, 0)

func TestLevels(t *testing.T) {
	for _, c := range []struct{ name, out, err, want string }{
		{"usual", "a\nb\n", "c\n", `
stdout info: "a\n"
stdout info: "b\n"
stderr error: "c\n"`},
		{"each of stdout's",
			"##octopus[stdout-verbose]\na\n##octopus[stdout-highlight]\nb\n##octopus[stdout-wait]\nc\n##octopus[stdout-warning]\nd\n" +
				"##octopus[stdout-error]\ne\n##octopus[STDOUT-DEFAULT]\nf\n", "", `
stdout verbose: "a\n"
stdout highlight: "b\n"
stdout wait: "c\n"
stdout warning: "d\n"
stdout error: "e\n"
stdout info: "f\n"`},
		{"each of stderr's", "", "##octopus[stderr-progress]\na\n##octopus[stderr-output]\nb\n" +
			"##octopus[stderr-error]\nc\n##octopus[stderr-default]\nd\n", `
stderr verbose: "a\n"
stderr info: "b\n"
stderr error: "c\n"
stderr error: "d\n"`},
		{"across streams", "##octopus[stderr-progress]\na\n", "b\n", `
stdout info: "a\n"
stderr verbose: "b\n"`},
		{"ignored lines are dropped", "a\n##octopus[stdout-ignore]b\nc\n##octopus[stdout-default]\nd\n", "##octopus[stderr-ignore]e", `
stdout info: "a\n"
stdout info: "d\n"`},
		{"a level begins with the next line", "a ##octopus[stdout-warning]b\nc\n", "", `
stdout info: "a b\n"
stdout warning: "c\n"`},
		{"or with its own", "##octopus[stdout-warning]b\n", "", `
stdout warning: "b\n"`},
		{"an unknown one is ordinary", "##octopus[stdout-loud]\na\n", "", `
stepdeck warning: "The script sent the service message stdout-loud, which this version doesn't support.\n"
stdout info: "a\n"`},
		{"an unsupported one is reported, once", "a\n##octopus[new-thing path='QQ==']\n##octopus[New-Thing]\n", "", `
stdout info: "a\n"
stepdeck warning: "The script sent the service message new-thing, which this version doesn't support.\n"`},
		{"what a server would do is named", "##octopus[create-kubernetestarget name='QQ==']\n", "##octopus[set-environmentstate key='QQ==']\n", `
stepdeck warning: "The script sent the service message create-kubernetestarget, which is for an Octopus server and has no ` +
			`counterpart in Stepdeck. Nothing was done.\n"
stepdeck warning: "The script sent the service message set-environmentstate, which is for an Octopus server and has no ` +
			`counterpart in Stepdeck. Nothing was done.\n"`},
		{"a long name is cut", "##octopus[" + strings.Repeat("x", 1000) + "]\n", "", `
stepdeck warning: "The script sent the service message ` + strings.Repeat("x", 64) + `, which this version doesn't support.\n"`},
		{"no line end at the end", "a\nb", "c", `
stdout info: "a\n"
stdout info: "b"
stderr error: "c"`},
		{"what was held back at the end", "a\n  ##octopus[x a='QQ==", " ##octo", `
stdout info: "a\n"
stdout info: "  ##octopus[x a='QQ=="
stderr error: " ##octo"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, b := newLog(Options{})
			l.Write(model.StreamStdout, []byte(c.out), epoch)
			l.Write(model.StreamStderr, []byte(c.err), epoch)
			l.Close()
			if got, want := b.String(), strings.TrimPrefix(c.want, "\n")+"\n"; got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			b.check(t)
		})
	}
}

func TestStderrLevelOfTheStep(t *testing.T) {
	l, b := newLog(Options{StderrLevel: model.LevelInfo})
	l.Write(model.StreamStderr, []byte("a\n##octopus[stderr-error]\nb\n##octopus[stderr-default]\nc\n \n"), epoch)
	sum := l.Close()
	if got, want := b.String(), "stderr info: \"a\\n\"\nstderr error: \"b\\n\"\nstderr info: \"c\\n\"\nstderr info: \" \\n\"\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if sum.Stderr.NonBlank != 3 || sum.Stderr.Errors != 1 || sum.Stderr.Lines != 4 {
		t.Errorf("counts %+v", sum.Stderr)
	}
}

func TestMessagesReachTheEngine(t *testing.T) {
	var got []string
	m := masker("known secret")
	l, b := newLog(Options{Masker: m, OnMessage: func(s model.Stream, m Message) {
		name, _ := m.Value("name")
		got = append(got, fmt.Sprint(s, " ", m.Name, " ", name, " ", m.Sensitive, " ", len(m.Values)))
	}})
	l.Write(model.StreamStdout, []byte("##octopus[setVariable name='"+encoded("A")+"' value='"+encoded("plain")+"']\n"+
		"##octopus[setVariable name='"+encoded("B")+"' value='"+encoded("top of all")+"' sensitive='"+encoded("True")+"']\n"+
		"##octopus[setVariable name='"+encoded("C")+"' value='"+encoded("x=known secret")+"']\n"+
		"##octopus[progress percentage='"+encoded("50")+"' message='"+encoded("half")+"']"+
		"##octopus[resultMessage message='"+encoded("bad")+"']\n"+
		"##octopus[stdout-verbose]\nplain top of all x=known secret\n"), epoch)
	l.Write(model.StreamStderr, []byte("##octopus[mask value='"+encoded("hush hush")+"']\nhush hush\n"), epoch)
	l.Write(model.StreamStdout, []byte("hush hush\n"), epoch)
	sum := l.Close()
	want := []string{
		"stdout setVariable A false 2", "stdout setVariable B true 3", "stdout setVariable C true 2",
		"stdout progress  false 2", "stdout resultMessage  false 1", "stderr mask  false 1",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := b.of(model.StreamStdout) + b.of(model.StreamStderr); got != "plain ******** ********\n********\n********\n" {
		t.Errorf("log %q", got)
	}
	if sum.Masked != 4 {
		t.Errorf("%d places masked", sum.Masked)
	}
}

// OnMessage may use the log.
func TestOnMessageMaySay(t *testing.T) {
	var l *Log
	b := &book{}
	l = New(Options{Emit: b.emit, OnMessage: func(_ model.Stream, m Message) { l.Say(model.LevelInfo, m.Name) }})
	l.Write(model.StreamStdout, []byte("##octopus[progress]\n"), epoch)
	l.Close()
	if got := b.of(model.StreamStepdeck); got != "progress\n" {
		t.Errorf("got %q", got)
	}
}

func TestShortSecretsAreReported(t *testing.T) {
	l, b := newLog(Options{})
	l.Write(model.StreamStdout, []byte("##octopus[mask value='"+encoded("abc")+"']\n##octopus[mask value='"+encoded("abcdef")+"']\n"+
		"##octopus[setVariable name='"+encoded("Pin")+"' value='"+encoded("1234")+"' sensitive='"+encoded("true")+"']\n"+
		"##octopus[setVariable name='"+encoded("None")+"' value='' sensitive='"+encoded("true")+"']\nabc abcdef 1234\n"), epoch)
	l.Close()
	want := "A value that the script asked to hide has fewer than 4 characters, so it stays visible.\n" +
		"A value that the script asked to hide has fewer than 8 characters, so it is hidden only as a whole word.\n" +
		"The value of the sensitive output variable Pin has fewer than 8 characters, so it is hidden only as a whole word.\n"
	if got := b.of(model.StreamStepdeck); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := b.of(model.StreamStdout); got != "abc ******** ********\n" {
		t.Errorf("got %q", got)
	}
}

func TestSay(t *testing.T) {
	l, b := newLog(Options{Masker: masker(secretKey), Now: func() time.Time { return epoch }})
	l.Write(model.StreamStdout, []byte("begun"), epoch)
	l.Say(model.LevelWarning, "the key is "+secretKey+"\nand more\n\n")
	l.Write(model.StreamStdout, []byte(" and ended\n"), epoch)
	sum := l.Close()
	l.Say(model.LevelInfo, "later")
	want := "stepdeck warning: \"the key is ********\\n\"\nstepdeck warning: \"and more\\n\"\nstdout info: \"begun and ended\\n\"\nstepdeck " +
		"info: \"later\\n\"\n"
	if got := b.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if b.lines[0].Time != epoch.UnixMicro() || sum.Masked != 1 || sum.Stepdeck.Lines != 2 || sum.Lines != 3 || l.Summary().Lines != 4 {
		t.Errorf("time %d, summary %+v", b.lines[0].Time, sum)
	}
}

func TestTimes(t *testing.T) {
	l, b := newLog(Options{Masker: masker("secret secret")})
	at := func(s int) time.Time { return epoch.Add(time.Duration(s) * time.Second) }
	l.Write(model.StreamStdout, []byte("a\nb"), at(1))
	l.Write(model.StreamStdout, []byte("b\nsecret "), at(2))
	l.Write(model.StreamStderr, []byte("e\n"), at(3))
	l.Write(model.StreamStdout, []byte("secret\nc"), at(4))
	l.Write(model.StreamStdout, []byte("\n"), at(5))
	l.Write(model.StreamStdout, []byte("d\n"), at(6))
	l.Close()
	var got []int64
	for _, line := range b.lines {
		got = append(got, line.Time/1e6-epoch.Unix())
	}
	if fmt.Sprint(got) != "[1 1 3 2 4 6]" {
		t.Errorf("times %v of\n%s", got, b)
	}
}

func TestTimesOfWhatWasHeldBack(t *testing.T) {
	l, b := newLog(Options{})
	l.Write(model.StreamStdout, []byte("begin\n##oct"), epoch)
	l.Write(model.StreamStdout, []byte("x\nb\n  "), epoch.Add(time.Second))
	l.Write(model.StreamStdout, []byte("##octopus[stdout-verbose]"), epoch.Add(2*time.Second))
	l.Write(model.StreamStdout, []byte("\nlast"), epoch.Add(3*time.Second))
	l.Write(model.StreamStdout, []byte("\n"), epoch.Add(4*time.Second))
	l.Close()
	var got []int64
	for _, line := range b.lines {
		got = append(got, (line.Time-epoch.UnixMicro())/1e6)
	}
	if fmt.Sprint(got) != "[0 0 1 3]" || b.lines[3].Level != model.LevelVerbose {
		t.Errorf("times %v of\n%s", got, b)
	}
}

func TestLongLinesAreCut(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []int
	}{
		{"just fits", strings.Repeat("x", 100) + "\n", []int{101}},
		{"one more", strings.Repeat("x", 101) + "\n", []int{100, 2}},
		{"long", strings.Repeat("x", 250) + "\ny\n", []int{100, 100, 51, 2}},
		{"without an end", strings.Repeat("x", 200), []int{100, 100}},
		{"characters stay whole", strings.Repeat("x", 98) + "🚀🚀\n", []int{98, 9}},
		{"what is no character is cut too", strings.Repeat("x", 98) + "\xbf\xbf\xbf\xbf\n", []int{104, 7}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, n := range []int{1, 3, 99, 1000} {
				l, b := newLog(Options{MaxLine: 100})
				for rest := c.text; rest != ""; {
					n := min(n, len(rest))
					l.Write(model.StreamStdout, []byte(rest[:n]), epoch)
					rest = rest[n:]
				}
				l.Close()
				var got []int
				for i, line := range b.lines {
					got = append(got, int(line.Len))
					ends := b.bytes[sum(got)-1] == '\n' || i == len(b.lines)-1
					if line.Continued == ends {
						t.Errorf("line %d: continued %v", i, line.Continued)
					}
				}
				if fmt.Sprint(got) != fmt.Sprint(c.want) {
					t.Errorf("in pieces of %d: lines of %v bytes, want %v", n, got, c.want)
				}
			}
		})
	}
}

func sum(all []int) (s int) {
	for _, n := range all {
		s += n
	}
	return s
}

func TestBadBytesAreVisibleAndCounted(t *testing.T) {
	l, b := newLog(Options{})
	l.Write(model.StreamStdout, []byte("a\xff\xfeb\xc3\n\xe2\x82"), epoch)
	l.Write(model.StreamStdout, []byte("\xac ok \xed\xa0\x80\n"), epoch)
	sum := l.Close()
	if got, want := string(b.bytes), "a\uFFFD\uFFFDb\uFFFD\n€ ok \uFFFD\uFFFD\uFFFD\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if sum.Stdout.Bad != 6 {
		t.Errorf("%d bad bytes", sum.Stdout.Bad)
	}
}

// Lines wait for others for a moment, an unfinished line twice as long; what can't be a secret is never held back
// longer.
func TestNothingWaitsForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		b := &book{}
		seen := func() string {
			mu.Lock()
			defer mu.Unlock()
			return b.String()
		}
		l := New(Options{Masker: masker(secretKey), Emit: func(batch model.LogBatch) {
			mu.Lock()
			defer mu.Unlock()
			b.emit(batch)
		}})
		write := func(text string) { l.Write(model.StreamStdout, []byte(text), time.Now()) }
		expect := func(after time.Duration, want string) {
			t.Helper()
			time.Sleep(after)
			synctest.Wait()
			if got := seen(); got != want {
				t.Fatalf("got\n%swant\n%s", got, want)
			}
		}
		write("é") // two bytes, perhaps UTF-16
		expect(0, "")
		want := "stdout info+: \"é\"\n"
		expect(2*defaultFlush, want)
		write("one\n")
		want += "stdout info: \"one\\n\"\n"
		expect(defaultFlush, want)
		write("Continue? ")
		expect(defaultFlush/2, want)
		want += "stdout info+: \"Continue? \"\n"
		expect(2*defaultFlush, want)
		write("yes " + secretKey[:9])
		want += "stdout info+: \"yes \"\n"
		expect(2*defaultFlush, want) // what may become a secret waits
		expect(time.Hour, want)
		write(secretKey[9:] + "\n")
		want += "stdout info: \"********\\n\"\n"
		expect(2*defaultFlush, want)
		write("ü")
		want += "stdout info+: \"ü\"\n"
		expect(2*defaultFlush, want)
		write("\n")
		want += "stdout info: \"\\n\"\n"
		expect(2*defaultFlush, want)
		write("slow\n") // ends as the secret begins: waits a moment, and stays one line
		expect(0, want)
		want += "stdout info: \"slow\\n\"\n"
		expect(2*defaultFlush, want)
		write(secretKey[1:4])
		expect(time.Hour, want)
		write("\n" + secretKey[4:] + "\n")
		want += "stdout info: \"********\\n\"\n"
		expect(2*defaultFlush, want)
		write("\xe2\x82")
		expect(time.Hour, want) // half a character
		write("\xac\n")
		want += "stdout info: \"€\\n\"\n"
		expect(2*defaultFlush, want)
		l.Close()
		expect(0, want)
	})
}

// A line that has just begun is not cut because an older one had to wait.
func TestRecentLineIsNotCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, b := newLog(Options{})
		for i := range 40 {
			l.Write(model.StreamStdout, fmt.Appendf(nil, "end %d\nbegin %d ", i, i), time.Now())
			time.Sleep(60 * time.Millisecond)
		}
		l.Close()
		for _, line := range b.lines {
			if line.Continued {
				t.Fatalf("cut:\n%s", b)
			}
		}
		if b.batches < 15 {
			t.Errorf("%d batches in 2.4 seconds", b.batches)
		}
	})
}

func TestUTF16IsDecoded(t *testing.T) {
	wide := func(mark, text string) string { return mark + string(utf16LE(text)) }
	for _, c := range []struct{ name, in, want string }{
		{"with a mark", wide("\xff\xfe", "grün 🚀\r\n"), "grün 🚀\r\n"},
		{"big end first", "\xfe\xff\x00a\x20\xac\x00\n", "a€\n"},
		{"without a mark", wide("", "Windows Subsystem for Linux\r\n"), "Windows Subsystem for Linux\r\n"},
		{"not only Latin letters", wide("", "ДаDistributions: Ubuntu (Стандарт), Debian and more of them\n"),
			"ДаDistributions: Ubuntu (Стандарт), Debian and more of them\n"},
		{"a secret", wide("", "key="+secretKey+"\n"), "key=" + Mask + "\n"},
		{"a message", wide("", "##octopus[stdout-verbose]\nx\n"), "x\n"},
		{"half a character at the end", wide("\xff\xfe", "ab") + "c", "ab\uFFFD"},
		{"half a pair", "\xff\xfe\x3d\xd8a\x00", "\uFFFDa"},
		{"the wrong half first", "\xff\xfe\x00\xdca\x00b\x00", "\uFFFDab"},
		{"half a pair at the end", "\xff\xfea\x00\x3d\xd8", "a\uFFFD"},
		{"UTF-8", "a\n", "a\n"},
		{"UTF-8 with its mark", "\uFEFFabc\n", "\uFEFFabc\n"},
		{"zeros at random", "a\x00\x00\x00b\n", "a␀␀␀b\n"},
		{"few zeros", "\x00" + strings.Repeat("abc\n", 100), "␀" + strings.Repeat("abc\n", 100)},
		{"one byte", "\xff", "\uFFFD"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, n := range []int{1, 2, 3, 5, 1000} {
				l, b := newLog(Options{Masker: masker(secretKey)})
				for rest := c.in; rest != ""; {
					n := min(n, len(rest))
					l.Write(model.StreamStdout, []byte(rest[:n]), epoch)
					rest = rest[n:]
				}
				l.Close()
				if got := string(b.bytes); got != c.want {
					t.Errorf("in pieces of %d: %q, want %q", n, got, c.want)
				}
			}
		})
	}
}

// Both streams are written, Stepdeck adds lines, secrets are added: every line appears once, in order, whole and
// masked.
func TestManyAtOnce(t *testing.T) {
	m := masker(secretKey)
	l, b := newLog(Options{Masker: m, FlushEvery: time.Millisecond, ChunkBytes: 1 << 10})
	const lines = 150
	var wait sync.WaitGroup
	for _, stream := range []model.Stream{model.StreamStdout, model.StreamStderr} {
		wait.Go(func() {
			r := rand.New(rand.NewPCG(uint64(stream), 0))
			var text []byte
			for i := range lines {
				text = fmt.Appendf(text, "%d %s ##octopus[mask value='%s'] secret %s %d\n", i, secretKey,
					encoded(fmt.Sprint("secret ", stream, " ", i)), stream, i)
			}
			for len(text) > 0 {
				n := min(len(text), 1+r.IntN(300))
				l.Write(stream, text[:n], time.Now())
				text = text[n:]
			}
		})
	}
	wait.Go(func() {
		for i := range 200 {
			l.Say(model.LevelInfo, fmt.Sprint(i))
			l.Summary()
		}
	})
	wait.Wait()
	sum := l.Close()
	b.check(t)
	var want, said strings.Builder
	for i := range lines {
		fmt.Fprintf(&want, "%d ********  ********\n", i)
	}
	for i := range 200 {
		fmt.Fprintf(&said, "%d\n", i)
	}
	for stream, want := range map[model.Stream]string{model.StreamStdout: want.String(), model.StreamStderr: want.String(),
		model.StreamStepdeck: said.String()} {
		if got := b.of(stream); got != want {
			t.Errorf("%s: %d bytes, want %d: %.300q", stream, len(got), len(want), got)
		}
	}
	if sum.Masked != 4*lines || sum.Lines != int64(len(b.lines)) {
		t.Errorf("summary %+v", sum)
	}
}

// Text without secrets and messages is stored byte for byte, and no batch is much larger than configured.
func TestTextIsKeptByteForByte(t *testing.T) {
	text := benchText(plain)[:2<<20]
	for _, m := range []*Masker{NewMasker(), secrets(20)} {
		largest := 0
		b := &book{}
		l := New(Options{Masker: m, Emit: func(batch model.LogBatch) {
			largest = max(largest, len(batch.Bytes))
			b.emit(batch)
		}})
		for rest := text; len(rest) > 0; {
			n := min(len(rest), 32<<10)
			l.Write(model.StreamStdout, rest[:n], epoch)
			rest = rest[n:]
		}
		sum := l.Close()
		if !bytes.Equal(b.bytes, text) {
			t.Error("the stored text differs")
		}
		if want := int64(bytes.Count(text, []byte("\n"))) + 1; sum.Lines != want || sum.Stdout.Bytes != int64(len(text)) {
			t.Errorf("%d lines of %d bytes, want %d of %d", sum.Lines, sum.Stdout.Bytes, want, len(text))
		}
		if largest > defaultChunk+defaultLine {
			t.Errorf("a batch of %d bytes", largest)
		}
	}
}

// A line allocates nothing: only batches do, because the receiver may keep them.
func TestLinesCostNoAllocations(t *testing.T) {
	text := benchText(plain)[:950_000] // 10,000 lines
	m := secrets(3)
	perRun := testing.AllocsPerRun(3, func() {
		l := New(Options{Masker: m, Emit: func(model.LogBatch) {}})
		for rest := text; len(rest) > 0; rest = rest[min(len(rest), 64<<10):] {
			l.Write(model.StreamStdout, rest[:min(len(rest), 64<<10)], epoch)
		}
		l.Close()
	})
	if perRun > 200 {
		t.Errorf("%v allocations for 10,000 lines", perRun)
	}
}

// However the bytes of a stream are cut into reads, the log is the same.
func FuzzLog(f *testing.F) {
	f.Add([]byte("a\n##octopus[stdout-warning]\nwJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY hunter2\n\xff\xe2\x82\xac"), uint64(1))
	f.Add([]byte("\xff\xfea\x00\n\x00#\x00#\x00"), uint64(2))
	f.Add([]byte("wJalrXUtnFEMI/K7M\n  DENG+bPxRfiCYEXAMPLEKEY hunter\x1b[1m2\r\n##octopus[mask value='QUFBQUFBQUE=']AAAAAAAA\n"), uint64(3))
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 0))
		run := func(most int) (*book, Summary) {
			l, b := newLog(Options{Masker: masker(secretKey, "hunter2", "##octopus[x", "a secret\nof two lines"), MaxLine: 40, ChunkBytes: 64,
				FlushEvery: time.Hour,
				Now:        func() time.Time { return epoch }})
			for rest := text; len(rest) > 0; {
				n := 1 + r.IntN(min(most, len(rest)))
				l.Write(model.StreamStdout, bytes.Clone(rest[:n]), epoch)
				rest = rest[n:]
			}
			return b, l.Close()
		}
		whole, sum := run(1 << 30)
		pieces, sumOfPieces := run(7)
		if whole.String() != pieces.String() || sum != sumOfPieces {
			t.Fatalf("in large pieces\n%s%+v\nin small ones\n%s%+v", whole, sum, pieces, sumOfPieces)
		}
		whole.check(t)
		if strings.Contains(string(whole.bytes), secretKey) {
			t.Fatalf("the secret is in the log:\n%s", whole)
		}
		if strings.ToValidUTF8(string(whole.bytes), "") != string(whole.bytes) {
			t.Fatalf("not UTF-8:\n%s", whole)
		}
	})
}
