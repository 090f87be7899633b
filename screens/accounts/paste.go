package accounts

import "github.com/stepdeck/stepdeck/model"

// Pasted is what ParsePasted found in a text with an access key.
type Pasted = model.KeyText

// MaxPaste is the longest text that is parsed, in bytes.
const MaxPaste = model.MaxKeyText

// ParsePasted reads the first access key of a text in one of the formats of [model.ParseKeyTexts]. ok is false for anything else,
// such as a single value, which belongs in the field where it was pasted.
func ParsePasted(text string) (p Pasted, ok bool) {
	list := model.ParseKeyTexts(text)
	if len(list) == 0 {
		return Pasted{}, false
	}
	return list[0], true
}
