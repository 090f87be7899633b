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
//	the master key, encrypted with the key in the keychain or from the passphrase: nonce (24), ciphertext (48)
//	SHA-256 of the above (32): distinguishes a damaged file from a wrong passphrase, and protects nothing
//	generation (8), number of secrets (4)
//	each secret, by owner and field: owner (4 + n), field (4 + n), nonce and ciphertext (4 + n)
//	seal of all of the above: nonce (24), tag (16)
//
// All encryption is XChaCha20-Poly1305 with a new random nonce each time. The associated data contains the purpose.
const (
	magic     = "SDVAULT\n"
	version   = 1
	idSize    = 16
	saltSize  = 16
	keySize   = chacha20poly1305.KeySize
	nonceSize = chacha20poly1305.NonceSizeX
	tagSize   = chacha20poly1305.Overhead

	maxSecret = 8 << 20  // bytes
	maxFile   = 64 << 20 // bytes
)

// Wrapping is how the key of a vault is protected.
type Wrapping string

// The wrappings.
const (
	ByKeychain   Wrapping = "keychain"
	ByPassphrase Wrapping = "passphrase"
)

// file is the vault's file. The secrets in it stay encrypted until they are needed.
type file struct {
	id         [idSize]byte
	wrapping   Wrapping
	cost       argonCost      // passphrase only
	salt       [saltSize]byte // passphrase only
	wrapped    []byte         // the master key: nonce and ciphertext
	generation uint64
	entries    map[model.SecretRef]entry

	text []byte // as it was read; nil: it is new
	body int    // length of text without the seal at its end
}

// entry is an encrypted secret: nonce and ciphertext.
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
		return fmt.Errorf("no secret can be stored for %q of %q", ref.Field, ref.Owner)
	}
	if len(secret) > maxSecret {
		return model.NewError("secret.large",
			"A secret of %d bytes is too large for the vault. The maximum is %d.", len(secret), maxSecret)
	}
	return nil
}

// seal encrypts a secret, bound to the format, the vault, its owner and its field.
func (f *file) seal(key []byte, ref model.SecretRef, secret string) entry {
	return encrypt(key, f.purpose("secret", string(ref.Owner), ref.Field), []byte(secret))
}

// open decrypts a secret.
func (f *file) open(key []byte, ref model.SecretRef, e entry) (string, error) {
	secret, err := decrypt(key, f.purpose("secret", string(ref.Owner), ref.Field), e)
	if err != nil {
		return "", model.NewError("vault.damaged",
			"The %s in the vault is damaged or was put there by another program, so it is not used. Enter it again.", ref.Field).Because(err)
	}
	return string(secret), nil
}

// purpose returns the associated data for parts. It is different for any other parts, and for any other vault.
func (f *file) purpose(parts ...string) []byte {
	data := append([]byte("stepdeck vault"), version)
	data = append(data, f.id[:]...)
	for _, p := range parts {
		data = appendPart(data, p)
	}
	return data
}

// appendPart appends a string after its length (4 bytes).
func appendPart(data []byte, part string) []byte {
	data = binary.BigEndian.AppendUint32(data, uint32(len(part))) //nolint:gosec // no file is that large
	return append(data, part...)
}

func aead(key []byte) cipher.AEAD {
	a, err := chacha20poly1305.NewX(key)
	if err != nil {
		panic(err) // can't happen: all keys have the right length
	}
	return a
}

func encrypt(key, purpose, text []byte) []byte {
	nonce := make([]byte, nonceSize, nonceSize+len(text)+tagSize)
	random(nonce)
	return aead(key).Seal(nonce, nonce, text, purpose)
}

func decrypt(key, purpose, text []byte) ([]byte, error) {
	if len(text) < nonceSize+tagSize {
		return nil, errors.New("it is too short")
	}
	return aead(key).Open(nil, text[:nonceSize], text[nonceSize:], purpose)
}

// encode returns the file's contents, sealed as a whole with key.
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
	return append(text, encrypt(key, f.purpose("whole", string(text)), nil)...)
}

// head returns the part of the file that the encryption of the master key is bound to.
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

// verify returns an error if any part of the file was changed since it was written with key.
func (f *file) verify(key []byte) error {
	_, err := decrypt(key, f.purpose("whole", string(f.text[:f.body])), f.text[f.body:])
	return err
}

var errShort = errors.New("it is truncated")

// cutter parses a file. After the first error every part is zero.
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

// decode parses a file. Only verify shows whether it is authentic.
func decode(text []byte) (*file, error) {
	c := &cutter{text: text}
	f := &file{entries: map[model.SecretRef]entry{}, text: text}
	if !bytes.Equal(c.take(len(magic)), []byte(magic)) {
		return nil, errors.New("it is not a vault")
	}
	if v := c.take(1)[0]; c.err == nil && v != version {
		return nil, model.NewError("vault.newer",
			"The vault has format %d; this version of Stepdeck reads format %d. Update Stepdeck. If it is the newest version, the file is damaged.",
			v, version)
	}
	switch c.take(1)[0] {
	case 1:
		f.wrapping = ByKeychain
	case 2:
		f.wrapping = ByPassphrase
	default:
		return nil, errors.New("its key is encrypted in an unknown way")
	}
	copy(f.id[:], c.take(idSize))
	if f.wrapping == ByPassphrase {
		f.cost = argonCost{rounds: c.uint32(), memory: c.uint32(), threads: c.take(1)[0]}
		copy(f.salt[:], c.take(saltSize))
	}
	f.wrapped = c.take(nonceSize + keySize + tagSize)
	sum := sha256.Sum256(text[:len(text)-len(c.text)])
	if !bytes.Equal(c.take(sha256.Size), sum[:]) {
		return nil, errors.New("its header was changed")
	}
	f.generation = binary.BigEndian.Uint64(c.take(8))
	for n := c.uint32(); n > 0 && c.err == nil; n-- {
		owner := model.ID(c.part())
		ref := model.SecretRef{Owner: owner, Field: string(c.part())}
		if _, duplicate := f.entries[ref]; duplicate {
			return nil, errors.New("it contains a secret twice")
		}
		f.entries[ref] = c.part()
	}
	f.body = len(text) - len(c.text)
	c.take(nonceSize + tagSize)
	if c.err == nil && len(c.text) > 0 {
		return nil, errors.New("it has data after its end")
	}
	return f, c.err
}
