package vault

import (
	"bytes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/stepdeck/stepdeck/model"
)

// The file, numbers big-endian:
//
//	magic, version (1 byte), wrapping (1 byte), id (16)
//	passphrase only: rounds (4), memory in KiB (4), threads (1), salt (16)
//	the master key sealed by what the keychain keeps or the passphrase gives: nonce (24), sealed (48)
//	SHA-256 of all that (32): tells a damaged file from a wrong passphrase, and protects nothing
//	generation (8), number of secrets (4)
//	each secret, by owner and field: owner (4 + n), field (4 + n), nonce and sealed (4 + n)
//	seal over all of the above: nonce (24), tag (16)
//
// All sealing is XChaCha20-Poly1305 with a new random nonce each time. What a seal is for stands in its associated data.
const (
	magic     = "SDVAULT\n"
	version   = 1
	idSize    = 16
	saltSize  = 16
	keySize   = chacha20poly1305.KeySize
	nonceSize = chacha20poly1305.NonceSizeX
	tagSize   = chacha20poly1305.Overhead

	largestSecret = 8 << 20  // bytes
	largestFile   = 64 << 20 // bytes
)

// Wrapping is what wraps the key of a vault.
type Wrapping string

// The wrappings.
const (
	ByKeychain   Wrapping = "keychain"
	ByPassphrase Wrapping = "passphrase"
)

// file is a vault as it stands on the disk. The secrets in it stay sealed until they are asked for.
type file struct {
	id         [idSize]byte
	wrapping   Wrapping
	cost       argonCost      // passphrase only
	salt       [saltSize]byte // passphrase only
	wrapped    []byte         // the master key: nonce and sealed
	generation uint64
	entries    map[model.SecretRef]entry

	text []byte // as it was read
	body int    // length of text without the last seal
}

// entry is a sealed secret: nonce and sealed.
type entry []byte

func (f *file) clone() *file {
	next := *f
	next.entries = maps.Clone(f.entries)
	return &next
}

func (f *file) refs() []model.SecretRef {
	return slices.SortedFunc(maps.Keys(f.entries), func(a, b model.SecretRef) int {
		if c := strings.Compare(string(a.Owner), string(b.Owner)); c != 0 {
			return c
		}
		return strings.Compare(a.Field, b.Field)
	})
}

func checkEntry(ref model.SecretRef, secret string) error {
	if ref.Owner == "" || ref.Field == "" || len(ref.Owner) > 1000 || len(ref.Field) > 1000 {
		return fmt.Errorf("no secret can be kept for %q of %q", ref.Field, ref.Owner)
	}
	if len(secret) > largestSecret {
		return model.NewError("secret.large", "A secret of %d bytes is too large for the vault: it takes %d.", len(secret), largestSecret)
	}
	return nil
}

// seal and open a secret: bound to the format, the vault, its owner and its field.
func (f *file) seal(key []byte, ref model.SecretRef, secret string) entry {
	return sealed(key, f.purpose("secret", string(ref.Owner), ref.Field), []byte(secret))
}

func (f *file) open(key []byte, ref model.SecretRef, e entry) (string, error) {
	secret, err := opened(key, f.purpose("secret", string(ref.Owner), ref.Field), e)
	if err != nil {
		return "", model.NewError("vault.damaged", "The %s in the vault is damaged or was put there by another program, so it is not used. Enter it again.", ref.Field).Because(err)
	}
	return string(secret), nil
}

// purpose is the associated data of a seal; no two purposes have the same.
func (f *file) purpose(parts ...string) []byte {
	data := append([]byte("stepdeck vault"), version)
	data = append(data, f.id[:]...)
	for _, p := range parts {
		data = appendPart(data, p)
	}
	return data
}

// appendPart writes a text behind its length (4 bytes).
func appendPart(data []byte, part string) []byte {
	data = binary.BigEndian.AppendUint32(data, uint32(len(part))) //nolint:gosec // no file is that large
	return append(data, part...)
}

func aead(key []byte) cipher.AEAD {
	a, err := chacha20poly1305.NewX(key)
	if err != nil {
		panic(err) // the length of a key is ours
	}
	return a
}

func sealed(key, purpose, text []byte) []byte {
	nonce := make([]byte, nonceSize, nonceSize+len(text)+tagSize)
	random(nonce)
	return aead(key).Seal(nonce, nonce, text, purpose)
}

func opened(key, purpose, text []byte) ([]byte, error) {
	if len(text) < nonceSize+tagSize {
		return nil, errors.New("it is too short")
	}
	return aead(key).Open(nil, text[:nonceSize], text[nonceSize:], purpose)
}

// encode writes the file, sealed as a whole by key.
func (f *file) encode(key []byte) []byte {
	text := f.head()
	text = append(text, f.wrapped...)
	sum := sha256.Sum256(text)
	text = append(text, sum[:]...)
	text = binary.BigEndian.AppendUint64(text, f.generation)
	text = binary.BigEndian.AppendUint32(text, uint32(len(f.entries))) //nolint:gosec // no file is that large
	for _, ref := range f.refs() {
		text = appendPart(text, string(ref.Owner))
		text = appendPart(text, ref.Field)
		text = appendPart(text, string(f.entries[ref]))
	}
	return append(text, sealed(key, f.purpose("whole", string(text)), nil)...)
}

// head is the part of the file that the wrapping of the master key is bound to.
func (f *file) head() []byte {
	text := append([]byte(magic), version)
	if f.wrapping == ByPassphrase {
		text = append(text, 2)
	} else {
		text = append(text, 1)
	}
	text = append(text, f.id[:]...)
	if f.wrapping == ByPassphrase {
		text = binary.BigEndian.AppendUint32(text, f.cost.rounds)
		text = binary.BigEndian.AppendUint32(text, f.cost.memory)
		text = append(text, f.cost.threads)
		text = append(text, f.salt[:]...)
	}
	return text
}

// verify checks that nothing of the file was changed since it was written with key.
func (f *file) verify(key []byte) error {
	_, err := opened(key, f.purpose("whole", string(f.text[:f.body])), f.text[f.body:])
	return err
}

var errShort = errors.New("it is cut short")

// cutter takes a text apart; once something is missing, everything is.
type cutter struct {
	text []byte
	err  error
}

func (c *cutter) take(n int) []byte {
	if c.err != nil || n < 0 || n > len(c.text) {
		c.err = errShort
		return make([]byte, min(max(n, 0), 64))
	}
	part := c.text[:n:n]
	c.text = c.text[n:]
	return part
}

func (c *cutter) uint32() uint32 { return binary.BigEndian.Uint32(c.take(4)) }
func (c *cutter) part() []byte   { return c.take(int(c.uint32())) }

// decode takes a file apart. Only verify says whether it is what was written.
func decode(text []byte) (*file, error) {
	c := &cutter{text: text}
	f := &file{entries: map[model.SecretRef]entry{}, text: text}
	if !bytes.Equal(c.take(len(magic)), []byte(magic)) {
		return nil, errors.New("it is no vault")
	}
	if v := c.take(1)[0]; c.err == nil && v != version {
		return nil, model.NewError("vault.newer", "The vault has format %d, and this Stepdeck knows format %d. Update Stepdeck; if this is the newest one, the file is damaged.", v, version)
	}
	switch c.take(1)[0] {
	case 1:
		f.wrapping = ByKeychain
	case 2:
		f.wrapping = ByPassphrase
	default:
		return nil, errors.New("its key is wrapped in an unknown way")
	}
	copy(f.id[:], c.take(idSize))
	if f.wrapping == ByPassphrase {
		f.cost = argonCost{rounds: c.uint32(), memory: c.uint32(), threads: c.take(1)[0]}
		copy(f.salt[:], c.take(saltSize))
	}
	f.wrapped = c.take(nonceSize + keySize + tagSize)
	sum := sha256.Sum256(text[:len(text)-len(c.text)])
	if !bytes.Equal(c.take(sha256.Size), sum[:]) {
		return nil, errors.New("its head is changed")
	}
	f.generation = binary.BigEndian.Uint64(c.take(8))
	for n := c.uint32(); n > 0 && c.err == nil; n-- {
		owner := model.ID(c.part())
		ref := model.SecretRef{Owner: owner, Field: string(c.part())}
		if _, twice := f.entries[ref]; twice {
			return nil, errors.New("a secret stands there twice")
		}
		f.entries[ref] = c.part()
	}
	f.body = len(text) - len(c.text)
	c.take(nonceSize + tagSize)
	if c.err == nil && len(c.text) > 0 {
		return nil, errors.New("there is something behind its end")
	}
	return f, c.err
}
