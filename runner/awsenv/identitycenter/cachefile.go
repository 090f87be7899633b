package identitycenter

import (
	"context"
	"crypto/sha1" //nolint:gosec // the aws command names its files by it
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv/clicache"
	"github.com/stepdeck/stepdeck/runner/awsenv/refresh"
)

// CachePath returns the path of the file in which the aws command keeps a sign-in. key is the name of the profile's
// sso_session, or its sso_start_url if it has none. folder is the cache: ~/.aws/sso/cache.
func CachePath(folder, key string) string {
	sum := sha1.Sum([]byte(key)) //nolint:gosec // as above
	return filepath.Join(folder, hex.EncodeToString(sum[:])+".json")
}

// cacheFile is what the aws command keeps of a sign-in.
type cacheFile struct {
	StartURL            string    `json:"startUrl"`
	Region              string    `json:"region"`
	AccessToken         string    `json:"accessToken"`
	Expires             cacheTime `json:"expiresAt"`
	RefreshToken        string    `json:"refreshToken,omitempty"`
	ClientID            string    `json:"clientId,omitempty"`
	ClientSecret        string    `json:"clientSecret,omitempty"`
	RegistrationExpires cacheTime `json:"registrationExpiresAt,omitzero"`
}

// cacheTime is a time as the aws command writes it. Older versions wrote UTC in place of Z.
type cacheTime struct{ time.Time }

// MarshalJSON writes the time as the aws command does.
func (t cacheTime) MarshalJSON() ([]byte, error) {
	return json.Marshal(t.UTC().Format("2006-01-02T15:04:05Z"))
}

// UnmarshalJSON reads both forms.
func (t *cacheTime) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil || text == "" {
		return err
	}
	parsed, err := time.Parse(time.RFC3339, strings.Replace(text, "UTC", "Z", 1))
	if err != nil {
		return errors.New("a time can't be read") // err quotes what stands there
	}
	t.Time = parsed.UTC()
	return nil
}

// ReadCache reads the sign-in of a profile of the aws command from the file at path. startURL and region are the
// profile's.
func ReadCache(path, startURL, region string) (Tokens, error) {
	var file cacheFile
	err := clicache.Read(path, &file)
	if errors.Is(err, fs.ErrNotExist) {
		return Tokens{}, model.NewError(model.CodeSignInEnded,
			"The aws command is not signed in at %s. Sign in again.", startURL)
	}
	start, unclear := model.CleanStartURL(startURL)
	if unclear != nil {
		return Tokens{}, unclear
	}
	if err != nil || file.AccessToken == "" || file.Expires.IsZero() {
		return Tokens{}, model.NewError(model.CodeSignInEnded,
			"The file %s, in which the aws command keeps the sign-in at %s, is damaged. Sign in again.", path,
			startURL)
	}
	return Tokens{
		StartURL: start, Region: region, AccessToken: file.AccessToken, Expires: file.Expires.Time, RefreshToken: file.RefreshToken,
		Registration: Registration{
			ClientID: file.ClientID, ClientSecret: file.ClientSecret, Expires: file.RegistrationExpires.Time,
			Grants: []string{refreshGrant}, StartURL: start, Region: region, // whatever else it may, it is the aws command's
		},
	}, nil
}

// WriteCache writes the sign-in into the file at path for the aws command, and keeps what else stands in it. Others
// can't read the file.
func WriteCache(path string, t Tokens) error {
	file := cacheFile{
		StartURL: t.StartURL, Region: t.Region, AccessToken: t.AccessToken, Expires: cacheTime{t.Expires}, RefreshToken: t.RefreshToken,
		ClientID: t.Registration.ClientID, ClientSecret: t.Registration.ClientSecret,
		RegistrationExpires: cacheTime{t.Registration.Expires},
	}
	if err := clicache.Write(path, file); err != nil {
		return model.NewError("signin.cache.write",
			"The sign-in can't be written to %s for the aws command. Check that you may write there and that the disk has room.", path).Because(err)
	}
	return nil
}

// Cached returns a refresher of the sign-in that the aws command keeps in the file at path, for a profile whose start URL
// and region are those of o. It writes the file when it renews: a token that was renewed elsewhere would sign the aws
// command out. All processes of Stepdeck take one lock for it.
func Cached(o Options, path string) *refresh.Refresher[Tokens] {
	now := o.filled().Now
	return refresh.New(refresh.Source[Tokens]{
		Load:   func(context.Context) (Tokens, error) { return ReadCache(path, o.StartURL, o.Region) },
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
	other, unread := ReadCache(path, t.StartURL, t.Region)
	if unread == nil && other.AccessToken != t.AccessToken && !other.Stale(o.filled().Now()) {
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
