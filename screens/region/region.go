// Package region is the field in which a person chooses an AWS region.
package region

import (
	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// NewPicker returns a field for a region, by code or by city. Any other text is kept as it is, such as an expression.
func NewPicker(keys *control.Keys) *control.Combo {
	c := control.NewCombo(keys, func() []control.Item {
		var items []control.Item
		for _, r := range model.Regions() {
			items = append(items, control.Item{Value: r.Code, Title: r.Code, Detail: r.Place, Words: r.Words()})
		}
		return items
	})
	c.Resolve = model.RegionMeant
	c.SetPlaceHolder(lang.L("code or city, such as eu-west-1"))
	return c
}
