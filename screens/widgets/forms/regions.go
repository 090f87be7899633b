package forms

import (
	"strings"

	"fyne.io/fyne/v2/lang"
)

// Region is a place of a cloud, by its code and by where it is.
type Region struct {
	Code, Place string
}

// Regions lists the regions that a person is offered. New ones can be typed: the list helps, it does not judge.
// Source: AWS General Reference, "Regions and endpoints"; the order is by area.
func Regions() []Region {
	return []Region{
		{"us-east-1", "US East (N. Virginia)"},
		{"us-east-2", "US East (Ohio)"},
		{"us-west-1", "US West (N. California)"},
		{"us-west-2", "US West (Oregon)"},
		{"ca-central-1", "Canada (Montreal)"},
		{"ca-west-1", "Canada West (Calgary)"},
		{"mx-central-1", "Mexico (Querétaro)"},
		{"sa-east-1", "South America (São Paulo)"},
		{"eu-central-1", "Europe (Frankfurt)"},
		{"eu-central-2", "Europe (Zurich)"},
		{"eu-west-1", "Europe (Ireland)"},
		{"eu-west-2", "Europe (London)"},
		{"eu-west-3", "Europe (Paris)"},
		{"eu-north-1", "Europe (Stockholm)"},
		{"eu-south-1", "Europe (Milan)"},
		{"eu-south-2", "Europe (Spain)"},
		{"eusc-de-east-1", "European Sovereign Cloud (Brandenburg)"},
		{"il-central-1", "Israel (Tel Aviv)"},
		{"me-central-1", "Middle East (UAE)"},
		{"me-south-1", "Middle East (Bahrain)"},
		{"af-south-1", "Africa (Cape Town)"},
		{"ap-east-1", "Asia Pacific (Hong Kong)"},
		{"ap-east-2", "Asia Pacific (Taipei)"},
		{"ap-northeast-1", "Asia Pacific (Tokyo)"},
		{"ap-northeast-2", "Asia Pacific (Seoul)"},
		{"ap-northeast-3", "Asia Pacific (Osaka)"},
		{"ap-south-1", "Asia Pacific (Mumbai)"},
		{"ap-south-2", "Asia Pacific (Hyderabad)"},
		{"ap-southeast-1", "Asia Pacific (Singapore)"},
		{"ap-southeast-2", "Asia Pacific (Sydney)"},
		{"ap-southeast-3", "Asia Pacific (Jakarta)"},
		{"ap-southeast-4", "Asia Pacific (Melbourne)"},
		{"ap-southeast-5", "Asia Pacific (Malaysia)"},
		{"ap-southeast-6", "Asia Pacific (New Zealand)"},
		{"ap-southeast-7", "Asia Pacific (Thailand)"},
		{"us-gov-east-1", "AWS GovCloud (US-East)"},
		{"us-gov-west-1", "AWS GovCloud (US-West)"},
		{"cn-north-1", "China (Beijing)"},
		{"cn-northwest-1", "China (Ningxia)"},
	}
}

// RegionPlace says where a region is, or "".
func RegionPlace(code string) string {
	code = strings.TrimSpace(code)
	for _, r := range Regions() {
		if r.Code == code {
			return r.Place
		}
	}
	return ""
}

// NewRegionPicker makes a field for a region: by code or by city, or any text.
func NewRegionPicker(keys *Keys) *Combo {
	c := NewCombo(keys, func() []Item {
		var items []Item
		for _, r := range Regions() {
			items = append(items, Item{Value: r.Code, Title: r.Code, Detail: r.Place})
		}
		return items
	})
	c.SetPlaceHolder(lang.L("code or city, such as eu-west-1"))
	return c
}
