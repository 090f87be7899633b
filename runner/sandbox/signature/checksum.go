package signature

import (
	"crypto/sha1" //nolint:gosec // one of the checksums that S3 clients choose from; nothing is trusted by it
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"strings"
)

const checksumPrefix = "X-Amz-Checksum-"

// checkSums compares the body with every x-amz-checksum-… of a known kind.
func checkSums(header http.Header, body []byte) error {
	for name, values := range header {
		kind, isSum := strings.CutPrefix(http.CanonicalHeaderKey(name), checksumPrefix)
		if !isSum || len(values) != 1 {
			continue
		}
		sum := newSum(kind)
		if sum == nil {
			continue
		}
		sum.Write(body)
		if base64.StdEncoding.EncodeToString(sum.Sum(nil)) != values[0] {
			return refuse(BadChecksum, "the "+strings.ToUpper(kind)+" you specified did not match the calculated checksum")
		}
	}
	return nil
}

// newSum returns nil for unknown kinds, such as x-amz-checksum-type, which is not a checksum.
func newSum(kind string) hash.Hash {
	switch strings.ToLower(kind) {
	case "crc32":
		return crc32.NewIEEE()
	case "crc32c":
		return crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case "crc64nvme":
		return crc64.New(crc64.MakeTable(0x9a6c9329ac4bc9b5)) // Source: NVM Command Set Specification, 64b CRC, bits reversed
	case "sha1":
		return sha1.New() //nolint:gosec // see the import
	case "sha256":
		return sha256.New()
	}
	return nil
}
