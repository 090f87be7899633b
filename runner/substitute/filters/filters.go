// Package filters has the filters of expressions, #{Name | ToUpper}: functions from a text and options to a text. They give
// what Octostache's give, with .NET's formats in the invariant culture. Source of the behaviour: Octostache, as recorded in
// the testdata of runner/substitute.
package filters

import (
	"errors"
	"strings"
	"time"
)

// Call is a filter with what it is applied to.
type Call struct {
	Name    string   // in any case
	Text    string   // the value before the bar
	Defined bool     // there is a value before the bar
	Options []string // what follows the name
	Now     time.Time
	Limit   int // bytes that the result may have
}

// ErrTooLong says that a result would be longer than the limit of the call.
var ErrTooLong = errors.New("the result is too long")

// filter is one filter. ok is false if it can't be used with these options: then the expression has no value. An error says
// what is wrong with the text or an option, without quoting them.
type filter func(c Call) (out string, ok bool, err error)

// Apply returns the filter's result. ok is false if there is no such filter, if it can't be used with these options, or if it
// needs a value and there is none: then the expression has no value. An error says what is wrong with the text or with an
// option; it quotes neither, since they may be secret.
func Apply(c Call) (out string, ok bool, err error) {
	f := find(strings.ToLower(c.Name))
	if f == nil || !c.Defined && !worksAlone(strings.ToLower(c.Name)) {
		return "", false, nil
	}
	if out, ok, err = f(c); ok && err == nil && len(out) > c.Limit {
		return "", false, ErrTooLong
	}
	return out, ok, err
}

// Known reports whether there is a filter of this name.
func Known(name string) bool { return find(strings.ToLower(name)) != nil }

// UsesClock reports whether the result of the filter depends on the time.
func UsesClock(name string) bool {
	name = strings.ToLower(name)
	return name == "nowdate" || name == "nowdateutc"
}

// worksAlone reports whether a filter, by its name in lower case, gives something without a value.
func worksAlone(name string) bool { return UsesClock(name) || name == "append" || name == "prepend" }

// Names returns the names of all filters, as the documentation writes them.
func Names() []string {
	return []string{
		"AddDays", "AddHours", "Append", "Contains", "EndsWith", "Format", "FromBase64", "HtmlEscape", "Indent", "JsonEscape", "Markdown",
		"MarkdownToHtml", "Match", "Md5", "NowDate", "NowDateUtc", "Null", "Prepend", "PropertiesKeyEscape", "PropertiesValueEscape", "Replace",
		"Sha1", "Sha256", "Sha384", "Sha512", "StartsWith", "Substring", "ToBase64", "ToLower", "ToUpper", "Trim", "Truncate", "UriDataEscape",
		"UriEscape", "UriPart", "VersionMajor", "VersionMetadata", "VersionMinor", "VersionPatch", "VersionPreRelease",
		"VersionPreReleaseCounter", "VersionPreReleasePrefix", "VersionRevision", "XmlEscape", "YamlDoubleQuoteEscape", "YamlSingleQuoteEscape",
	}
}

// find returns the filter with a name in lower case, or nil.
func find(name string) filter {
	for _, family := range [...]func(string) filter{text, comparison, escape, hash, date, version} {
		if f := family(name); f != nil {
			return f
		}
	}
	return nil
}

// plain makes a filter of a function of the text alone: an option is one too many.
func plain(f func(string) string) filter {
	return func(c Call) (string, bool, error) {
		if len(c.Options) > 0 {
			return "", false, nil
		}
		return f(c.Text), true, nil
	}
}

// null has never a value.
func null(Call) (string, bool, error) { return "", false, nil }
