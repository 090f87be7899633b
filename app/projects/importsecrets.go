package projects

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/sandbox"
)

func (imp *Import) variable(secret pendingSecret) *model.Variable {
	if secret.step < 0 {
		return &imp.File.Project.Variables[secret.index]
	}
	return &imp.File.Project.Steps[secret.step].Values[secret.index]
}

func (imp *Import) envVar(secret pendingSecret) *model.EnvVar {
	if secret.step < 0 {
		return &imp.File.Project.EnvVars[secret.index]
	}
	return &imp.File.Project.Steps[secret.step].EnvVars[secret.index]
}

func (imp *Import) mark(secret pendingSecret) {
	switch {
	case secret.env:
		imp.envVar(secret).ValueSet = true
		return
	case secret.account < 0:
		imp.variable(secret).ValueSet = true
		return
	}
	a := &imp.File.Accounts[secret.account].Account
	if secret.field == model.SecretKeyField {
		a.SecretSet = true
	} else {
		a.TokenSet = true
	}
}

// fit returns the value to store. It trims and checks the secrets of accounts, since blanks around them come from copying, and takes
// them out of files of keys.
func (imp *Import) fit(secret pendingSecret, value string) (string, error) {
	switch {
	case secret.env:
		return value, model.CheckEnvValue(imp.envVar(secret).Name, value)
	case secret.account < 0:
		return value, nil
	}
	a := imp.File.Accounts[secret.account].Account
	if secret.field == model.SessionTokenField {
		value = a.CleanSecret(value)
		return value, model.Problems("The account "+a.Name, a.CheckSecrets(model.AccountSecrets{SessionToken: value}))
	}
	_, given, err := a.ReadSecretKey(value, fmt.Sprintf("What is given as the secret key of account %q", a.Name))
	if err != nil {
		return "", err
	}
	if given.SessionToken != "" && imp.File.Accounts[secret.account].SessionToken.IsZero() {
		token := secret
		token.field, token.value = model.SessionTokenField, given.SessionToken
		imp.secrets = append(imp.secrets, token)
	}
	return given.SecretKey, model.Problems("The account "+a.Name, a.CheckSecrets(given))
}

func (imp *Import) ref(secret pendingSecret) model.SecretRef {
	switch {
	case secret.env:
		return imp.envVar(secret).ValueRef()
	case secret.account < 0:
		return imp.variable(secret).ValueRef()
	}
	return model.SecretRef{Owner: imp.File.Accounts[secret.account].ID, Field: secret.field}
}

// makeSandboxKeys creates keys for accounts in the sandbox that have none, so that their identity stays the same.
func (imp *Import) makeSandboxKeys() {
	for i := range imp.File.Accounts {
		a := &imp.File.Accounts[i]
		hasKey := slices.ContainsFunc(imp.secrets, func(s pendingSecret) bool {
			return s.account == i && s.field == model.SecretKeyField
		})
		if !a.InSandbox() || a.SecretSet || hasKey {
			continue
		}
		key := sandbox.NewKey()
		if a.AccessKeyID == "" {
			a.AccessKeyID = key.AccessKeyID
		}
		imp.secrets = append(imp.secrets, pendingSecret{account: i, field: model.SecretKeyField, value: key.SecretKey, step: -1})
	}
}

// secretReader reads the secrets of an import from where its file says.
type secretReader struct {
	imp     *Import
	dir     string       // the file's folder
	fromEnv SecretSource // nil: nothing is read
}

// readSecrets reads the secrets that the file refers to. Those that are missing will be asked for later.
func (imp *Import) readSecrets(dir string, fromEnv SecretSource) error {
	r := secretReader{imp, dir, fromEnv}
	if err := r.accounts(); err != nil {
		return err
	}
	project := imp.File.Project
	err := errors.Join(r.variables(-1, project.Variables, imp.File.Variables), r.envVars(-1, project.EnvVars, imp.File.EnvVars))
	if err != nil {
		return err
	}
	for i, step := range project.Steps {
		err := errors.Join(r.variables(i, step.Values, imp.File.StepValues[i]), r.envVars(i, step.EnvVars, imp.File.StepEnvVars[i]))
		if err != nil {
			return err
		}
	}
	return nil
}

// envVars reads the values of the sensitive ones in list, and notes what a person should know of the others. from is parallel
// to it.
func (r secretReader) envVars(step int, list []model.EnvVar, from []document.Secret) error {
	for i, v := range list {
		if notice := model.EnvNotice(v.Name); notice != "" {
			r.imp.Notes = append(r.imp.Notes, notice)
		}
		if !v.Sensitive {
			continue
		}
		secret := pendingSecret{account: -1, field: model.ValueField, step: step, index: i, env: true}
		if err := r.read(from[i], "the value of the environment variable "+v.Name, secret, v.ValueSet); err != nil {
			return err
		}
	}
	return nil
}

func (r secretReader) accounts() error {
	for i, a := range r.imp.File.Accounts {
		if a.InSandbox() && a.SecretKey.IsZero() || a.Kind != model.KindAccessKey {
			continue
		}
		key := pendingSecret{account: i, field: model.SecretKeyField, step: -1}
		if err := r.read(a.SecretKey, fmt.Sprintf("the secret key of account %q", a.Name), key, a.SecretSet); err != nil {
			return err
		}
		if odd := r.imp.oddKey(i); odd != "" {
			r.imp.Notes = append(r.imp.Notes, fmt.Sprintf("account %q: %s", a.Name, odd))
		}
		if a.SessionToken.IsZero() {
			continue
		}
		token := pendingSecret{account: i, field: model.SessionTokenField, step: -1}
		if err := r.read(a.SessionToken, fmt.Sprintf("the session token of account %q", a.Name), token, a.TokenSet); err != nil {
			return err
		}
	}
	return nil
}

// oddKey returns a sentence that warns of an account's access key that doesn't look like one of AWS's, or an empty text. Another
// server has keys of its own.
func (imp *Import) oddKey(account int) string {
	a := imp.File.Accounts[account]
	if strings.TrimSpace(a.Endpoint) != "" {
		return ""
	}
	secret := ""
	for _, s := range imp.secrets {
		if s.account == account && s.field == model.SecretKeyField {
			secret = s.value
		}
	}
	return model.OddAccessKey(a.AccessKeyID, secret)
}

// variables reads the values of the sensitive ones in list. from is parallel to it.
func (r secretReader) variables(step int, list []model.Variable, from []document.Secret) error {
	for i, v := range list {
		if v.Type != model.TypeSensitive {
			continue
		}
		secret := pendingSecret{account: -1, field: model.ValueField, step: step, index: i}
		if err := r.read(from[i], fmt.Sprintf("the value of %q", v.Name), secret, v.ValueSet); err != nil {
			return err
		}
	}
	return nil
}

// read reads one secret, or notes that it is missing unless it is stored already. name is for the notes.
func (r secretReader) read(from document.Secret, name string, secret pendingSecret, stored bool) error {
	imp := r.imp
	value, found, err := readSecret(r.dir, from, r.fromEnv)
	later := "enter it in its form, or a run will ask for it"
	if secret.account >= 0 {
		later = "enter it in the account's form"
	}
	if err == nil && found && value == "" && secret.account >= 0 {
		if from.File != "" {
			return emptySecretFile(from.File)
		}
		found = false // no key is empty
	}
	switch {
	case err != nil:
		return err
	case found:
		if secret.value, err = imp.fit(secret, value); err != nil {
			return err
		}
		imp.secrets = append(imp.secrets, secret)
		imp.Notes = append(imp.Notes, name+" is read from "+sourceText(from))
	case stored:
	case imp.isOptional(secret):
		imp.Notes = append(imp.Notes, name+" is not on this computer; a run asks for it, and it may stay empty")
	case from.Env != "" && r.fromEnv != nil:
		imp.missing(secret)
		imp.Notes = append(imp.Notes, fmt.Sprintf("%s: the environment variable %s is not set; %s", name, from.Env, later))
	default:
		imp.missing(secret)
		imp.Notes = append(imp.Notes, name+" is not on this computer; "+later)
	}
	return nil
}

// isOptional reports whether a secret is asked for when a run starts and may be empty.
func (imp *Import) isOptional(s pendingSecret) bool {
	if s.account >= 0 || s.env {
		return false
	}
	prompt := imp.variable(s).Prompt
	return prompt != nil && !prompt.Required
}

// missing adds the question for a secret that is not on this computer.
func (imp *Import) missing(s pendingSecret) {
	var q runner.Question
	switch {
	case s.account >= 0:
		q = runner.AccountKey{Account: imp.File.Accounts[s.account].Account}
	case s.env:
		q = runner.MissingSecret{Name: imp.envVar(s).Title()}
	case s.step >= 0:
		q = runner.MissingSecret{Name: imp.File.Project.Steps[s.step].Values[s.index].Name}
	default:
		q = runner.MissingSecret{Name: imp.File.Project.Variables[s.index].Name}
	}
	imp.Missing = append(imp.Missing, q)
}

func sourceText(from document.Secret) string {
	if from.Env != "" {
		return "the environment variable " + from.Env
	}
	return "the file " + from.File
}

// MaxSecretFile is the maximum size of a file that contains a secret, in bytes.
const MaxSecretFile = 4 << 20

func readSecret(dir string, from document.Secret, fromEnv SecretSource) (value string, found bool, err error) {
	switch {
	case fromEnv == nil || from.IsZero():
		return "", false, nil
	case strings.HasPrefix(strings.ToUpper(from.Env), "STEPDECK_"):
		return "", false, model.NewError("import.secret.own",
			"The file refers to %s, which is one of Stepdeck's own variables. Use another environment variable.", from.Env)
	case from.Env != "":
		if value, found = fromEnv(from.Env); !found {
			return "", false, nil
		}
		value, err = model.DecodeSecret([]byte(value), "The value of the environment variable "+from.Env)
		return value, true, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", false, fmt.Errorf("open the project file's folder: %w", err)
	}
	defer func() { _ = root.Close() }()
	name := filepath.FromSlash(strings.ReplaceAll(from.File, `\`, "/"))
	if info, err := root.Stat(name); err == nil && !info.Mode().IsRegular() {
		return "", false, model.NewError("import.secret.kind", "The secret's file %s is not a regular file.", from.File)
	}
	f, err := root.Open(name)
	if err != nil {
		return "", false, model.NewError("import.secret.file",
			"The secret's file %s can't be read from the project file's folder.", from.File).Because(err)
	}
	value, err = readSecretText(f, from.File)
	return value, true, errors.Join(err, f.Close())
}

// ReadSecretText reads a secret from a file, without the line end after it. name is the file's name, for errors.
func ReadSecretText(r io.Reader, name string) (string, error) {
	text, err := readSecretText(r, name)
	if err == nil && text == "" {
		err = emptySecretFile(name)
	}
	return text, err
}

func emptySecretFile(name string) error {
	return model.NewError("secret.file.empty", "The secret's file %s is empty.", name)
}

// readSecretText is ReadSecretText for a secret that may be empty.
func readSecretText(r io.Reader, name string) (string, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxSecretFile+1))
	if err != nil {
		return "", model.NewError("secret.file", "The secret's file %s can't be read.", name).Because(err)
	}
	if len(data) > MaxSecretFile {
		return "", model.NewError("secret.file.large", "The secret's file %s has more than %d bytes.", name, MaxSecretFile)
	}
	text, err := model.DecodeSecret(data, "The secret's file "+name)
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"), nil
}
