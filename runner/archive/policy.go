package archive

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/stepdeck/stepdeck/model"
)

// kind is the type of an entry.
type kind byte

const (
	file kind = iota + 1
	folder
	link
)

// item is one entry of a package in any format. A reader fills it in, the policy checks and cleans it.
type item struct {
	raw      string // the name as stored, for errors
	name     string // cleaned: parts joined by "/"; "" for the package's root
	kind     kind
	size     int64
	packed   int64 // bytes in the archive; negative if unknown
	exec     bool
	own      bool // part of the packaging, not to be unpacked
	modified time.Time
}

// policy decides what may be unpacked, for every format and in the same way on every system: what passes on Linux
// passes on Windows. It checks the entries one after the other.
type policy struct {
	pkg     string // the package's name, for errors
	format  Format
	limits  Limits
	size    int64 // of the package file
	entries int
	total   int64
	seen    map[string]seenEntry // by key
	parent  string               // folder of the previous entry, whose parts are known to be folders
	links   []*symlink
	linked  linkNode // the root of the tree of links
	steps   int      // parts of targets followed so far, for tests
	fold    cases.Caser

	newFolders []string // new with the last entry, outermost first
}

type seenEntry struct {
	name    string
	kind    kind
	implied bool // a folder that so far only occurs in the names of other entries
}

func newPolicy(pkg string, format Format, limits Limits, size int64) *policy {
	return &policy{
		pkg: pkg, format: format, limits: limits, size: size,
		seen: map[string]seenEntry{}, fold: cases.Fold(),
	}
}

// admit checks one entry and sets its cleaned name. newFolders then lists the folders to create first.
func (p *policy) admit(it *item) error {
	p.newFolders = p.newFolders[:0]
	p.entries++
	if p.format == NuPkg {
		it.raw = unescapePart(it.raw)
	}
	name, isFolder, err := p.clean(it.raw)
	if err != nil {
		return err
	}
	if isFolder && it.kind == file {
		it.kind = folder
	}
	it.name = name
	if err := p.checkSize(it); err != nil {
		return err
	}
	it.own = p.format == NuPkg && isPackagingPart(name)
	switch {
	case name == "" && it.kind != folder:
		return refuseEntry(codeName, p.pkg, it.raw, "it is empty")
	case name != "" && !it.own:
		if err := p.settle(name, it.kind); err != nil {
			return err
		}
	}
	return p.checkCount()
}

// countOnly counts what is not an entry but takes up space in the package.
func (p *policy) countOnly() error {
	p.entries++
	return p.checkCount()
}

func (p *policy) checkCount() error {
	if p.entries > p.limits.Entries {
		return overLimit(SettingEntries, p.pkg, int64(p.limits.Entries))
	}
	return nil
}

// checkSize checks declared sizes; the readers ensure that the data matches them.
func (p *policy) checkSize(it *item) error {
	switch {
	case it.size < 0 || it.size > p.limits.EntryBytes:
		return entryOverLimit(SettingEntryBytes, p.pkg, it.raw, p.limits.EntryBytes)
	case it.kind == folder && it.size != 0:
		return refuseEntry(codeSize, p.pkg, it.raw)
	case it.packed >= 0 && it.size > ratioFloor && exceeds(it.size, it.packed, p.limits.Ratio):
		return entryOverLimit(SettingRatio, p.pkg, it.raw, p.limits.Ratio)
	}
	if p.total += it.size; p.total > p.limits.TotalBytes {
		return overLimit(SettingTotalBytes, p.pkg, p.limits.TotalBytes)
	}
	if p.size > 0 && p.total > ratioFloor && exceeds(p.total, p.size, p.limits.Ratio) {
		return entryOverLimit(SettingRatio, p.pkg, it.raw, p.limits.Ratio)
	}
	return nil
}

func exceeds(size, packed, ratio int64) bool {
	return packed <= math.MaxInt64/ratio && size > packed*ratio
}

// clean normalizes a name. "./", doubled separators, "\" and a ".." that stays inside occur in real packages; names
// that lead out or can't exist on every system are rejected.
func (p *policy) clean(raw string) (name string, isFolder bool, err error) {
	if len(raw) > p.limits.NameBytes {
		return "", false, entryOverLimit(SettingNameBytes, p.pkg, raw, int64(p.limits.NameBytes))
	}
	if strings.IndexByte(raw, '\\') >= 0 {
		name = strings.ReplaceAll(raw, `\`, "/")
	} else {
		name = raw
	}
	if strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' && isASCIILetter(name[0]) {
		return "", false, refuseEntry(codeAbsolute, p.pkg, raw)
	}
	if why := unfitCharacter(name); why != "" {
		return "", false, refuseEntry(codeName, p.pkg, raw, why)
	}
	depth, last, tidy := 0, "", true
	for part := range strings.SplitSeq(name, "/") {
		last = part
		switch part {
		case "", ".":
			tidy = false
			continue
		case "..":
			tidy = false
			if depth--; depth < 0 {
				return "", false, refuseEntry(codeEscapes, p.pkg, raw)
			}
			continue
		}
		if err := p.checkPart(raw, part); err != nil {
			return "", false, err
		}
		if depth++; depth > p.limits.Depth {
			return "", false, entryOverLimit(SettingDepth, p.pkg, raw, int64(p.limits.Depth))
		}
	}
	isFolder = last == "" || last == "." || last == ".."
	if !tidy {
		name = joinParts(name)
	}
	return name, isFolder && raw != "", nil
}

// joinParts removes redundant parts; the caller has checked that ".." never leads out.
func joinParts(name string) string {
	if cut := strings.TrimRight(name, "/"); !strings.Contains(cut, "//") && !strings.Contains("/"+cut+"/", "/./") &&
		!strings.Contains("/"+cut+"/", "/../") {
		return cut // a plain folder name, by far the most common
	}
	var parts []string
	for part := range strings.SplitSeq(name, "/") {
		switch part {
		case "", ".":
		case "..":
			parts = parts[:len(parts)-1]
		default:
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "/")
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// unfitCharacter describes a character in a name that some system can't store or a person can't see, or returns "".
func unfitCharacter(name string) string {
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= utf8.RuneSelf:
			return unfitRune(name[i:])
		case c < ' ' || c == 0x7f:
			return "it contains a control character"
		case strings.IndexByte(`<>:"|?*`, c) >= 0:
			return fmt.Sprintf("Windows does not allow %c", c)
		}
	}
	return ""
}

func unfitRune(name string) string {
	for i, r := range name {
		switch {
		case r == utf8.RuneError && strings.HasPrefix(name[i:], "\uFFFD"):
			return "it contains a replacement character (U+FFFD)"
		case r == utf8.RuneError:
			return "it is not valid UTF-8"
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029:
			return "it contains a control character"
		case isTextDirection(r):
			return "it contains an invisible character that can make it look like another name"
		case r < utf8.RuneSelf && strings.ContainsRune(`<>:"|?*`, r):
			return fmt.Sprintf("Windows does not allow %c", r)
		}
	}
	return ""
}

// isTextDirection reports whether r changes the direction of text or is a byte order mark.
func isTextDirection(r rune) bool {
	return r == 0x061c || r == 0x200e || r == 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff
}

func (p *policy) checkPart(raw, part string) error {
	if len(part) > p.limits.ComponentBytes {
		return entryOverLimit(SettingComponentBytes, p.pkg, raw, int64(p.limits.ComponentBytes))
	}
	if end := part[len(part)-1]; end == '.' || end == ' ' {
		return refuseEntry(codeName, p.pkg, raw, "Windows drops a dot or space at the end of a name")
	}
	if isReserved(part) {
		return refuseEntry(codeReserved, p.pkg, raw, shown(part))
	}
	return nil
}

// isReserved reports whether a name means a device on Windows, or a file of NTFS itself.
func isReserved(part string) bool {
	if part[0] == '$' {
		switch strings.ToLower(part) {
		case "$mft", "$mftmirr", "$logfile", "$volume", "$attrdef", "$bitmap", "$boot", "$badclus", "$secure", "$upcase", "$extend":
			return true
		}
	}
	return model.IsDeviceName(part)
}

// settle records a name and rejects it if it would collide with another on a system that ignores case or Unicode forms.
func (p *policy) settle(name string, k kind) error {
	key := p.key(name)
	cut := strings.LastIndexByte(name, '/')
	if cut > 0 && name[:cut] != p.parent {
		if err := p.settleParents(name[:cut], key); err != nil {
			return err
		}
		p.parent = name[:cut]
	}
	return p.occupy(key, name, k, false)
}

func (p *policy) settleParents(parent, key string) error {
	nameEnd, keyEnd := 0, 0
	for nameEnd < len(parent) {
		nameEnd = nextSeparator(parent, nameEnd)
		keyEnd = nextSeparator(key, keyEnd)
		if err := p.occupy(key[:keyEnd], parent[:nameEnd], folder, true); err != nil {
			return err
		}
		nameEnd++
		keyEnd++
	}
	return nil
}

func nextSeparator(path string, from int) int {
	if i := strings.IndexByte(path[from:], '/'); i >= 0 {
		return from + i
	}
	return len(path)
}

// occupy records a path that an entry has or, if implied, that its name leads through. An implied folder is created
// like any other, so it counts as an entry until its own entry comes, which is already counted.
func (p *policy) occupy(key, name string, k kind, implied bool) error {
	other, exists := p.seen[key]
	switch {
	case !exists:
		p.seen[key] = seenEntry{name, k, implied}
		if k == folder {
			p.newFolders = append(p.newFolders, name)
		}
		if implied {
			p.entries++
		}
		return nil
	case other.kind == folder && k == folder && other.name == name:
		if other.implied && !implied {
			p.seen[key] = seenEntry{name, k, false}
			p.entries--
		}
		return nil
	default:
		return refuseEntry(codeCollision, p.pkg, other.name, shown(name))
	}
}

// key is equal for names that some file system considers the same: case (NTFS, APFS), Unicode forms (APFS, HFS+), and
// the joiners that HFS+ ignores.
func (p *policy) key(name string) string {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			folded := norm.NFC.String(p.fold.String(norm.NFD.String(name)))
			return strings.NewReplacer("\u200b", "", "\u200c", "", "\u200d", "").Replace(folded)
		}
	}
	return strings.ToLower(name)
}
