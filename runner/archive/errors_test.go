package archive

import (
	"strings"
	"testing"
)

func TestALimitOfOneIsSingular(t *testing.T) {
	for setting, want := range map[string]string{
		SettingFileBytes: "1 byte.", SettingTotalBytes: "1 byte together", SettingEntries: "1 entry.", SettingEntryBytes: "1 byte.",
		SettingRatio: "1 time its", SettingNameBytes: "1 byte.", SettingComponentBytes: "1 byte.", SettingDepth: "1 level deep",
	} {
		err := entryOverLimit(setting, "p.zip", "entry.txt", 1)
		if setting == SettingFileBytes || setting == SettingTotalBytes || setting == SettingEntries {
			err = overLimit(setting, "p.zip", 1)
		}
		if text := err.Error(); !strings.Contains(text, want) || strings.Contains(text, "%!") {
			t.Errorf("%s: %q does not contain %q", setting, text, want)
		}
		if folder := ofFolder(err).Error(); setting != SettingFileBytes && setting != SettingRatio && !strings.Contains(folder, want) {
			t.Errorf("%s of a folder: %q does not contain %q", setting, folder, want)
		}
	}
}
