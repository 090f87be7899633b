package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"slices"
)

// ico returns the icon in Windows's format: small sizes as bitmaps, which every tool can read, the large one as PNG.
// Source: "Icons", Win32 documentation, and the structures ICONDIR and BITMAPINFOHEADER.
func ico() []byte {
	sizes := []int{16, 20, 24, 32, 40, 48, 64, 256}
	var pictures [][]byte
	for _, size := range sizes {
		picture := draw(size, 1)
		if size < 256 {
			pictures = append(pictures, bitmap(picture))
		} else {
			pictures = append(pictures, encode(picture))
		}
	}
	const head, entry = 6, 16
	out := little(nil, uint16(0), uint16(1), uint16(len(sizes))) //nolint:gosec // a handful
	at := head + entry*len(sizes)
	for i, size := range sizes {
		side := byte(size & 0xff)                                                                           // 256 is written as 0
		out = little(out, [4]byte{side, side}, uint16(1), uint16(32), uint32(len(pictures[i])), uint32(at)) //nolint:gosec // small
		at += len(pictures[i])
	}
	return slices.Concat(append([][]byte{out}, pictures...)...)
}

// bitmap encodes a picture of an icon with 32 bits per pixel, from the bottom up, and an empty mask.
func bitmap(picture *image.NRGBA) []byte {
	size := picture.Rect.Dx()
	const header = 40
	out := little(nil, uint32(header), int32(size), int32(2*size), uint16(1), uint16(32), [24]byte{}) //nolint:gosec // small
	for y := size - 1; y >= 0; y-- {
		for x := range size {
			c := picture.NRGBAAt(x, y)
			out = append(out, c.B, c.G, c.R, c.A)
		}
	}
	maskRow := (size + 31) / 32 * 4
	return append(out, make([]byte, maskRow*size)...)
}

// The picture beside the last page of a setup program, in twice the required size, for high-resolution screens.
const sideWidth, sideHeight = 328, 628

// side returns that picture as a bitmap without transparency: the icon on its own blue. Source: BITMAPFILEHEADER and
// BITMAPINFOHEADER, Win32 documentation.
func side() []byte {
	const edge = 184
	mark := draw(edge, 1)
	row := (sideWidth*3 + 3) / 4 * 4
	const heads = 14 + 40
	out := little(nil, [2]byte{'B', 'M'}, uint32(heads+row*sideHeight), uint32(0), uint32(heads),
		uint32(40), int32(sideWidth), int32(sideHeight), uint16(1), uint16(24), [24]byte{})
	for y := sideHeight - 1; y >= 0; y-- {
		line := make([]byte, row)
		for x := range sideWidth {
			c := between(rgb(0x1c2b52), rgb(0x0f1830), float64(y)/sideHeight)
			if m := mark.NRGBAAt(x-(sideWidth-edge)/2, y-96); m.A > 0 {
				c = between(c, color.NRGBA{m.R, m.G, m.B, 255}, float64(m.A)/255)
			}
			line[3*x], line[3*x+1], line[3*x+2] = c.B, c.G, c.R
		}
		out = append(out, line...)
	}
	return out
}

// macShare is the part of an icon's square that should be filled on macOS. Source: Apple's design template, 824 of 1024
// points; our shape itself leaves some.
const macShare = 0.89

// icns returns the icon in macOS's format.
func icns() []byte {
	kinds := []struct {
		name string
		size int
	}{
		{"icp4", 16}, {"icp5", 32}, {"ic11", 32}, {"ic12", 64}, {"ic07", 128}, {"ic13", 256}, {"ic08", 256}, {"ic14", 512}, {"ic09", 512},
		{"ic10", 1024},
	}
	drawn := map[int][]byte{}
	var body []byte
	for _, k := range kinds {
		if drawn[k.size] == nil {
			drawn[k.size] = encode(draw(k.size, macShare))
		}
		body = chunk(body, k.name, drawn[k.size])
	}
	return chunk(nil, "icns", body)
}

// chunk appends a part of an icns file, whose length includes its header.
func chunk(to []byte, name string, content []byte) []byte {
	to = append(to, name...)
	to = binary.BigEndian.AppendUint32(to, uint32(8+len(content))) //nolint:gosec // small
	return append(to, content...)
}

// little appends values in Windows' byte order.
func little(to []byte, values ...any) []byte {
	var out bytes.Buffer
	for _, v := range values {
		if err := binary.Write(&out, binary.LittleEndian, v); err != nil {
			panic(err) // a value without a fixed size
		}
	}
	return append(to, out.Bytes()...)
}
