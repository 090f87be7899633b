package archive

// Limits keep a package from using up disk, memory or time. A field that is zero or negative has its default.
type Limits struct {
	FileBytes      int64 // the package file itself
	Entries        int   // files and folders in it
	EntryBytes     int64 // one file, unpacked
	TotalBytes     int64 // all files, unpacked
	Ratio          int64 // unpacked over packed size; checked only above 1 MiB
	NameBytes      int   // one name including its folders
	ComponentBytes int   // one part of a name
	Depth          int   // parts of a name
}

// Keys of the settings for the limits. An error names the one that was exceeded.
const (
	SettingFileBytes      = "package.maxFileBytes"
	SettingEntries        = "package.maxEntries"
	SettingEntryBytes     = "package.maxEntryBytes"
	SettingTotalBytes     = "package.maxTotalBytes"
	SettingRatio          = "package.maxRatio"
	SettingNameBytes      = "package.maxNameBytes"
	SettingComponentBytes = "package.maxComponentBytes"
	SettingDepth          = "package.maxDepth"
)

// ratioFloor is the unpacked size in bytes below which the ratio is ignored: a page of spaces is not a zip bomb.
const ratioFloor = 1 << 20

// DefaultLimits are large enough for real packages of scripts, tools and data.
func DefaultLimits() Limits {
	return Limits{
		FileBytes:      2 << 30,
		Entries:        50_000,
		EntryBytes:     2 << 30,
		TotalBytes:     4 << 30,
		Ratio:          200,
		NameBytes:      1024,
		ComponentBytes: 200, // with a margin below the 255 of most file systems
		Depth:          40,
	}
}

// LimitsFrom reads the limits from settings; get returns false for one that isn't set.
func LimitsFrom(get func(key string) (int64, bool)) Limits {
	l := DefaultLimits()
	wide := func(key string, field *int64) {
		if n, ok := get(key); ok && n > 0 {
			*field = n
		}
	}
	narrow := func(key string, field *int) {
		n := int64(*field)
		wide(key, &n)
		*field = int(n)
	}
	wide(SettingFileBytes, &l.FileBytes)
	narrow(SettingEntries, &l.Entries)
	wide(SettingEntryBytes, &l.EntryBytes)
	wide(SettingTotalBytes, &l.TotalBytes)
	wide(SettingRatio, &l.Ratio)
	narrow(SettingNameBytes, &l.NameBytes)
	narrow(SettingComponentBytes, &l.ComponentBytes)
	narrow(SettingDepth, &l.Depth)
	return l
}

func (l Limits) orDefaults() Limits {
	d := DefaultLimits()
	return Limits{
		FileBytes:      positive(l.FileBytes, d.FileBytes),
		Entries:        positive(l.Entries, d.Entries),
		EntryBytes:     positive(l.EntryBytes, d.EntryBytes),
		TotalBytes:     positive(l.TotalBytes, d.TotalBytes),
		Ratio:          positive(l.Ratio, d.Ratio),
		NameBytes:      positive(l.NameBytes, d.NameBytes),
		ComponentBytes: positive(l.ComponentBytes, d.ComponentBytes),
		Depth:          positive(l.Depth, d.Depth),
	}
}

func positive[N int | int64](n, otherwise N) N {
	if n > 0 {
		return n
	}
	return otherwise
}
