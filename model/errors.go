package model

import (
	"errors"
	"fmt"
	"strings"
)

// Error is a failure described to the user.
//
// Code identifies the kind of failure. It is stable: code and scripts may compare it, and each code that Stepdeck
// itself compares is a constant. Several sentences may share a code where the caller treats them alike, so a code does
// not determine the sentence. Codes that Octopus documents, such as AWS-LOGIN-ERROR-0005, keep their name.
//
// Sentence says what happened and what to do about it. It is for people and may change in any version.
//
// Args are the values that [NewError] filled into Sentence. Only the package that makes an error may rely on their
// order.
//
// Cause is the error underneath, visible to errors.Is and errors.As.
type Error struct {
	Code     string
	Args     []any
	Sentence string
	Cause    error
}

// NewError returns an Error whose sentence is format filled with args as by fmt.Sprintf.
func NewError(code, format string, args ...any) *Error {
	return &Error{Code: code, Args: args, Sentence: fmt.Sprintf(format, args...)}
}

// Because returns a copy of e with the given cause.
func (e *Error) Because(cause error) *Error {
	with := *e
	with.Cause = cause
	return &with
}

// Error returns the sentence, followed by the cause in brackets if there is one. A code that Octopus documents comes
// first, so that people can search for it.
func (e *Error) Error() string {
	text := e.Sentence
	if strings.HasPrefix(e.Code, "AWS-") {
		text = e.Code + ": " + text
	}
	if e.Cause == nil {
		return text
	}
	if because := strings.TrimSpace(e.Cause.Error()); because != "" {
		text += " (" + because + ")"
	}
	return text
}

func (e *Error) Unwrap() error { return e.Cause }

// Is reports whether target is the pattern [WithCode] of e's code.
func (e *Error) Is(target error) bool {
	var other *Error
	if t, ok := target.(*Error); ok {
		other = t
	}
	return other != nil && other.Code == e.Code && other.Sentence == ""
}

// ErrorCode returns the code of the outermost Error in err's chain, or "" if there is none.
func ErrorCode(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// WithCode returns a pattern for errors.Is that matches every Error of that code.
func WithCode(code string) error { return &Error{Code: code} }
