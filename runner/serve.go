package runner

import (
	"context"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
	"github.com/stepdeck/stepdeck/runner/awsenv/credentialserver"
	"github.com/stepdeck/stepdeck/runner/awsenv/refresh"
)

// lastingKeys is the end that is told of keys that have none: the protocol of containers knows no keys without one. Programs ask
// again before it.
const lastingKeys = time.Hour

// Served is an account that a person's own programs use, such as those of a shell. They ask a server on 127.0.0.1 for its keys, which
// renews them, so that no key stands in an environment, an argument or a file.
type Served struct {
	Identity model.Identity
	Account  model.AWSAccount // that it acts in
	Notices  []string

	session awsenv.Session // as programs get it
	who     *sessions
	server  *credentialserver.Server
}

// Serve asks AWS for a session of an account, and serves it until what it returns is closed. It starts a sandbox if the account is in
// one. With an error, what it returns has only notices, which may tell why.
func (r *Runner) Serve(ctx context.Context, u Use) (*Served, error) {
	m := r.newMasking(model.Project{}, nil)
	who, err := r.sessionsFor(ctx, u.Account, u.Ask.codes(), m)
	if err != nil {
		return &Served{}, m.err(err)
	}
	s, err := r.serve(ctx, u, who, m)
	if err != nil {
		who.close()
		return &Served{Notices: s.Notices}, m.err(err)
	}
	return s, nil
}

func (r *Runner) serve(ctx context.Context, u Use, who *sessions, m *masking) (*Served, error) {
	first, err := who.request(ctx, u.request())
	s := &Served{Notices: m.notices(first.Notices), who: who}
	if err != nil {
		return s, err
	}
	s.Identity = m.identity(first.Identity)
	if s.Account, err = r.allow(ctx, u, first); err != nil {
		return s, err
	}
	keeper := r.keeper(u, who, first)
	s.server, err = credentialserver.Start(context.WithoutCancel(ctx), func(ctx context.Context) (credentialserver.Credentials, error) {
		now, err := keeper.Get(ctx)
		keys := now.Credentials()
		if keys.Expiration.IsZero() {
			keys.Expiration = r.deps.Now().Add(lastingKeys)
		}
		return keys, m.err(err)
	})
	if err == nil {
		s.session = first.Served(s.server)
	}
	return s, err
}

// keeper renews the session when it is about to end. A session of another AWS account or role is never handed out.
func (r *Runner) keeper(u Use, who *sessions, first awsenv.Session) *refresh.Refresher[awsenv.Session] {
	ends := func(s awsenv.Session) time.Time { return s.Identity.Expires }
	current := first
	return refresh.New(refresh.Source[awsenv.Session]{
		Load:   func(context.Context) (awsenv.Session, error) { return current, nil },
		Save:   func(_ context.Context, next awsenv.Session) error { current = next; return nil },
		Stale:  func(s awsenv.Session) bool { return !ends(s).IsZero() && ends(s).Sub(r.deps.Now()) < freshWindow },
		Usable: func(s awsenv.Session) bool { return ends(s).IsZero() || r.deps.Now().Before(ends(s)) },
		Renew: func(ctx context.Context, _ awsenv.Session) (awsenv.Session, error) {
			next, err := who.request(ctx, u.request())
			if err == nil && (next.Identity.AWSID != first.Identity.AWSID || next.Identity.Role != first.Identity.Role) {
				err = model.NewError(wrongAccount, "The account %q led to AWS account %s, and now leads to %s. It gets no credentials for that.",
					u.Account.Name, first.Identity.AWSID, next.Identity.AWSID)
			}
			return next, err
		},
		Now: r.deps.Now,
	})
}

// Environ returns the environment of a person's own programs: the inherited one with this account in the place of every other. folder
// is a new folder for their AWS configuration, which the caller removes.
func (s *Served) Environ(inherited []string, folder string) ([]string, error) {
	if err := awsenv.PrivateConfig(folder); err != nil {
		return nil, err
	}
	return awsenv.Interactive(inherited, s.session, awsenv.Options{PrivateConfig: folder}), nil
}

// Close ends the server, and the sandbox if there is one.
func (s *Served) Close() error {
	err := s.server.Close()
	s.who.close()
	return err
}
