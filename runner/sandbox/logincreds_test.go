package sandbox_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/logincreds"
	"github.com/aws/aws-sdk-go-v2/service/signin"

	"github.com/stepdeck/stepdeck/runner/sandbox"
)

// TestSDKRenewsAConsoleSignIn renews the keys of a cache file as aws login writes it, with the SDK's own provider.
func TestSDKRenewsAConsoleSignIn(t *testing.T) {
	s := start(t, sandbox.Options{Console: &sandbox.Console{}})
	p := consoleOf(t, s.RegionEndpoint("eu-west-1"), time.Now)
	for p.key.X.BitLen() <= 248 || p.key.Y.BitLen() <= 248 { // the provider leaves out leading zeros, which isn't RFC 7518
		p = consoleOf(t, p.endpoint, time.Now)
	}
	out := p.signIn()
	der, err := x509.MarshalECPrivateKey(p.key)
	if err != nil {
		t.Fatal(err)
	}
	k := consoleKey(out)
	text, err := json.Marshal(map[string]any{
		"accessToken": map[string]any{
			"accessKeyId": k.AccessKeyID, "secretAccessKey": k.SecretKey, "sessionToken": k.SessionToken, "accountId": sandbox.AccountID,
			"expiresAt": time.Now().Add(-time.Minute),
		},
		"tokenType": *out.TokenType, "clientId": sameDevice, "refreshToken": *out.RefreshToken, "idToken": *out.IdToken,
		"dpopKey": string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})),
	})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "token.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	renew := func(endpoint string) (aws.Credentials, error) {
		client := signin.New(signin.Options{Region: "eu-west-1", BaseEndpoint: &endpoint, RetryMaxAttempts: 1})
		return logincreds.New(client, file).Retrieve(context.Background())
	}
	_, err = renew(s.RegionEndpoint("us-east-1"))
	expectConsole(t, err, invalidRequest, "another region")
	keys, err := renew(p.endpoint)
	if err != nil {
		t.Fatal(err)
	}
	fresh := sandbox.Key{AccessKeyID: keys.AccessKeyID, SecretKey: keys.SecretAccessKey, SessionToken: keys.SessionToken}
	who, err := stsOf(s, fresh).GetCallerIdentity(context.Background(), nil)
	if err != nil || fresh == k || *who.Account != sandbox.AccountID {
		t.Errorf("%+v, %v", who, err)
	}
}
