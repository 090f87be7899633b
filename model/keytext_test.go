package model_test

import (
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
)

const (
	keyA, keyB       = "AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE"
	secretA, secretB = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"
)

// A secret key is taken out of whatever it comes in, or refused with the reason.
func TestReadSecretKey(t *testing.T) {
	csv := "\ufeffUser name,Access key ID,Secret access key\r\nana," + keyA + "," + secretA + "\r\n"
	profile := "[ana]\naws_access_key_id = " + keyA + "\naws_secret_access_key = " + secretA + "\n"
	other := "[bob]\naws_access_key_id=" + keyB + "\naws_secret_access_key=" + secretB + "\naws_session_token=TOKEN\n"
	jsonKey := `"AccessKeyId": "` + keyA + `", "SecretAccessKey": "` + secretA + `"`
	for name, c := range map[string]struct{ text, id, secret, token, key, code string }{
		"alone":              {text: secretA + "\n", secret: secretA},
		"in quotes":          {text: " \"" + secretA + "\" ", secret: secretA},
		"in curly quotes":    {text: "“" + secretA + "”", secret: secretA},
		"in single quotes":   {text: "'" + secretA + "'", secret: secretA},
		"half a quote":       {text: "\"" + secretA, secret: "\"" + secretA},
		"accessKeys.csv":     {text: csv, id: keyA, secret: secretA},
		"its own csv":        {text: csv, key: keyA, id: keyA, secret: secretA},
		"another key's csv":  {text: csv, key: keyB, code: "account.secret.other"},
		"a profile":          {text: profile, id: keyA, secret: secretA},
		"one of two":         {text: profile + other, key: keyB, id: keyB, secret: secretB, token: "TOKEN"},
		"two":                {text: profile + other, code: "account.secret.several"},
		"without a secret":   {text: "[ana]\naws_access_key_id = " + keyA, code: "account.secret.none"},
		"a secret's line":    {text: "AWS_SECRET_ACCESS_KEY=\"" + secretA + "\"", key: keyA, secret: secretA},
		"create-access-key":  {text: `{"AccessKey": {"UserName": "ana", ` + jsonKey + `}}`, id: keyA, secret: secretA},
		"assume-role":        {text: `{"Credentials": {` + jsonKey + `, "SessionToken": "T"}}`, id: keyA, secret: secretA, token: "T"},
		"the wrong part":     {text: keyA, code: "account.secret.id"},
		"JSON without a key": {text: `{"a": 1}`, secret: `{"a": 1}`},
	} {
		t.Run(name, func(t *testing.T) {
			a := model.Account{Name: "Ana", Kind: model.KindAccessKey, AccessKeyID: c.key}
			id, s, err := a.ReadSecretKey(c.text, "The file key.txt")
			if id != c.id || s.SecretKey != c.secret || s.SessionToken != c.token || model.ErrorCode(err) != c.code {
				t.Errorf("%q %q %q, %v", id, s.SecretKey, s.SessionToken, err)
			}
			if err != nil && (!strings.Contains(err.Error(), "The file key.txt") || strings.Contains(err.Error(), secretA)) {
				t.Errorf("%v", err)
			}
		})
	}
}

// A server behind an endpoint may have secrets with quotation marks.
func TestSecretsOfAnEndpointStay(t *testing.T) {
	a := model.Account{Name: "Lab", Kind: model.KindAccessKey, Endpoint: "https://lab.example"}
	if _, s, err := a.ReadSecretKey(`"quoted"`, "x"); err != nil || s.SecretKey != `"quoted"` {
		t.Errorf("%q, %v", s.SecretKey, err)
	}
}
