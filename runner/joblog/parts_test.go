package joblog

import (
	"slices"
	"strings"
	"testing"
)

func TestParts(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        []string // exactly
	}{
		{"a password", "Tr0mbone-Wizard", nil},
		{"a sentence", "the walrus: is = not; a secret", nil},
		{"JSON", `{"user":"admin","password":"abc","port":5432,"ssl":true,"host":"db.example.com","region":"eu-west-1"}`, []string{"abc"}},
		{"however the key is spelt", `{"DB_PASSWORD":"a1","apiKey":"b2","Secret Key":"c3","clientSecret":"d4","token":"e5","PIN":1234}`,
			[]string{"a1", "b2", "c3", "d4", "e5", "1234"}},
		{"what only speaks of secrets",
			`{"secretName":"prod/db","tokenUrl":"https://x.example.com/t","secretArn":"arn:aws:secretsmanager:eu-west-1:1:secret:x",` +
				`"keyId":"k-17","publicKey":"abcabc","passwordRequired":"true","useToken":"false"}`, nil},
		{"by their look", `{"a":"9f86d081884c7d659a2feaa0c55ad015","b":"P@ssw0rd!","c":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYzQ9uLm0Hd5"}`,
			[]string{"9f86d081884c7d659a2feaa0c55ad015", "P@ssw0rd!", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYzQ9uLm0Hd5"}},
		{"what looks ordinary", `{"a":"eu-west-1","b":"true","c":"5432",` +
			`"d":"prod-db.cluster-c9akciq32abc.eu-west-1.rds.amazonaws.com","e":"admin","f":"2026-01-01T00:00:00Z","g":"10.0.0.0/16",
			"h":"arn:aws:iam::123456789012:role/Deployer","i":"i-0abcd1234ef567890",` +
			`"j":"orders-service-production-2024","k":"ana@example.com","l":"/opt/app/releases/v12/config.yaml","m":"https://example.com/a",` +
			`"n":"AKIAQWERTYUIOPASDFGH","o":"db.m5.large","p":"AmazonSSMManagedInstanceCore"}`, nil},
		{"JSON in JSON", `{"SecretString":"{\"username\":\"admin\",\"password\":\"abc\"}"}`,
			[]string{`{"username":"admin","password":"abc"}`, "abc"}},
		{"JSON in JSON in JSON", `"{\"x\":\"{\\\"token\\\":\\\"abc\\\"}\"}"`, []string{"abc"}},
		{"lists", `{"tokens":["abc","def"],"hosts":["a.example.com"]}`, []string{"abc", "def"}},
		{"names and values", `[{"key":"region","value":"eu-west-1"},{"name":"password","value":"abc"}]`, []string{"abc"}},
		{"below a secret key", `{"credentials":{"first":"magnetic walrus","region":"eu-west-1","user":"admin"}}`, []string{"magnetic walrus"}},
		{"given twice", `{"password":"abc","password":"def"}`, []string{"abc", "def"}},
		{"broken JSON", `{"password":"abc","x":`, []string{"abc"}},
		{"JSON lines", "{\"password\":\"abc\"}\n{\"password\":\"def\"}", []string{"abc", "def"}},
		{"URL", "postgres://reader:P%40nther@db.example.com:5432/orders", []string{"P%40nther", "P@nther"}},
		{"URL with signs in its password", "amqp://u:a#b/c@h.example.com/v", []string{"a#b/c"}},
		{"URL without a password", "https://example.com:8443/a@b?x=1", nil},
		{"URL with a token for a user", "https://ghp_16C7e42F292c6912E7710c838347Ae178B4a@github.com/x",
			[]string{"ghp_16C7e42F292c6912E7710c838347Ae178B4a"}},
		{"query", "https://example.com/?sig=a%2Fb&region=eu-west-1", []string{"a%2Fb", "a/b"}},
		{"URL in JSON", `{"dsn":"mysql://root:abc@h/db"}`, []string{"abc"}},
		{"SQL Server", "Server=tcp:sql.example.com,1433;Initial Catalog=orders;User ID=reader;Password=abc;Encrypt=True;", []string{"abc"}},
		{"quoted", `Server=s;Pwd='a;b''c';Uid="u"`, []string{"a;b'c"}},
		{"ODBC", "DRIVER={ODBC Driver 17};UID=u;PWD={a;b}", []string{"a;b"}},
		{"PostgreSQL", "host=h.example.com user=u password='a b' sslmode=require", []string{"a b"}},
		{"Redis", "cache.example.com:6380,password=abc=,ssl=True", []string{"abc="}},
		{"storage", "DefaultEndpointsProtocol=https;AccountName=orders;AccountKey=abc==;EndpointSuffix=core.windows.net", []string{"abc=="}},
		{"settings", "REGION=eu-west-1\nexport DB_PASSWORD=\"abc\"\nTOKEN: def\r\n", []string{"abc", "def"}},
		{".netrc", "machine example.com login ana password abc", []string{"abc"}},
		{"authorization", "Bearer abcdef", []string{"abcdef"}},
		{"a key on one line", `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nBKcwggSjAgEAAo\n-----END PRIVATE KEY-----`,
			[]string{"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nBKcwggSjAgEAAo\n-----END PRIVATE KEY-----", "MIIEvQIBADANBg", "BKcwggSjAgEAAo"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Parts(c.value)
			for _, want := range c.want {
				if !slices.Contains(got, want) {
					t.Errorf("%q is missing", want)
				}
			}
			for _, part := range got {
				if !slices.Contains(c.want, part) {
					t.Errorf("%q should not be a part", part)
				}
			}
		})
	}
}

func TestPartsOfWhatIsDeepAndLong(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 10_000) + `"x"` + strings.Repeat("}", 10_000)
	if got := Parts(deep); len(got) != 0 {
		t.Errorf("%d parts", len(got))
	}
	many := "[" + strings.Repeat(`{"password":"abcdefgh"},`, 20_000) + `{"password":"ijklmnop"}]`
	if got := Parts(many); !slices.Equal(got, []string{"abcdefgh", "ijklmnop"}) {
		t.Errorf("parts are %q", got)
	}
}

func TestPartsThatAreNamed(t *testing.T) {
	for _, c := range []struct {
		key, text string
		want      bool
	}{
		{"pass", "abcd", true}, {"pass", "true", false}, {"words", "swordfish", true}, {"words", "k1wi", true}, {"words", "kiwi", false},
		{"user", "swordfish", false}, {"region", "eu-west-1", false}, {"x", "eu-west-1", false}, {"host", "db.example.com", false},
		{"x", "db.example.com", false},
		{"port", "5432", false}, {"x", "543254325432", false}, {"x", "magnetic walrus", true}, {"x", "", false},
	} {
		if got := PartIsSecret(c.key, c.text); got != c.want {
			t.Errorf("%s %q: %v", c.key, c.text, got)
		}
	}
}

func TestSentencesHideEverySpelling(t *testing.T) {
	m := masker("NoSuch-Place", "Abc12", `qu"ote and\`, "straße-42")
	for text, want := range map[string]string{
		`"nosuch-place" is no region`:        `"` + Mask + `" is no region`,
		"NOSUCH-PLACE, NoSuch-Place, nosucH": Mask + ", " + Mask + ", nosucH",
		"nOsUcH-pLaCe":                       Mask,
		"abc12 ABC12 xabc12 abc123":          Mask + " " + Mask + " xabc12 abc123",
		`"QU\"OTE AND\\" is wrong`:           `"` + Mask + `" is wrong`,
		"Straße-42 sTRAßE-42":                Mask + " " + Mask,
		"nothing":                            "nothing",
	} {
		if got := m.String(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func FuzzParts(f *testing.F) {
	f.Add(`{"password":"{\"a\":[1,\"https://u:p@h?x=1\"]}"}`, "x")
	f.Add("Server=s;Pwd='a;b';host=h password=p", "Pwd")
	f.Fuzz(func(t *testing.T, value, text string) {
		for _, part := range Parts(value) {
			if strings.TrimSpace(part) == "" {
				t.Error("an empty part")
			}
		}
		m := masker(value)
		_ = m.String(text)
		_ = PartIsSecret(value, text)
	})
}
