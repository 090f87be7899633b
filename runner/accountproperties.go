package runner

import (
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
)

// The names of an account variable's properties, behind its own and a dot.
const (
	accessKeyProperty    = "AccessKey"
	secretKeyProperty    = "SecretKey"
	sessionTokenProperty = "SessionToken"
	regionProperty       = "Region"
)

// propertiesOf returns the properties of the account variable with a name that leads to an account. Only a key that never changes
// is one: the keys of other accounts are known when a step runs, and end.
func propertiesOf(variable string, a *model.Account) []entry {
	var list []entry
	add := func(name, text string, sealed model.SecretRef, missing bool) {
		list = append(list, entry{
			name: variable + "." + name, text: text, kind: model.TypeText, sensitive: sealed != model.SecretRef{}, missing: missing,
			sealed: sealed, of: a,
		})
	}
	if a.Region != "" {
		add(regionProperty, a.Region, model.SecretRef{}, false)
	}
	if a.Kind != model.KindAccessKey {
		return list
	}
	add(accessKeyProperty, a.AccessKeyID, model.SecretRef{}, false)
	add(secretKeyProperty, "", a.SecretKeyRef(), !a.SecretSet)
	if a.TokenSet {
		add(sessionTokenProperty, "", a.SessionTokenRef(), false)
	}
	return list
}

// property returns the property of an account variable by its name key.
func (v *values) property(key string) (e entry, known bool) {
	variable, _, isProperty := cutProperty(key)
	if !isProperty {
		return entry{}, false
	}
	list := v.propertiesOf(variable)
	i := slices.IndexFunc(list, func(e entry) bool { return model.NameKey(e.name) == key })
	if i < 0 {
		return entry{}, false
	}
	return list[i], true
}

// cutProperty splits the key of a name that may be one of a property.
func cutProperty(key string) (variable, property string, ok bool) {
	dot := strings.LastIndexByte(key, '.')
	if dot < 0 {
		return "", "", false
	}
	switch variable, property = key[:dot], key[dot+1:]; property {
	case strings.ToLower(accessKeyProperty), strings.ToLower(secretKeyProperty), strings.ToLower(sessionTokenProperty),
		strings.ToLower(regionProperty):
		return variable, property, true
	}
	return "", "", false
}

// propertiesOf returns the properties of a variable, none if it is no account variable.
func (v *values) propertiesOf(variable string) []entry {
	name, a := v.accountOf(variable)
	if a == nil {
		return nil
	}
	return propertiesOf(name, a)
}

// accountOf returns the account to which an account variable leads, and the variable's name as it is written; nil if there is none.
func (v *values) accountOf(variable string) (name string, a *model.Account) {
	key := model.NameKey(variable)
	e, known := v.defined(variable)
	if !known || e.kind != model.TypeAWSAccount || v.used.deriving[key] {
		return "", nil
	}
	text := strings.TrimSpace(e.text)
	if model.HasExpression(text) {
		v.used.deriving[key] = true // it could lead to itself
		res, err := v.write(text)
		delete(v.used.deriving, key)
		if err != nil {
			return "", nil // told where the variable itself is used
		}
		text = strings.TrimSpace(res.Text)
	}
	i := slices.IndexFunc(v.accounts, func(a model.Account) bool { return model.NameKey(a.Name) == model.NameKey(text) })
	if i < 0 {
		return "", nil
	}
	return e.name, &v.accounts[i]
}

// lacksKeys reports whether a name is that of a key of an account variable whose account has no key of its own.
func (v *values) lacksKeys(name string) bool {
	key := model.NameKey(name)
	variable, property, isProperty := cutProperty(key)
	if !isProperty || property == strings.ToLower(regionProperty) {
		return false
	}
	_, known := v.find(name)
	_, a := v.accountOf(variable)
	return !known && a != nil && a.Kind != model.KindAccessKey
}

// properties returns the properties of all account variables that the script can have. Secrets are among them only where it reads
// them, so that no script has keys that it does not use, and nobody is asked for the vault in vain.
func (r resolver) properties() []entry {
	var list []entry
	for _, e := range r.vars.effective() {
		if e.kind != model.TypeAWSAccount {
			continue
		}
		for _, p := range r.vars.propertiesOf(e.name) {
			if _, own := r.vars.defined(p.name); own {
				continue
			}
			if p.sealed == (model.SecretRef{}) || r.uses().ReadsProperty(e.name, p.name[len(e.name)+1:]) {
				list = append(list, p)
			}
		}
	}
	return list
}
