package model

import (
	"errors"
	"fmt"
	"strings"
)

// Error is a failure that a person is told of. Code is stable and keys the translation of Sentence, Args are what
// the sentence was made from, Sentence says what happened and what to do about it, and Cause is what lies underneath
// (errors.Is and errors.As see it). Codes that Octopus documents, such as AWS-LOGIN-ERROR-0005, keep their name.
type Error struct {
	Code     string
	Args     []any
	Sentence string
	Cause    error
}

// NewError makes an Error whose sentence is format filled with args, as fmt.Sprintf does it.
func NewError(code, format string, args ...any) *Error {
	return &Error{Code: code, Args: args, Sentence: fmt.Sprintf(format, args...)}
}

// Because returns a copy of e with cause underneath.
func (e *Error) Because(cause error) *Error {
	with := *e
	with.Cause = cause
	return &with
}

// Error gives the sentence, and the cause behind it in brackets where there is one. A code that Octopus documents stands
// in front, so that whoever searches for it finds it.
func (e *Error) Error() string {
	text := e.Sentence
	if strings.HasPrefix(e.Code, "AWS-") {
		text = e.Code + ": " + text
	}
	if e.Cause != nil {
		text += " (" + e.Cause.Error() + ")"
	}
	return text
}

func (e *Error) Unwrap() error { return e.Cause }

// Is makes two Errors with the same code match under errors.Is, whatever their arguments.
func (e *Error) Is(target error) bool {
	var other *Error
	if t, ok := target.(*Error); ok {
		other = t
	}
	return other != nil && other.Code == e.Code && other.Sentence == ""
}

// ErrorCode gives the code of the outermost Error in err's chain, or "" where there is none.
func ErrorCode(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// WithCode is a pattern for errors.Is: it matches every Error of that code.
func WithCode(code string) error { return &Error{Code: code} }
