package script

import (
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// Notice says what a person should know about a program that works; it returns nil if there is nothing.
func (t Tool) Notice() *model.Error {
	if major, _, ok := t.release(); t.Kind != AWS || !ok || major != 1 {
		return nil
	}
	return model.NewError("tool.maintenance",
		"aws %s is version 1, which is in maintenance: it gets critical fixes only. Install version 2: %s.", t.Version, install(AWS))
}

// ReadsEndpoint reports whether an aws program sends its requests to AWS_ENDPOINT_URL. That is so since 1.29 and 2.13. A program
// whose version can't be told is expected to.
func (t Tool) ReadsEndpoint() bool {
	major, minor, ok := t.release()
	switch {
	case !ok || t.Kind != AWS:
		return true
	case major == 1:
		return minor >= 29
	}
	return major > 2 || major == 2 && minor >= 13
}

// release returns the first two numbers of the version.
func (t Tool) release() (major, minor int, ok bool) {
	first, rest, _ := strings.Cut(t.Version, ".")
	second, _, _ := strings.Cut(rest, ".")
	major, errMajor := strconv.Atoi(first)
	minor, errMinor := strconv.Atoi(second)
	return major, minor, errMajor == nil && errMinor == nil
}
