package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/clicache"
	"github.com/stepdeck/stepdeck/runner/awsenv/refresh"
)

// CachePath returns the path of the file in which the aws command keeps the sign-in of a profile whose login_session is
// session. folder is its cache: ~/.aws/login/cache, or what AWS_LOGIN_CACHE_DIRECTORY names.
func CachePath(folder, session string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(session)))
	return filepath.Join(folder, hex.EncodeToString(sum[:])+".json")
}

// cacheFile is what the aws command keeps of a sign-in. It doesn't keep the region.
type cacheFile struct {
	Access struct {
		AccessKeyID     string    `json:"accessKeyId"`
		SecretAccessKey string    `json:"secretAccessKey"`
		SessionToken    string    `json:"sessionToken"`
		AccountID       string    `json:"accountId"`
		Expires         time.Time `json:"expiresAt"`
	} `json:"accessToken"`
	TokenType    string `json:"tokenType"`
	ClientID     string `json:"clientId"`
	RefreshToken string `json:"refreshToken"`
	IDToken      string `json:"idToken,omitempty"`
	GoIDToken    string `json:"identityToken,omitempty"` // as AWS's SDK for Go names it
	ProofKey     string `json:"dpopKey"`
}

// ReadCache reads the sign-in of a profile of the aws command from the file at path. session is the profile's
// login_session. The file doesn't say where the person signed in: region is the profile's, which it usually was.
func ReadCache(path, session, region string) (Tokens, error) {
	var file cacheFile
	session = strings.TrimSpace(session)
	err := clicache.Read(path, &file)
	if errors.Is(err, fs.ErrNotExist) {
		return Tokens{}, model.NewError(model.CodeSignInEnded,
			"The aws command is not signed in as %s. Sign in again.", session)
	}
	t := file.tokens(session, region)
	if err != nil || !t.complete() {
		damaged := model.NewError(model.CodeSignInEnded,
			"The file %s, in which the aws command keeps the sign-in as %s, is damaged. Sign in again.", path, session)
		if err != nil {
			return Tokens{}, damaged.Because(readable(err))
		}
		return Tokens{}, damaged
	}
	return t, nil
}

// readable keeps what the file system says of a file, and nothing that a parser quotes of its contents.
func readable(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path
	}
	return errors.New("its contents can't be read")
}

func (f cacheFile) tokens(session, region string) Tokens {
	t := Tokens{
		Session: session, Region: region, AccountID: f.Access.AccountID,
		AccessKeyID: f.Access.AccessKeyID, SecretAccessKey: f.Access.SecretAccessKey, SessionToken: f.Access.SessionToken,
		Expires: f.Access.Expires, RefreshToken: f.RefreshToken, ClientID: f.ClientID, TokenType: f.TokenType,
		IDToken: f.IDToken, ProofKey: f.ProofKey,
	}
	if t.IDToken == "" {
		t.IDToken = f.GoIDToken
	}
	if t.AccountID == "" {
		t.AccountID, _ = accountOf(session)
	}
	return t
}

// complete reports whether the tokens can be used and renewed.
func (t Tokens) complete() bool {
	_, err := decodeKey(t.ProofKey)
	return err == nil && t.AccessKeyID != "" && t.SecretAccessKey != "" && t.SessionToken != "" && t.RefreshToken != "" && t.ClientID != ""
}

// WriteCache writes the sign-in into the file at path for the aws command, and keeps what else stands in it. Others
// can't read the file.
func WriteCache(path string, t Tokens) error {
	var file cacheFile
	file.Access.AccessKeyID, file.Access.SecretAccessKey, file.Access.SessionToken = t.AccessKeyID, t.SecretAccessKey, t.SessionToken
	file.Access.AccountID, file.Access.Expires = t.AccountID, t.Expires.UTC().Truncate(time.Second)
	file.TokenType, file.ClientID, file.RefreshToken = t.TokenType, t.ClientID, t.RefreshToken
	file.IDToken, file.ProofKey = t.IDToken, t.ProofKey
	if err := clicache.Write(path, file); err != nil {
		return model.NewError("signin.cache.write",
			"The sign-in can't be written to %s for the aws command. Check that you may write there and that the disk has room.", path).Because(err)
	}
	return nil
}

// Cached returns a refresher of the sign-in that the aws command keeps in the file at path, for a profile whose
// login_session is session. It renews in o.Region and writes the file, under a lock that all processes of Stepdeck take.
func Cached(o Options, path, session string) *refresh.Refresher[Tokens] {
	now := o.Now
	if now == nil {
		now = time.Now
	}
	return refresh.New(refresh.Source[Tokens]{
		Load:   func(context.Context) (Tokens, error) { return ReadCache(path, session, o.Region) },
		Save:   func(_ context.Context, t Tokens) error { return WriteCache(path, t) },
		Lock:   func(ctx context.Context) (func() error, error) { return lockCache(ctx, path) },
		Stale:  func(t Tokens) bool { return t.Stale(now()) },
		Usable: func(t Tokens) bool { return t.Usable(now()) },
		Renew:  func(ctx context.Context, t Tokens) (Tokens, error) { return renewCached(ctx, o, path, t) },
		Now:    now,
	})
}

// renewCached renews tokens of a file. The aws command may have done so since they were read: it takes no lock.
func renewCached(ctx context.Context, o Options, path string, t Tokens) (Tokens, error) {
	next, err := Refresh(ctx, o, t)
	if model.ErrorCode(err) != model.CodeSignInEnded {
		return next, err
	}
	now := o.Now
	if now == nil {
		now = time.Now
	}
	other, unread := ReadCache(path, t.Session, t.Region)
	if unread == nil && other.RefreshToken != t.RefreshToken && !other.Stale(now()) {
		return other, nil
	}
	return Tokens{}, err
}

func lockCache(ctx context.Context, path string) (func() error, error) {
	unlock, err := clicache.Lock(ctx, path)
	if err != nil {
		return nil, model.NewError("signin.cache.lock",
			"The sign-in in %s can't be renewed, since its lock can't be had. Close other windows of Stepdeck, and try again.", path).Because(err)
	}
	return unlock, nil
}
