package awsenv_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
)

func has(environ []string, entry string) bool { return slices.Contains(environ, entry) }

// valueOf returns a variable's value; its name must not occur twice.
func valueOf(t *testing.T, environ []string, name string) (string, bool) {
	t.Helper()
	value, found := "", false
	for _, entry := range environ {
		if n, v, _ := strings.Cut(entry, "="); n == name {
			if found {
				t.Errorf("%s occurs twice", name)
			}
			value, found = v, true
		}
	}
	return value, found
}

func TestEnviron(t *testing.T) {
	session := awsenv.Session{Environment: []awsenv.Variable{{Name: "AWS_ACCESS_KEY_ID", Value: "AKIA"},
		{Name: "AWS_ENDPOINT_URL", Value: "http://127.0.0.1:4566"}, {Name: "AWS_REGION", Value: "eu-west-1"}}}
	for name, row := range map[string]struct {
		inherited []string
		options   awsenv.Options
		with      []string // entries that must be there
		without   []string // names that must not
	}{
		"always": {
			with: []string{"AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "AWS_CLI_AUTO_PROMPT=off", "NO_COLOR=1", "TERM=dumb",
				"AWS_ACCESS_KEY_ID=AKIA", "AWS_REGION=eu-west-1", "PATH=/usr/local/bin:/usr/bin:/bin"},
			without: []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BOTO_CONFIG"},
		},
		"ours win": {
			inherited: []string{"AWS_REGION=leftover", "AWS_ACCESS_KEY_ID=", "TERM=xterm", "NO_COLOR=0", "AWS_PAGER=less"},
			with: []string{"AWS_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=AKIA", "AWS_ENDPOINT_URL=http://127.0.0.1:4566", "TERM=dumb",
				"NO_COLOR=1", "AWS_PAGER="},
		},
		"every other AWS variable goes": {
			inherited: []string{
				"AWS_PROFILE=a", "AWS_DEFAULT_PROFILE=a", "AWS_SESSION_TOKEN=a", "AWS_SECURITY_TOKEN=a", "AWS_DEFAULT_REGION=a", "AWS_ROLE_ARN=a",
				"AWS_ROLE_SESSION_NAME=a",
				"AWS_WEB_IDENTITY_TOKEN_FILE=a", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=a", "AWS_CONTAINER_CREDENTIALS_FULL_URI=a",
				"AWS_CONTAINER_AUTHORIZATION_TOKEN=a",
				"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=a", "AWS_CREDENTIAL_FILE=a", "AWS_SDK_LOAD_CONFIG=1", "AWS_CREDENTIAL_EXPIRATION=a",
				"AWS_ENDPOINT_URL=a",
				"AWS_ENDPOINT_URL_STS=a", "AWS_EC2_METADATA_SERVICE_ENDPOINT=a", "AWS_VAULT=a", "AWS_DATA_PATH=a", "AWS_STILL_TO_COME=a",
				"AWS_ACCESS_KEY=a", "AWS_SECRET_KEY=a", "AWS_ACCOUNT_ID=a", "AWS_ACCOUNT_ID_ENDPOINT_MODE=a", "AWS_ENDPOINT_URL_S3=a",
				"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", "_AWS_CLI_PROFILE_CHAIN=a", "AWS_LOGIN_CACHE_DIRECTORY=/a",
			},
			without: []string{
				"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_DEFAULT_REGION", "AWS_ROLE_ARN",
				"AWS_ROLE_SESSION_NAME",
				"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
				"AWS_CONTAINER_AUTHORIZATION_TOKEN",
				"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CREDENTIAL_FILE", "AWS_SDK_LOAD_CONFIG", "AWS_CREDENTIAL_EXPIRATION",
				"AWS_ENDPOINT_URL_STS", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_VAULT", "AWS_DATA_PATH", "AWS_STILL_TO_COME",
				"AWS_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_ACCOUNT_ID", "AWS_ACCOUNT_ID_ENDPOINT_MODE", "AWS_ENDPOINT_URL_S3",
				"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "_AWS_CLI_PROFILE_CHAIN", "AWS_LOGIN_CACHE_DIRECTORY",
			},
		},
		"allowed AWS variables stay": {
			inherited: []string{"AWS_CA_BUNDLE=/a", "AWS_MAX_ATTEMPTS=9", "AWS_RETRY_MODE=standard", "AWS_USE_FIPS_ENDPOINT=true",
				"AWS_USE_DUALSTACK_ENDPOINT=true", "AWS_STS_REGIONAL_ENDPOINTS=regional"},
			with: []string{"AWS_CA_BUNDLE=/a", "AWS_MAX_ATTEMPTS=9", "AWS_RETRY_MODE=standard", "AWS_USE_FIPS_ENDPOINT=true",
				"AWS_USE_DUALSTACK_ENDPOINT=true", "AWS_STS_REGIONAL_ENDPOINTS=regional"},
		},
		"how requests are made and files read stays": {
			inherited: []string{"AWS_REQUEST_CHECKSUM_CALCULATION=when_required", "AWS_RESPONSE_CHECKSUM_VALIDATION=when_required",
				"AWS_DEFAULT_OUTPUT=table", "AWS_CLI_FILE_ENCODING=UTF-8", "AWS_CLI_OUTPUT_ENCODING=UTF-8", "AWS_NEW_RETRIES_2026=true",
				"AWS_DEFAULTS_MODE=mobile", "AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026=true"},
			with: []string{"AWS_REQUEST_CHECKSUM_CALCULATION=when_required", "AWS_RESPONSE_CHECKSUM_VALIDATION=when_required",
				"AWS_DEFAULT_OUTPUT=table", "AWS_CLI_FILE_ENCODING=UTF-8", "AWS_CLI_OUTPUT_ENCODING=UTF-8", "AWS_NEW_RETRIES_2026=true",
				"AWS_DEFAULTS_MODE=mobile", "AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026=true"},
		},
		"folders of modules": {inherited: []string{"PSModulePath=/home/ann/Modules:Modules::/opt/powershell/7/Modules"},
			with: []string{"PSModulePath=/home/ann/Modules:/opt/powershell/7/Modules"}},
		"no folder of modules": {inherited: []string{"PSModulePath=Modules"}, without: []string{"PSModulePath"}},
		"Windows, folders of modules": {
			inherited: []string{`psmodulepath=C:\Users\ann\Documents\PowerShell\Modules;c:\program files\powershell\7\Modules;` +
				`C:\Program Files\PowerShell\7-preview\Modules\;C:\Program Files\WindowsApps\Microsoft.PowerShell_7.5.0.0_x64__8wekyb\Modules;` +
				`\\server\share\Modules;.\Modules;\Modules;D:/PowerShell/Modules;C:\Windows\system32\WindowsPowerShell\v1.0\Modules`},
			options: awsenv.Options{OS: "windows"},
			with: []string{`psmodulepath=C:\Users\ann\Documents\PowerShell\Modules;\\server\share\Modules;D:/PowerShell/Modules;` +
				`C:\Windows\system32\WindowsPowerShell\v1.0\Modules`},
		},
		"keys in Git Bash": {options: awsenv.Options{OS: "windows"},
			with: []string{"MSYS2_ENV_CONV_EXCL=AWS_ACCESS_KEY_ID;AWS_SECRET_ACCESS_KEY;AWS_SESSION_TOKEN;AWS_CONTAINER_AUTHORIZATION_TOKEN="}},
		"keys in Git Bash, and more": {inherited: []string{"msys2_env_conv_excl=URL_PATH"}, options: awsenv.Options{OS: "windows"},
			with: []string{"MSYS2_ENV_CONV_EXCL=URL_PATH;AWS_ACCESS_KEY_ID;AWS_SECRET_ACCESS_KEY;AWS_SESSION_TOKEN;" +
				"AWS_CONTAINER_AUTHORIZATION_TOKEN="}},
		"keys in Git Bash, with everything": {inherited: []string{"MSYS2_ENV_CONV_EXCL=*"}, options: awsenv.Options{OS: "windows"},
			with: []string{"MSYS2_ENV_CONV_EXCL=*"}},
		"no Git Bash": {without: []string{"MSYS2_ENV_CONV_EXCL"}},
		"started by a frozen program": {inherited: []string{"PYINSTALLER_RESET_ENVIRONMENT=1", "_PYI_ARCHIVE_FILE=/a", "_MEIPASS2=/a"},
			without: []string{"PYINSTALLER_RESET_ENVIRONMENT", "_PYI_ARCHIVE_FILE", "_MEIPASS2"}},
		"empty allowed ones go": {inherited: []string{"AWS_CA_BUNDLE=", "AWS_RETRY_MODE= "},
			without: []string{"AWS_CA_BUNDLE", "AWS_RETRY_MODE"}},
		"what leads a shell astray goes": {
			inherited: []string{
				"BASH_ENV=/a", "ENV=/a", "BASH_FUNC_aws%%=() { echo; }", "BASH_FUNC_x()=() { echo; }", "SHELLOPTS=xtrace", "BASHOPTS=a", "PS4=a",
				"PROMPT_COMMAND=a", "CDPATH=a",
				"LD_PRELOAD=/a", "LD_AUDIT=/a", "DYLD_INSERT_LIBRARIES=/a", "STEPDECK_PASSPHRASE=a", "FYNE_SCALE=2", "PWD=/a", "OLDPWD=/a",
				"FORCE_COLOR=1",
			},
			without: []string{
				"BASH_ENV", "ENV", "BASH_FUNC_aws%%", "BASH_FUNC_x()", "SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND", "CDPATH", "LD_PRELOAD",
				"LD_AUDIT", "DYLD_INSERT_LIBRARIES",
				"STEPDECK_PASSPHRASE", "FYNE_SCALE", "PWD", "OLDPWD", "FORCE_COLOR",
			},
		},
		"the rest stays": {
			inherited: []string{"HOME=/home/ann", "LANG=de_DE.UTF-8", "EMPTY=", "A=b=c", "aws_profile=other case", "ENVIRONMENT=x", "=x",
				"nonsense"},
			with:    []string{"HOME=/home/ann", "LANG=de_DE.UTF-8", "EMPTY=", "A=b=c", "aws_profile=other case", "ENVIRONMENT=x"},
			without: []string{"nonsense", ""},
		},
		"isolated": {
			inherited: []string{"AWS_CONFIG_FILE=/a", "AWS_SHARED_CREDENTIALS_FILE=/a", "BOTO_CONFIG=/a"},
			options:   awsenv.Options{PrivateConfig: "/w"},
			with: []string{"AWS_CONFIG_FILE=" + filepath.Join("/w", "config"),
				"AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join("/w", "credentials"), "BOTO_CONFIG=/dev/null"},
		},
		"not isolated": {
			inherited: []string{"AWS_CONFIG_FILE=/a", "AWS_SHARED_CREDENTIALS_FILE="},
			with:      []string{"AWS_CONFIG_FILE=/a"}, without: []string{"AWS_SHARED_CREDENTIALS_FILE"},
		},
		"path": {
			inherited: []string{"PATH=/usr/bin:::.:relative:/opt/aws:/bin"},
			options:   awsenv.Options{Path: []string{"/opt/aws", "", "/opt/pwsh", "/opt/aws"}},
			with:      []string{"PATH=/opt/aws:/opt/pwsh:/usr/bin:/bin"},
		},
		"no path": {options: awsenv.Options{Path: []string{"/opt/aws"}}, with: []string{"PATH=/opt/aws:/usr/local/bin:/usr/bin:/bin"}},
		"proxy, lower": {
			inherited: []string{"http_proxy=http://p", "https_proxy=http://q", "no_proxy=localhost"},
			with:      []string{"http_proxy=http://p", "HTTP_PROXY=http://p", "HTTPS_PROXY=http://q", "NO_PROXY=localhost,127.0.0.1"},
		},
		"proxy, upper": {inherited: []string{"HTTPS_PROXY=http://q"}, with: []string{"HTTPS_PROXY=http://q", "https_proxy=http://q"},
			without: []string{"HTTP_PROXY", "http_proxy"}},
		"proxy, both": {inherited: []string{"HTTPS_PROXY=http://q", "https_proxy=http://r"},
			with: []string{"HTTPS_PROXY=http://q", "https_proxy=http://r"}},
		"proxy, not for this computer": {
			inherited: []string{"HTTP_PROXY=http://q", "no_proxy=a, b"}, options: awsenv.Options{},
			with: []string{"http_proxy=http://q", "NO_PROXY=a,b,127.0.0.1", "no_proxy=a,b,127.0.0.1"},
		},
		"Windows, not for this computer": {
			inherited: []string{"Http_Proxy=http://q"}, options: awsenv.Options{OS: "windows"}, with: []string{"NO_PROXY=127.0.0.1"},
			without: []string{"no_proxy"},
		},
		"no proxy at all": {inherited: []string{"NO_PROXY=*"}, with: []string{"NO_PROXY=*", "no_proxy=*"}},
		"extra last": {options: awsenv.Options{Extra: []awsenv.Variable{{Name: "TERM", Value: "vt100"},
			{Name: "STEPDECK_OUTPUTS", Value: "/w"}}}, with: []string{"TERM=vt100", "STEPDECK_OUTPUTS=/w"}},
		"Windows, any case": {
			inherited: []string{"Aws_Profile=a", "aws_security_token=a", "AWS_ca_bundle=C:\\a", "bash_env=a", "Stepdeck_Passphrase=a", "no_color=0",
				"=C:=C:\\work", "=ExitCode=00000000", "Path=C:\\Windows"},
			options: awsenv.Options{OS: "windows", PrivateConfig: `C:\w`, Path: []string{`C:\Program Files\Amazon\AWSCLIV2`}},
			with: []string{
				"AWS_ca_bundle=C:\\a", "NO_COLOR=1", `Path=C:\Program Files\Amazon\AWSCLIV2;C:\Windows`, "BOTO_CONFIG=NUL",
				"AWS_CONFIG_FILE=" + filepath.Join(`C:\w`, "config"), "AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(`C:\w`, "credentials"),
			},
			without: []string{"Aws_Profile", "aws_security_token", "bash_env", "Stepdeck_Passphrase", "no_color", "PATH"},
		},
		"Windows, proxy": {inherited: []string{"Https_Proxy=http://q"}, options: awsenv.Options{OS: "windows"},
			with: []string{"Https_Proxy=http://q"}, without: []string{"HTTPS_PROXY", "https_proxy"}},
	} {
		t.Run(name, func(t *testing.T) {
			if row.options.OS == "" {
				row.options.OS = "linux"
			}
			got := awsenv.Environ(row.inherited, session, row.options)
			for _, entry := range row.with {
				if !has(got, entry) {
					t.Errorf("%s is missing", entry)
				}
			}
			for _, unwanted := range row.without {
				if value, found := valueOf(t, got, unwanted); found {
					t.Errorf("%s=%s is there", unwanted, value)
				}
			}
			if !slices.IsSorted(got) {
				t.Error("not sorted")
			}
			for _, entry := range got {
				if strings.HasPrefix(entry, "=") {
					t.Errorf("%s has no name", entry)
				}
				if strings.HasPrefix(entry, "AWS_") && strings.HasSuffix(entry, "=") && entry != "AWS_PAGER=" {
					t.Errorf("%s is empty", entry)
				}
			}
		})
	}
}

func TestWithheld(t *testing.T) {
	session := awsenv.Session{Environment: []awsenv.Variable{{Name: "AWS_ACCESS_KEY_ID", Value: "AKIA"}, {Name: "AWS_REGION", Value: "r"}}}
	for name, row := range map[string]struct {
		inherited []string
		options   awsenv.Options
		want      string
	}{
		"nothing": {inherited: []string{"HOME=/a", "PATH=/bin", "AWS_RETRY_MODE=standard", "LANG=C"}},
		"what a script may miss": {
			inherited: []string{"LD_PRELOAD=/a", "AWS_PROFILE=a", "AWS_DEFAULT_PROFILE=a", "AWS_ENDPOINT_URL_S3=a", "PYTHONPATH=/a", "BASH_ENV=/a"},
			want:      "AWS_DEFAULT_PROFILE AWS_ENDPOINT_URL_S3 AWS_PROFILE BASH_ENV LD_PRELOAD PYTHONPATH",
		},
		"what the step sets itself": {inherited: []string{"AWS_REGION=a", "AWS_ACCESS_KEY_ID=a", "AWS_PAGER=less", "TERM=xterm", "OURS=a"},
			options: awsenv.Options{Extra: []awsenv.Variable{{Name: "OURS", Value: "b"}}}},
		"what belongs to the engine": {inherited: []string{"PWD=/a", "OLDPWD=/a", "_=/a", "SHLVL=2", "BASH_FUNC_which%%=() { :; }",
			"FYNE_SCALE=2", "STEPDECK_HOME=/a", "_AWS_CLI_PROFILE_CHAIN=a", "_PYI_ARCHIVE_FILE=a", "PYINSTALLER_X=a", "PS4=a"}},
		"empty":    {inherited: []string{"AWS_PROFILE=", "LD_PRELOAD= "}},
		"own file": {inherited: []string{"AWS_CONFIG_FILE=/a", "BOTO_CONFIG=/a"}, want: ""},
		"own file, hidden": {inherited: []string{"AWS_CONFIG_FILE=/a", "BOTO_CONFIG=/a"}, options: awsenv.Options{PrivateConfig: "/w"},
			want: "AWS_CONFIG_FILE BOTO_CONFIG"},
		"Windows": {inherited: []string{"aws_Profile=a", "Aws_Region=a", "pwd=a", "fyne_scale=2"}, options: awsenv.Options{OS: "windows"},
			want: "aws_Profile"},
	} {
		t.Run(name, func(t *testing.T) {
			row.options.OS = cmp.Or(row.options.OS, "linux")
			if got := strings.Join(awsenv.Withheld(row.inherited, session, row.options), " "); got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

func FuzzEnviron(f *testing.F) {
	f.Add("AWS_PROFILE=x\nA=b", true)
	f.Add("=C:=x\n=\n==\nPath=a;b", false)
	f.Fuzz(func(t *testing.T, inherited string, windows bool) {
		options := awsenv.Options{OS: "linux", PrivateConfig: "/w", Path: []string{"/opt/aws"}}
		if windows {
			options.OS = "windows"
		}
		seen := map[string]bool{}
		for _, entry := range awsenv.Environ(strings.Split(inherited, "\n"), awsenv.Session{}, options) {
			at := strings.IndexByte(entry[1:], '=') + 1
			if at == 0 {
				t.Fatalf("%q is not a variable", entry)
			}
			name := entry[:at]
			if windows {
				name = strings.ToUpper(name)
			}
			if seen[name] {
				t.Errorf("%s occurs twice", name)
			}
			seen[name] = true
			if name == "AWS_PROFILE" || name == "BASH_ENV" || strings.HasPrefix(name, "STEPDECK_") {
				t.Errorf("%s is there", name)
			}
		}
	})
}

func TestAliases(t *testing.T) {
	file := "# mine\n[toplevel]\nwhoami = sts get-caller-identity\n\nsts =\n  !f() {\n    a = b\n  }; f\n; no = x\n[command ec2]\nlist = " +
		"describe-instances\n[plugins]\nx = y\n"
	if got := awsenv.AliasesOf(file); !slices.Equal(got, []string{"whoami", "sts", "ec2 list"}) {
		t.Errorf("%q", got)
	}
	home := t.TempDir()
	if notice := awsenv.AliasNotice(home); notice != nil {
		t.Error(notice)
	}
	path := filepath.Join(home, ".aws", "cli", "alias")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	notice := awsenv.AliasNotice(home)
	if model.ErrorCode(notice) != "aws.alias" || !strings.Contains(notice.Error(), "whoami, sts, ec2 list") ||
		!strings.Contains(notice.Error(), path) {
		t.Error(notice)
	}
}
