package refresh_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepdeck/stepdeck/runner/awsenv/refresh"
)

// token serves until it expires, and can be renewed once.
type token struct {
	number  int
	expires time.Time
}

const life, window = 15 * time.Minute, 5 * time.Minute

// vault keeps a token, and stands for a service that renews each token once.
type vault struct {
	mu      sync.Mutex
	kept    token
	loads   int
	renewed map[int]int // how often each token was renewed
	failure error       // of the service
	full    error       // of saving
}

func newVault() *vault { return &vault{kept: token{1, time.Now().Add(life)}, renewed: map[int]int{}} }

func (v *vault) source(lock *sync.Mutex) refresh.Source[token] {
	s := refresh.Source[token]{
		Load: func(context.Context) (token, error) {
			v.mu.Lock()
			defer v.mu.Unlock()
			v.loads++
			return v.kept, nil
		},
		Save: func(_ context.Context, t token) error {
			v.mu.Lock()
			defer v.mu.Unlock()
			if v.full == nil {
				v.kept = t
			}
			return v.full
		},
		Stale:  func(t token) bool { return time.Until(t.expires) < window },
		Usable: func(t token) bool { return time.Until(t.expires) > 0 },
		Renew:  v.renew,
	}
	if lock != nil {
		s.Lock = func(context.Context) (func() error, error) {
			lock.Lock()
			return func() error { lock.Unlock(); return nil }, nil
		}
	}
	return s
}

func (v *vault) renew(ctx context.Context, t token) (token, error) {
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return token{}, ctx.Err()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.failure != nil {
		return token{}, v.failure
	}
	v.renewed[t.number]++
	return token{t.number + 1, time.Now().Add(life)}, nil
}

// ask has many ask at once and returns what they got; all must get the same.
func ask(t *testing.T, rs ...*refresh.Refresher[token]) token {
	t.Helper()
	var group sync.WaitGroup
	got := make([]token, 20)
	for i := range got {
		group.Go(func() {
			var err error
			if got[i], err = rs[i%len(rs)].Get(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for _, one := range got {
		if one != got[0] {
			t.Fatalf("they got %v and %v", got[0], one)
		}
	}
	return got[0]
}

func TestTwentyThatAskRenewOnceInThreeHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault()
		r := refresh.New(v.source(nil))
		for range 3 * 60 {
			if got := ask(t, r); time.Until(got.expires) < window-time.Second {
				t.Fatalf("a token with %v left was handed out", time.Until(got.expires))
			}
			time.Sleep(time.Minute)
		}
		if len(v.renewed) < 15 || len(v.renewed) > 20 {
			t.Errorf("%d renewals in three hours", len(v.renewed))
		}
		once(t, v)
	})
}

func once(t *testing.T, v *vault) {
	t.Helper()
	for number, times := range v.renewed {
		if times != 1 {
			t.Errorf("token %d was renewed %d times", number, times)
		}
	}
}

func TestTwoProcessesNeverRenewTheSameToken(t *testing.T) {
	v := newVault()
	v.kept.expires = time.Now().Add(time.Minute)
	var lock sync.Mutex
	ask(t, refresh.New(v.source(&lock)), refresh.New(v.source(&lock)))
	once(t, v)
	if len(v.renewed) != 1 {
		t.Errorf("renewed: %v", v.renewed)
	}
}

func TestAFreshValueIsLoadedOnce(t *testing.T) {
	v := newVault()
	r := refresh.New(v.source(nil))
	ask(t, r)
	ask(t, r)
	if v.loads != 1 {
		t.Errorf("loaded %d times", v.loads)
	}
	r.Forget()
	ask(t, r)
	if v.loads != 2 {
		t.Errorf("loaded %d times after it was changed elsewhere", v.loads)
	}
}

func TestARenewalEndsEvenIfNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault()
		v.kept.expires = time.Now()
		why := errors.New("the step was stopped")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Millisecond, func() { cancel(why) })
		if _, err := refresh.New(v.source(nil)).Get(ctx); !errors.Is(err, why) {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.kept.number != 2 {
			t.Error("the token was spent, and its successor is lost")
		}
	})
}

func TestAFailureMattersOnceNothingServes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault()
		v.failure = errors.New("down")
		r := refresh.New(v.source(nil))
		time.Sleep(life - window + time.Second)
		if got := ask(t, r); got.number != 1 {
			t.Error(got)
		}
		if problem := r.Problem(); !errors.Is(problem, v.failure) {
			t.Errorf("the problem is %v", problem)
		}
		if ask(t, r); v.loads != 1 {
			t.Errorf("tried %d times within the pause", v.loads)
		}
		time.Sleep(refresh.Pause)
		if ask(t, r); v.loads != 2 {
			t.Errorf("tried %d times after the pause", v.loads)
		}
		time.Sleep(window)
		if got, err := r.Get(t.Context()); !errors.Is(err, v.failure) || got != (token{}) {
			t.Error(got, err)
		}
		v.failure = nil
		if got := ask(t, r); got.number != 2 || r.Problem() != nil {
			t.Error(got, r.Problem())
		}
	})
}

func TestAValueThatCannotBeSavedIsReportedAndServes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVault()
		v.kept.expires, v.full = time.Now(), errors.New("disk full")
		r := refresh.New(v.source(nil))
		if _, err := r.Get(t.Context()); !errors.Is(err, v.full) {
			t.Error(err)
		}
		if got := ask(t, r); got.number != 2 {
			t.Error(got)
		}
		once(t, v)
	})
}

func TestErrorsOfLoadingAndLocking(t *testing.T) {
	broken := errors.New("broken")
	s := newVault().source(nil)
	s.Load = func(context.Context) (token, error) { return token{}, broken }
	if _, err := refresh.New(s).Get(t.Context()); !errors.Is(err, broken) {
		t.Error(err)
	}
	s = newVault().source(nil)
	s.Lock = func(context.Context) (func() error, error) { return nil, broken }
	if _, err := refresh.New(s).Get(t.Context()); !errors.Is(err, broken) {
		t.Error(err)
	}
	s = newVault().source(nil)
	s.Lock = func(context.Context) (func() error, error) { return func() error { return broken }, nil }
	if _, err := refresh.New(s).Get(t.Context()); !errors.Is(err, broken) {
		t.Error(err)
	}
}
