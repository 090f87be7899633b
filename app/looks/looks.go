// Package looks is what the program looks like and says of itself, out of its data files.
package looks

import (
	"fmt"
	"io/fs"
	"path"

	"github.com/stepdeck/stepdeck/assets"
)

// Icon returns the program's icon as a PNG file.
func Icon() ([]byte, error) {
	icon, err := assets.Files.ReadFile("icon.png")
	if err != nil {
		return nil, fmt.Errorf("read the icon: %w", err)
	}
	return icon, nil
}

// Licence returns the text of Stepdeck's licence.
func Licence() (string, error) {
	text, err := assets.Files.ReadFile("LICENSE")
	if err != nil {
		return "", fmt.Errorf("read the licence: %w", err)
	}
	return string(text), nil
}

// Words returns the catalogues of the window's texts by language, such as en.
func Words() (map[string][]byte, error) {
	const folder = "words"
	files, err := fs.ReadDir(assets.Files, folder)
	if err != nil {
		return nil, fmt.Errorf("read the words: %w", err)
	}
	words := map[string][]byte{}
	for _, f := range files {
		text, err := assets.Files.ReadFile(path.Join(folder, f.Name()))
		if err != nil {
			return nil, fmt.Errorf("read the words: %w", err)
		}
		words[f.Name()[:len(f.Name())-len(path.Ext(f.Name()))]] = text
	}
	return words, nil
}
