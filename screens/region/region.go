// Package region has the field for an AWS region.
package region

import (
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// NewPicker returns a field for a region, which can be typed as a code or as a city. Other text, such as an expression, is kept as it is.
func NewPicker(keys *control.Keys) *control.Combo {
	c := control.NewCombo(keys, func() []control.Item {
		var items []control.Item
		for _, r := range model.Regions() {
			items = append(items, control.Item{Value: r.Code, Title: r.Code, Detail: r.Place, Words: r.Words()})
		}
		return items
	})
	c.Resolve = model.ResolveRegion
	c.SetPlaceHolder(lang.L("code or city, such as eu-west-1"))
	return c
}
