package forms

import (
	"fyne.io/fyne/v2/container"

	"github.com/stepdeck/stepdeck/screens/theme"
)

// FollowTheme has the pages of tabs drawn in the colours of now when they are chosen. It is called once OnSelected is set.
func FollowTheme(tabs *container.AppTabs) {
	drawn := map[*container.TabItem]*theme.Drawn{}
	for _, t := range tabs.Items {
		now := theme.DrawnNow()
		drawn[t] = &now
	}
	tabs.OnSelected = chain(tabs.OnSelected, func(t *container.TabItem) {
		if d := drawn[t]; d != nil {
			d.Shown()
		}
	})
}
