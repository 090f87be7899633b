package form

import "fyne.io/fyne/v2/lang"

// Limits says between which limits a value of a field must be; empty for one without any.
func Limits(low, high string) string {
	limits := map[string]any{"Min": low, "Max": high}
	switch {
	case low != "" && high != "":
		return lang.L("From {{.Min}} to {{.Max}}.", limits)
	case low != "":
		return lang.L("From {{.Min}}.", limits)
	case high != "":
		return lang.L("Up to {{.Max}}.", limits)
	}
	return ""
}
