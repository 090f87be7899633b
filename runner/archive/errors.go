package archive

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Codes of what can be wrong with one entry. The arguments of the error are the package's name, the entry's name, and
// where the sentence has it, one thing more.
const (
	codeAbsolute  = "archive.entry.absolute"
	codeEscapes   = "archive.entry.escapes"
	codeName      = "archive.entry.name"
	codeReserved  = "archive.entry.reserved"
	codeCollision = "archive.entry.collision"
	codeLink      = "archive.entry.link"
	codeHardLink  = "archive.entry.hardlink"
	codeSpecial   = "archive.entry.special"
	codeEncrypted = "archive.entry.encrypted"
	codeMethod    = "archive.entry.method"
	codeOverlap   = "archive.entry.overlap"
	codeSize      = "archive.entry.size"
	codeHeader    = "archive.entry.header"
	codeCorrupt   = "archive.entry.corrupt"
)

var entrySentences = map[string]string{
	codeAbsolute:  "The package %s is refused: its entry %s has an absolute name. Pack it again with names relative to one folder.",
	codeEscapes:   "The package %s is refused: its entry %s would land outside the folder that it is unpacked to.",
	codeName:      "The package %s is refused: its entry %s has a name that can't be kept everywhere: %s. Rename the file and pack again.",
	codeReserved:  "The package %s is refused: its entry %s holds the name %s, which belongs to Windows. Rename the file and pack again.",
	codeCollision: "The package %s is refused: its entries %s and %s would be one file or folder on some systems. Keep one of them.",
	codeLink:      "The package %s is refused: its entry %s is a symbolic link to %s, which leads outside the package.",
	codeHardLink:  "The package %s is refused: its entry %s is a hard link (to %s). Pack it again with the file itself.",
	codeSpecial:   "The package %s is refused: its entry %s is %s, not a file or folder.",
	codeEncrypted: "The package %s is refused: its entry %s is encrypted. Pack it again without a password.",
	codeMethod:    "The package %s is refused: its entry %s is compressed by %s. Pack it again with the usual method, Deflate.",
	codeOverlap:   "The package %s is refused: the data of its entry %s overlaps that of %s.",
	codeSize:      "The package %s is refused: its entry %s has another size than its header says.",
	codeHeader:    "The package %s is refused: its entry %s has two headers that contradict each other (%s).",
	codeCorrupt:   "The package %s is damaged at its entry %s. Get the file again.",
}

var limitSentences = map[string]string{
	SettingFileBytes:      "The package %s is refused: it is larger than %d bytes. The setting %s allows no more.",
	SettingEntries:        "The package %s is refused: it has more than %d entries. The setting %s allows no more.",
	SettingTotalBytes:     "The package %s is refused: its files are larger than %d bytes together. The setting %s allows no more.",
	SettingEntryBytes:     "The package %s is refused: its entry %s is larger than %d bytes. The setting %s allows no more.",
	SettingRatio:          "The package %s is refused: its entry %s unpacks to more than %d times its packed size. The setting %s allows no more.",
	SettingNameBytes:      "The package %s is refused: the name of its entry %s is longer than %d bytes. The setting %s allows no more.",
	SettingComponentBytes: "The package %s is refused: a part of the name of its entry %s is longer than %d bytes. The setting %s allows no more.",
	SettingDepth:          "The package %s is refused: its entry %s lies more than %d levels deep. The setting %s allows no more.",
}

// refuseEntry is the one way to refuse a package for one of its entries.
func refuseEntry(code, pkg, entry string, more ...any) *model.Error {
	return model.NewError(code, entrySentences[code], append([]any{pkg, shown(entry)}, more...)...)
}

// overLimit refuses a package for a limit. The code is "archive.limit." and the name of the setting without "package.".
func overLimit(setting, pkg string, limit int64) *model.Error {
	return model.NewError(limitCode(setting), limitSentences[setting], pkg, limit, setting)
}

func entryOverLimit(setting, pkg, entry string, limit int64) *model.Error {
	return model.NewError(limitCode(setting), limitSentences[setting], pkg, shown(entry), limit, setting)
}

func limitCode(setting string) string {
	return "archive.limit." + strings.TrimPrefix(setting, "package.")
}

func damaged(pkg string, cause error) error {
	var known *model.Error
	if errors.As(cause, &known) || isContextError(cause) {
		return cause
	}
	return model.NewError("archive.damaged", "The package %s can't be read: it is damaged, or not what its name says. Get the file again.", pkg).Because(cause)
}

func corrupt(pkg, entry string, cause error) error {
	var known *model.Error
	if errors.As(cause, &known) || isContextError(cause) {
		return cause
	}
	return refuseEntry(codeCorrupt, pkg, entry).Because(cause)
}

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func unreadable(path string, cause error) error {
	if errors.Is(cause, fs.ErrNotExist) {
		return model.NewError("archive.missing", "The package file %s is not there. Check its path.", path).Because(cause)
	}
	return model.NewError("archive.unreadable", "The package file %s can't be read.", path).Because(cause)
}

// changed: somebody writes to the file while it is read.
func changed(pkg string) error {
	return model.NewError("archive.changed", "The package %s changed while it was read. Try again once it is complete.", pkg)
}

// shown makes a name fit for a sentence: quoted, so that control characters can't play tricks, and not too long.
func shown(name string) string {
	const most = 120
	return model.SafeQuote(name, most)
}
