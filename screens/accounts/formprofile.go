package accounts

import (
	"strings"

	"fyne.io/fyne/v2/lang"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/screens/widgets/async"
	"github.com/stepdeck/stepdeck/screens/widgets/control"
)

// profiles are those of ~/.aws, once they were read.
type profiles struct {
	load async.Task
	list []model.Profile
	read bool
	err  error
}

// loadProfiles reads the profiles when the form first needs them.
func (f *Form) loadProfiles() {
	p := &f.profiles
	if f.kind != model.KindProfile || f.deps.SignIns == nil || p.read || p.load.Busy() {
		return
	}
	async.Load(&p.load, f.deps.SignIns.ProfileNames, func(names []string, err error) {
		if p.err = err; err != nil {
			f.notes()
			return
		}
		p.list = nil
		for _, name := range names {
			p.list = append(p.list, model.Profile{Name: name})
		}
		async.Load(&p.load, f.deps.SignIns.Profiles, func(list []model.Profile, err error) {
			p.list, p.err, p.read = list, err, err == nil
			f.notes()
		})
		f.notes()
	})
	f.notes()
}

func (f *Form) profileItems() []control.Item {
	var items []control.Item
	for _, p := range f.profiles.list {
		item := control.Item{Value: p.Name, Title: model.SafeLine(p.Name), Detail: model.SafeLine(p.About)}
		if p.Err != nil {
			item.Detail = lang.L("can't be used: {{.Error}}", map[string]any{"Error": p.Err.Error()})
		}
		items = append(items, item)
	}
	return items
}

// profileNote says what the chosen profile is; bad if it can't be used.
func (f *Form) profileNote() (note string, bad bool) {
	name := strings.TrimSpace(f.profile.Text)
	switch p := &f.profiles; {
	case p.load.Busy():
		return lang.L("Reading ~/.aws…"), false
	case p.err != nil:
		return p.err.Error(), true
	case !p.read:
		return "", false
	case len(p.list) == 0:
		return lang.L("There are no profiles in ~/.aws on this computer."), true
	case name == "":
		return "", false
	}
	for _, p := range f.profiles.list {
		if p.Name != name {
			continue
		}
		if p.Err != nil {
			return p.Err.Error(), true
		}
		return model.SafeLine(strings.Join(nonEmpty(p.About, p.Region), " · ")), false
	}
	return lang.L("~/.aws on this computer has no profile of this name."), true
}

func nonEmpty(texts ...string) []string {
	var list []string
	for _, t := range texts {
		if t != "" {
			list = append(list, t)
		}
	}
	return list
}
