package command

import (
	"testing"

	"golang.org/x/sys/windows/registry"
)

func TestPathInTheRegistryKeepsItsKindAndTheRest(t *testing.T) {
	const key = `Software\Stepdeck test of the PATH`
	const bin = `C:\Stepdeck\bin`
	t.Cleanup(func() { _ = registry.DeleteKey(registry.CURRENT_USER, key) })
	value := pathValue{registry.CURRENT_USER, key}
	read := func() (string, uint32) {
		t.Helper()
		k, err := registry.OpenKey(registry.CURRENT_USER, key, registry.QUERY_VALUE)
		if err != nil {
			t.Fatal(err)
		}
		defer k.Close()
		text, kind, err := k.GetStringValue("Path")
		if err != nil {
			return "", 0
		}
		return text, kind
	}
	step := func(add, wantChanged bool, want string, wantKind uint32) {
		t.Helper()
		changed, err := value.change(bin, add)
		if err != nil || changed != wantChanged {
			t.Fatalf("changed %v, %v", changed, err)
		}
		if text, kind := read(); text != want || kind != wantKind {
			t.Fatalf("%q of kind %d", text, kind)
		}
	}
	step(true, true, bin, registry.EXPAND_SZ)
	step(true, false, bin, registry.EXPAND_SZ)
	step(false, true, "", 0)
	step(false, false, "", 0)
	for _, kind := range []uint32{registry.SZ, registry.EXPAND_SZ} {
		k, err := registry.OpenKey(registry.CURRENT_USER, key, registry.SET_VALUE)
		if err != nil {
			t.Fatal(err)
		}
		const before = `%SystemRoot%;C:\tools\;`
		if kind == registry.SZ {
			err = k.SetStringValue("Path", before)
		} else {
			err = k.SetExpandStringValue("Path", before)
		}
		k.Close()
		if err != nil {
			t.Fatal(err)
		}
		step(true, true, `%SystemRoot%;C:\tools\;`+bin, kind)
		step(false, true, `%SystemRoot%;C:\tools\`, kind)
	}
}
