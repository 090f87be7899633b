package model_test

import (
	"errors"
	"fmt"

	"github.com/stepdeck/stepdeck/model"
)

func ExampleNewestVersion() {
	versions := []string{"1.9.0", "1.10.0", "2.0.0-beta.1"}
	newest, _ := model.NewestVersion(versions, false)
	preview, _ := model.NewestVersion(versions, true)
	fmt.Println(newest, preview)
	// Output: 1.10.0 2.0.0-beta.1
}

// Names are compared without regard to case and to how accents are composed.
func ExampleNameKey() {
	fmt.Println(model.NameKey("STRASSE") == model.NameKey("Straße"), model.NameKey("Zu\u0308rich") == model.NameKey("zürich"))
	// Output: true true
}

func ExampleError() {
	err := fmt.Errorf("import website.stepdeck: %w", model.NewError("project.unknown", "No project is named %q.", "Wibsite"))
	fmt.Println(err)
	var e *model.Error
	fmt.Println(errors.As(err, &e), model.ErrorCode(err))
	// Output:
	// import website.stepdeck: No project is named "Wibsite".
	// true project.unknown
}
