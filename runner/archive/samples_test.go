package archive

import (
	"context"
	"path/filepath"
	"reflect"
	"testing"
)

var sampleFiles = map[string]int64{ // sizes as the packing programs list them
	"package/extra/run.sh": 49, "scripts/bom-crlf.ps1": 52, "scripts/identité.ps1": 54, "scripts/lib/footer.txt": 35,
	"scripts/lib/names.ps1": 62, "scripts/list-buckets.ps1": 496, "scripts/list-buckets.sh": 393, "scripts/settings.json": 31,
	"scripts/whoami.py": 161, "scripts/with space/who am i.sh": 85,
}

func TestSamples(t *testing.T) {
	tests := []struct {
		file    string
		id      string
		version string
		format  Format
	}{
		{"Contoso.AwsSteps.1.4.2.nupkg", "Contoso.AwsSteps", "1.4.2", NuPkg},
		{"Contoso.AwsSteps.2.0.0-beta.3.nupkg", "Contoso.AwsSteps", "2.0.0-beta.3+build.7", NuPkg},
		{"Contoso.AwsSteps.1.4.2.zip", "Contoso.AwsSteps", "1.4.2", Zip},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			ctx := context.Background()
			path := filepath.Join("testdata", test.file)
			pkg, err := Identify(ctx, path, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if pkg.ID != test.id || pkg.Version != test.version || pkg.Format != test.format || pkg.IDGuessed || pkg.VersionGuessed ||
				pkg.Files != len(sampleFiles) || pkg.FileName != test.file {
				t.Errorf("identified as %+v", pkg)
			}
			dest := filepath.Join(t.TempDir(), "out")
			result, err := Extract(ctx, path, dest, Options{SHA256: pkg.SHA256})
			if err != nil {
				t.Fatal(err)
			}
			if result.SHA256 != pkg.SHA256 || result.Files != len(sampleFiles) || len(result.Warnings) != 0 {
				t.Errorf("unpacked %+v", result)
			}
			sizes := map[string]int64{}
			for name, f := range readTree(t, dest) {
				if !f.folder {
					sizes[name] = int64(len(f.data))
				}
			}
			if !reflect.DeepEqual(sizes, sampleFiles) {
				t.Errorf("unpacked %v", sizes)
			}
			compareWithBsdtar(t, path, readTree(t, dest))
		})
	}
}
