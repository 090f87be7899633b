package profile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/stepdeck/stepdeck/model"
)

// reader reads profiles with the SDK's parser, which reads nothing but files and takes the quotes of a head for a part of the
// name. So the reader writes the sections that a profile needs, each under the name that the aws command has for it, into
// files of its own. No secret is in them.
type reader struct {
	Files
	profiles map[string]*parts
	sessions map[string]*section // of Identity Center
	strays   []string            // heads of the configuration file that someone probably takes for profiles'
	shield   shield
	folder   string
}

// parts are the sections of one profile. Either may be nil.
type parts struct{ config, credentials *section }

// open reads the files.
func (f Files) open() (*reader, error) {
	configuration, err := readSections(f.Config)
	if err != nil {
		return nil, err
	}
	credentials, err := readSections(f.Credentials)
	if err != nil {
		return nil, err
	}
	r := &reader{Files: f, profiles: map[string]*parts{}, sessions: map[string]*section{}, shield: shield{}}
	for _, s := range configuration {
		r.addConfiguration(s)
	}
	for _, s := range credentials {
		if kind, name, exact := inCredentials(s.head); kind == profileKind {
			s.exact = exact
			replace(&r.part(name).credentials, s)
		}
	}
	delete(r.profiles, "")
	return r, nil
}

func readSections(path string) ([]*section, error) {
	text, err := readFile(path)
	if err != nil {
		return nil, err
	}
	list := split(text)
	return list, checkTwice(path, list)
}

// Sections of the configuration file that aren't meant as profiles.
var otherSections = []string{"", "plugins", "preview"}

func (r *reader) addConfiguration(s *section) {
	kind, name, exact := inConfiguration(s.head)
	s.exact = exact
	switch head := strings.TrimSpace(s.head); {
	case kind == profileKind:
		replace(&r.part(name).config, s)
	case kind == sessionKind:
		known := r.sessions[name]
		replace(&known, s)
		r.sessions[name] = known
	case strings.EqualFold(head, defaultName), strings.HasPrefix(head, "services "), slices.Contains(otherSections, head):
	default:
		r.strays = append(r.strays, head)
	}
}

func (r *reader) part(name string) *parts {
	if r.profiles[name] == nil {
		r.profiles[name] = &parts{}
	}
	return r.profiles[name]
}

// replace takes the later of two sections of the same name, but never one that the aws command ignores for one that it reads.
func replace(known **section, s *section) {
	if *known == nil || s.exact || !(*known).exact {
		*known = s
	}
}

// start makes the folder for what the SDK is to read, which the caller removes with end.
func (r *reader) start() error {
	folder, err := os.MkdirTemp("", "stepdeck-profile-*")
	if err != nil {
		return unwritable(os.TempDir()).Because(err)
	}
	r.folder = folder
	return nil
}

func (r *reader) end() { _ = os.RemoveAll(r.folder) } // nothing of value is in it

// readable reports whether the SDK can read a head with that name, in which it would see a comment or no blanks.
func readable(name string) bool {
	return !strings.ContainsAny(name, "#;") && strings.TrimSpace(name) == name
}

// texts are what the SDK's parser reads: the sections of the configuration file, and of what takes precedence.
type texts struct{ config, credentials strings.Builder }

// texts returns the sections of profiles, and of a session if its name isn't empty.
func (r *reader) texts(profiles []string, session string) *texts {
	var t texts
	for _, name := range profiles {
		if p := r.profiles[name]; p != nil && readable(name) {
			r.write(&t.config, profileKind, name, p.config)
			r.write(&t.credentials, profileKind, name, p.credentials)
		}
	}
	if readable(session) {
		r.write(&t.config, sessionKind, session, r.sessions[session])
	}
	return &t
}

func (r *reader) write(to *strings.Builder, kind, name string, s *section) {
	if s == nil {
		return
	}
	to.WriteString("[" + kind + " " + name + "]\n")
	for _, line := range s.lines {
		to.WriteString(r.shield.line(line) + "\n")
	}
}

// load reads a profile. standIn is the text of sections that take precedence.
func (r *reader) load(ctx context.Context, name, standIn string) (config.SharedConfig, error) {
	needs, session := []string{name}, ""
	for {
		t := r.texts(needs, session)
		t.credentials.WriteString(standIn)
		loaded, err := r.parse(ctx, name, t)
		profile, further := r.missing(err)
		switch {
		case profile != "" && !slices.Contains(needs, profile):
			needs = append(needs, profile)
		case further != "" && further != session:
			session = further
		default:
			return loaded, err
		}
	}
}

// missing returns the profile, or the session, that the SDK's parser lacks, if the files have it.
func (r *reader) missing(err error) (profile, session string) {
	if err == nil {
		return "", ""
	}
	var chain config.SharedConfigAssumeRoleError
	if errors.As(err, &chain) && r.profiles[chain.Profile] != nil {
		profile = chain.Profile
	}
	if _, name, ok := strings.Cut(err.Error(), "SSO session section, "); ok && r.sessions[strings.TrimSpace(name)] != nil {
		session = strings.TrimSpace(name)
	}
	return profile, session
}

// parse has the SDK read texts.
func (r *reader) parse(ctx context.Context, name string, t *texts) (config.SharedConfig, error) {
	paths := []string{} // nil would mean the default ones; the later of two takes precedence
	for _, text := range []string{t.config.String(), t.credentials.String()} {
		path := filepath.Join(r.folder, strconv.Itoa(len(paths)))
		if text == "" {
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return config.SharedConfig{}, unwritable(r.folder).Because(err)
		}
		paths = append(paths, path)
	}
	loaded, err := config.LoadSharedConfigProfile(ctx, name, func(o *config.LoadSharedConfigOptions) {
		o.ConfigFiles, o.CredentialsFiles = paths, []string{}
	})
	r.shield.lift(&loaded)
	return loaded, err
}

func unwritable(folder string) *model.Error {
	return model.NewError("profile.temporary",
		"The AWS profiles can't be read: the temporary folder %s can't be written. Make it writable.", folder)
}
