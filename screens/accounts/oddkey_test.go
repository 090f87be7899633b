package accounts

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

// A key that AWS has hardly issued is warned of where it stands once it was entered, and saved all the same.
func TestTheFormWarnsOfAnOddKey(t *testing.T) {
	r := newRig(t, small)
	r.place.Add()
	f := r.place.editing
	note := func(path string) string { return f.form.Field(path).Note() }
	f.name.SetText("Website")
	f.accessKey.SetText(exampleID[:19])
	if note("accessKeyId") != "" {
		t.Errorf("it warns while the key is typed: %q", note("accessKeyId"))
	}
	f.accessKey.OnLeave()
	f.secretKey.SetText(exampleSecret[1:])
	f.secretKey.OnLeave()
	if !strings.Contains(note("accessKeyId"), "19 characters") || !strings.Contains(note("secretKey"), "39 characters") {
		t.Errorf("it warns of %q, %q", note("accessKeyId"), note("secretKey"))
	}
	f.endpoint.SetText("https://lab.example")
	if note("accessKeyId") != "" || note("secretKey") != "" {
		t.Error("it warns of the keys of another server")
	}
	f.endpoint.SetText("")
	f.Save(func(_ model.Account) { f.dialog.Close() })
	r.Until("the account", func() bool { return !f.work.Busy() })
	if got := r.place.status.Text(); r.account("Website").AccessKeyID != exampleID[:19] || !strings.Contains(got, "19 characters") {
		t.Errorf("after saving the list says %q", got)
	}
}

// Each of the two keys is in the other's field.
func TestTheFormKnowsSwappedKeys(t *testing.T) {
	r := newRig(t, small)
	r.place.Add()
	f := r.place.editing
	f.accessKey.SetText(strings.Repeat("aB3d", 10))
	f.secretKey.SetText(exampleID)
	f.accessKey.OnLeave()
	if got := f.form.Field("accessKeyId").Note(); !strings.Contains(got, "swapped") {
		t.Errorf("it warns of %q", got)
	}
	f.accessKey.SetText(exampleID)
	f.secretKey.SetText(exampleSecret)
	f.secretKey.OnLeave()
	if a, b := f.form.Field("accessKeyId").Note(), f.form.Field("secretKey").Note(); a != "" || b != "" {
		t.Errorf("it warns of a good key: %q, %q", a, b)
	}
	f.form.Saved()
	f.dialog.Close()
}
