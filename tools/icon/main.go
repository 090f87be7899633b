// Command icon draws Stepdeck's icon, a deck of steps with the running one in front, in the format of the file's extension:
//
//	go run ./icon [-size N] FILE.png|FILE.ico|FILE.icns|FILE.bmp
//
// The .bmp is the picture beside a page of the setup program for Windows.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
)

func main() {
	size := flag.Int("size", 512, "width and height of a .png, in pixels")
	flag.Parse()
	if err := write(flag.Arg(0), *size); err != nil {
		fmt.Fprintln(os.Stderr, "icon:", err)
		os.Exit(1)
	}
}

func write(file string, size int) error {
	var out []byte
	switch filepath.Ext(file) {
	case ".png":
		out = encode(draw(size, 1))
	case ".ico":
		out = ico()
	case ".icns":
		out = icns()
	case ".bmp":
		out = side()
	default:
		return fmt.Errorf("the extension of %q is not .png, .ico, .icns or .bmp", file)
	}
	return os.WriteFile(file, out, 0o644) //nolint:gosec // a public picture
}

// encode returns a picture as PNG.
func encode(picture image.Image) []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		panic(err) // writing to a buffer can't fail
	}
	return out.Bytes()
}
