package model_test

import (
	"testing"
	"unicode/utf8"

	"github.com/stepdeck/stepdeck/model"
)

func TestDecodeText(t *testing.T) {
	for _, row := range []struct {
		name, data, want string
		ok               bool
	}{
		{"empty", "", "", true},
		{"UTF-8", "grün\n", "grün\n", true},
		{"UTF-8 with a mark", "\xef\xbb\xbfgrün", "grün", true},
		{"UTF-16 LE with a mark", "\xff\xfeg\x00\xfc\x00\r\x00\n\x00", "gü\r\n", true},
		{"UTF-16 BE with a mark", "\xfe\xff\x00g\x00\xfc", "gü", true},
		{"UTF-16 LE without a mark", "a\x00b\x00\n\x00", "ab\n", true},
		{"UTF-16 BE without a mark", "\x00a\x00b", "ab", true},
		{"beyond 16 bits", "\xff\xfe\x3d\xd8\x00\xde", "😀", true},
		{"half a surrogate pair", "\xff\xfe\x3d\xd8", "", false},
		{"half a character", "\xff\xfea\x00b", "", false},
		{"windows-1252", "gr\xfcn", "", false},
		{"a NUL in UTF-8", "a\x00bc", "a\x00bc", true},
		{"NULs alone", "\x00\x00", "\x00\x00", true},
		{"UTF-32", "\xff\xfe\x00\x00a\x00\x00\x00", "\x00a\x00", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			text, ok := model.DecodeText([]byte(row.data))
			if ok != row.ok || ok && text != row.want {
				t.Errorf("got %q, %v", text, ok)
			}
		})
	}
}

func FuzzDecodeText(f *testing.F) {
	for _, seed := range []string{"", "a", "\xff\xfea\x00", "\xef\xbb\xbfa", "\x00a", "\xfe\xff\xd8\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if text, ok := model.DecodeText(data); ok && !utf8.ValidString(text) {
			t.Errorf("%q became %q", data, text)
		}
	})
}

func TestDecodeSecret(t *testing.T) {
	for _, row := range []struct{ name, data, code string }{
		{"text", "hunter2", ""},
		{"a NUL", "hunt\x00er", "secret.nul"},
		{"UTF-32", "\xff\xfe\x00\x00a\x00\x00\x00", "secret.nul"},
		{"not text", "hunt\xffer", "secret.encoding"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := model.DecodeSecret([]byte(row.data), "The file key.txt")
			wantCode(t, err, row.code)
		})
	}
}

// TestCheckSecrets: what AWS never issues is rejected; what another server may accept is not.
func TestCheckSecrets(t *testing.T) {
	const good = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	for _, row := range []struct{ name, secret, aws, elsewhere string }{
		{"a key", good, "", ""},
		{"none", "", "", ""},
		{"short, as a server that imitates AWS accepts it", "test", "", ""},
		{"quotation marks", `"` + good + `"`, "account.secret.quote", ""},
		{"a blank", "aws secret", "account.secret.blank", ""},
		{"two lines", good + "\nAKIA", "account.secret.lines", "account.secret.lines"},
		{"a line end of Windows", good + "\r", "account.secret.lines", "account.secret.lines"},
		{"a byte order mark", "\ufeff" + good, "account.secret.control", "account.secret.control"},
		{"a NUL", good + "\x00", "account.secret.control", "account.secret.control"},
		{"not UTF-8", good + "\xff", "account.secret.control", "account.secret.control"},
	} {
		t.Run(row.name, func(t *testing.T) {
			for endpoint, code := range map[string]string{"": row.aws, "https://minio.example": row.elsewhere, "sandbox": row.elsewhere} {
				a := model.Account{Name: "Web", Endpoint: endpoint}
				for _, problems := range [][]model.Problem{a.CheckSecrets(model.AccountSecrets{SecretKey: row.secret}),
					a.CheckSecrets(model.AccountSecrets{SessionToken: row.secret})} {
					var err error
					if len(problems) > 0 {
						err = problems[0].Err
					}
					wantCode(t, err, code)
				}
			}
		})
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if got := model.ErrorCode(err); got != code {
		t.Errorf("code %q, want %q: %v", got, code, err)
	}
}
