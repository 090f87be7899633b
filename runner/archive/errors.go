package archive

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Codes of problems with one entry. The arguments of the error are the package's name, the entry's name, and one more
// if the sentence has it.
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
	codeAbsolute: "The package %s can't be used: its entry %s has an absolute name. Pack it again with names relative to one folder.",
	codeEscapes:  "The package %s can't be used: its entry %s would be written outside the folder that it is unpacked to.",
	codeName:     "The package %s can't be used: its entry %s has a name that can't be kept everywhere: %s. Rename the file and pack again.",
	codeReserved: "The package %s can't be used: its entry %s contains the name %s, which is reserved on Windows. Rename the file and " +
		"pack again.",
	codeCollision: "The package %s can't be used: its entries %s and %s would be the same file or folder on some systems. Keep one of them.",
	codeLink:      "The package %s can't be used: its entry %s is a symbolic link to %s, which leads outside the package.",
	codeHardLink:  "The package %s can't be used: its entry %s is a hard link (to %s). Pack it again with the file itself.",
	codeSpecial:   "The package %s can't be used: its entry %s is %s, not a file or folder.",
	codeEncrypted: "The package %s can't be used: its entry %s is encrypted. Pack it again without a password.",
	codeMethod:    "The package %s can't be used: its entry %s is compressed by %s. Pack it again with the usual method, Deflate.",
	codeOverlap:   "The package %s can't be used: the data of its entry %s overlaps that of %s.",
	codeSize:      "The package %s can't be used: its entry %s has a different size than its header says.",
	codeHeader:    "The package %s can't be used: its entry %s has two headers that contradict each other (%s).",
	codeCorrupt:   "The package %s is damaged at its entry %s. Get the file again.",
}

var limitSentences = map[string]string{
	SettingFileBytes:  "The package %s can't be used: it is larger than %s. The setting %s allows no more.",
	SettingEntries:    "The package %s can't be used: it has more than %s. The setting %s allows no more.",
	SettingTotalBytes: "The package %s can't be used: its files are larger than %s together. The setting %s allows no more.",
	SettingEntryBytes: "The package %s can't be used: its entry %s is larger than %s. The setting %s allows no more.",
	SettingRatio: "The package %s can't be used: its entry %s unpacks to more than %s its compressed size. The setting %s " +
		"allows no more.",
	SettingNameBytes: "The package %s can't be used: the name of its entry %s is longer than %s. The setting %s allows no more.",
	SettingComponentBytes: "The package %s can't be used: a part of the name of its entry %s is longer than %s. The setting %s " +
		"allows no more.",
	SettingDepth: "The package %s can't be used: its entry %s is more than %s deep. The setting %s allows no more.",
}

// refuseEntry returns the error that rejects a package because of one entry.
func refuseEntry(code, pkg, entry string, more ...any) *model.Error {
	return model.NewError(code, entrySentences[code], append([]any{pkg, shown(entry)}, more...)...)
}

// overLimit returns the error that rejects a package because of a limit. Its code is "archive.limit." and the name of
// the setting without "package.".
func overLimit(setting, pkg string, limit int64) *model.Error {
	return model.NewError(limitCode(setting), limitSentences[setting], pkg, allowed(setting, limit), setting)
}

func entryOverLimit(setting, pkg, entry string, limit int64) *model.Error {
	return model.NewError(limitCode(setting), limitSentences[setting], pkg, shown(entry), allowed(setting, limit), setting)
}

// allowed returns a limit with its unit.
func allowed(setting string, limit int64) string {
	switch setting {
	case SettingEntries:
		return model.Count(limit, "entry", "entries")
	case SettingDepth:
		return model.Count(limit, "level", "levels")
	case SettingRatio:
		return model.Count(limit, "time", "times")
	}
	return model.Count(limit, "byte", "bytes")
}

func limitCode(setting string) string {
	return "archive.limit." + strings.TrimPrefix(setting, "package.")
}

func damaged(pkg string, cause error) error {
	var known *model.Error
	if errors.As(cause, &known) || isContextError(cause) {
		return cause
	}
	return model.NewError("archive.damaged",
		"The package %s can't be read: it is damaged, or its content doesn't match its name. Get the file again.", pkg).Because(cause)
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
		return model.NewError("archive.missing", "The package file %s doesn't exist. Check its path.", path).Because(cause)
	}
	return model.NewError("archive.unreadable", "The package file %s can't be read.", path).Because(cause)
}

// changed returns the error for a file that is written to while it is read.
func changed(pkg string) error {
	return model.NewError("archive.changed", "The package %s changed while it was being read. Try again once it is complete.", pkg)
}

// shown makes a name fit for a sentence: quoted, harmless and not too long.
func shown(name string) string {
	const most = 120
	return model.SafeQuote(name, most)
}
