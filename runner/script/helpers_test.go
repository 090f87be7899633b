package script_test

import (
	"encoding/base64"
	"regexp"
)

var resultMessage = regexp.MustCompile(`##octopus\[resultMessage message='([^']*)'\]\r?\n`)

// reason gives the last failure that the script told for its record.
func (o outcome) reason() string {
	told := resultMessage.FindAllStringSubmatch(o.stdout+o.stderr, -1)
	if len(told) == 0 {
		return ""
	}
	text, err := base64.StdEncoding.DecodeString(told[len(told)-1][1])
	if err != nil {
		return err.Error()
	}
	return string(text)
}
