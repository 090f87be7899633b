package desktop

import (
	"context"
	"os"
	"runtime"

	"github.com/stepdeck/stepdeck/app"
	"github.com/stepdeck/stepdeck/app/settings"
	"github.com/stepdeck/stepdeck/model/store"
)

// knowPrograms makes aws missing and the version of each other program known, on every computer. None is then started: it would be killed
// when the place that asks for it is left, and Wine keeps the console of a program that is killed while it starts.
func knowPrograms(ctx context.Context, s *app.Services, st *store.Store) error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	paths := map[string]string{}
	for _, kind := range settings.Kinds(runtime.GOOS) {
		paths[settings.ToolKey(kind)] = path
	}
	paths[settings.ToolKey(settings.AWS)] = path + ".missing"
	if err := st.SaveToolVersion(ctx, store.ToolFile{Path: path, Size: info.Size(), Modified: info.ModTime()}, "5.2.15"); err != nil {
		return err
	}
	if err := s.Settings().Keep(ctx, paths); err != nil {
		return err
	}
	return s.Settings().Load(ctx)
}
