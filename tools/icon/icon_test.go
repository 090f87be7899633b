package main

import (
	"bytes"
	"encoding/binary"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// The committed picture is the one that this program draws.
func TestTheCommittedIconIsTheDrawnOne(t *testing.T) {
	committed, err := os.Open("../../assets/icon.png")
	if err != nil {
		t.Fatal(err)
	}
	defer committed.Close()
	want, err := png.Decode(committed)
	if err != nil {
		t.Fatal(err)
	}
	got := draw(512, 1)
	for y := range 512 {
		for x := range 512 {
			if got.At(x, y) != want.At(x, y) {
				t.Fatalf("the pixel at %d, %d is %v, not %v", x, y, got.At(x, y), want.At(x, y))
			}
		}
	}
}

func TestIcoEntriesMatchThePictures(t *testing.T) {
	data := ico()
	count := int(binary.LittleEndian.Uint16(data[4:]))
	if count != 8 {
		t.Fatalf("%d pictures", count)
	}
	end := 6 + 16*count
	for i := range count {
		entry := data[6+16*i:]
		size, at := int(binary.LittleEndian.Uint32(entry[8:])), int(binary.LittleEndian.Uint32(entry[12:]))
		if at != end {
			t.Errorf("picture %d begins at %d, not %d", i, at, end)
		}
		end = at + size
		side := (int(entry[0])+255)%256 + 1
		if side == 256 {
			if picture, err := png.Decode(bytes.NewReader(data[at:end])); err != nil || picture.Bounds().Dx() != side {
				t.Errorf("the large picture: %v", err)
			}
			continue
		}
		if want := 40 + 4*side*side + (side+31)/32*4*side; size != want {
			t.Errorf("the picture of %d pixels has %d bytes, not %d", side, size, want)
		}
	}
	if end != len(data) {
		t.Errorf("%d bytes are left over", len(data)-end)
	}
}

func TestIcnsContainsEachSize(t *testing.T) {
	data := icns()
	if string(data[:4]) != "icns" || int(binary.BigEndian.Uint32(data[4:])) != len(data) {
		t.Fatal("not the head of an icns file")
	}
	// Source: the types that iconutil writes, by their sides in pixels.
	want := map[string]int{
		"icp4": 16, "icp5": 32, "ic11": 32, "ic12": 64, "ic07": 128, "ic13": 256, "ic08": 256, "ic14": 512, "ic09": 512, "ic10": 1024,
	}
	got := map[string]int{}
	for rest := data[8:]; len(rest) > 0; {
		n := binary.BigEndian.Uint32(rest[4:])
		picture, err := png.Decode(bytes.NewReader(rest[8:n]))
		if err != nil {
			t.Fatalf("%s: %v", rest[:4], err)
		}
		if size := picture.Bounds().Size(); size.X == size.Y {
			got[string(rest[:4])] = size.X
		}
		rest = rest[n:]
	}
	if !maps.Equal(got, want) {
		t.Errorf("the pictures are %v, want %v", got, want)
	}
}

func TestSidePictureIsAWholeBitmap(t *testing.T) {
	data := side()
	if string(data[:2]) != "BM" || int(binary.LittleEndian.Uint32(data[2:])) != len(data) || len(data) != 54+sideHeight*sideWidth*3 {
		t.Errorf("%d bytes, the head says %d", len(data), binary.LittleEndian.Uint32(data[2:]))
	}
}

func TestUnknownFileTypeIsRejected(t *testing.T) {
	if err := write(filepath.Join(t.TempDir(), "icon.jpg"), 16); err == nil {
		t.Error("written")
	}
}
