package accounts

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/document"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
)

// fakeService keeps accounts in a real store and secrets in memory, and answers tests with answer.
type fakeService struct {
	store   *store.Store
	mu      sync.Mutex
	secrets map[model.ID]model.AccountSecrets
	answer  func(ctx context.Context, name string) (model.Verified, error)
	tested  []string
	users   []string
	fail    error
}

func (k *fakeService) Save(ctx context.Context, a *model.Account, s model.AccountSecrets) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail != nil {
		return k.fail
	}
	if s.SecretKey != "" {
		a.SecretSet = true
	}
	a.TokenSet = a.TokenSet || s.SessionToken != ""
	if err := k.store.SaveAccount(ctx, a); err != nil {
		return err
	}
	k.secrets[a.ID] = s
	return nil
}

func (k *fakeService) Test(ctx context.Context, name string) (model.Verified, error) {
	k.mu.Lock()
	k.tested = append(k.tested, name)
	answer := k.answer
	k.mu.Unlock()
	v, err := answer(ctx, name)
	if err != nil {
		return v, err
	}
	a, err := k.store.Account(ctx, name)
	if err != nil {
		return v, err
	}
	if err := k.store.SetVerified(ctx, a.ID, v.Verification); err != nil {
		return v, err
	}
	return v, k.store.SawAWSAccount(ctx, v.AWSID)
}

// testedNow returns the names of the accounts that were tested, while tests may go on.
func (k *fakeService) testedNow() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.tested)
}

func (k *fakeService) Remove(ctx context.Context, name string) error {
	_, err := k.store.DeleteAccount(ctx, name)
	return err
}

func (k *fakeService) Users(context.Context, string) ([]string, error) { return k.users, nil }

func verification() model.Verification {
	return model.Verification{
		At: time.Now(), AWSID: "123456789012", ARN: "arn:aws:iam::123456789012:user/ana", UserID: "AIDAEXAMPLE",
	}
}

func good(context.Context, string) (model.Verified, error) {
	return model.Verified{Verification: verification(), RoundTrip: 142 * time.Millisecond}, nil
}

type rig struct {
	*uitest.App
	t       *testing.T
	window  fyne.Window
	store   *store.Store
	service *fakeService
	place   *Place
}

func newRig(t *testing.T, size fyne.Size, accounts ...model.Account) *rig {
	t.Helper()
	return newRigWith(t, size, func(*Deps) {}, accounts...)
}

// newRigWith is newRig with further dependencies.
func newRigWith(t *testing.T, size fyne.Size, add func(*Deps), accounts ...model.Account) *rig {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	for _, a := range accounts {
		if err := st.SaveAccount(t.Context(), &a); err != nil {
			t.Fatal(err)
		}
	}
	r := &rig{App: uitest.New(t), t: t, store: st}
	r.service = &fakeService{store: st, secrets: map[model.ID]model.AccountSecrets{}, answer: good}
	r.window = r.NewWindow("test")
	r.window.SetPadded(false)
	r.window.Resize(size)
	t.Cleanup(r.window.Close)
	t.Cleanup(func() {
		r.place.Hidden()
		uitest.Drain(t, r.Pump)
	})
	deps := Deps{Window: r.window, Store: st, Service: r.service}
	add(&deps)
	r.place = New(deps)
	r.window.SetContent(r.place.Content())
	r.place.Shown()
	r.Until("the list", func() bool { return r.place.stage.State() == feedback.StateReady })
	return r
}

func (r *rig) account(name string) model.Account {
	r.t.Helper()
	a, err := r.store.Account(r.t.Context(), name)
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}

func key(name, id string) model.Account {
	return model.Account{Name: name, Kind: model.KindAccessKey, AccessKeyID: id, SecretSet: true}
}

var small = fyne.NewSize(900, 600)

func TestTheInstanceRoleIsFirstAndCannotBeDeleted(t *testing.T) {
	r := newRig(t, small, key("Audit", exampleID))
	rows := r.place.table.Rows()
	if len(rows) != 2 || Title(rows[0]) != "Role Assigned to the AWS Instance Executing the Deployment" {
		t.Fatalf("rows %v", rows)
	}
	r.place.table.Select(func(a model.Account) bool { return a.Kind == model.KindInstanceRole })
	if !r.place.remove.Disabled() || !r.place.edit.Disabled() || r.place.test.Disabled() {
		t.Error("the buttons for the instance role are wrong")
	}
	r.place.delete(rows[0])
	r.Pump()
	if r.place.undo.Visible() {
		t.Error("the instance role can be deleted")
	}
}

func TestSaveAndTest(t *testing.T) {
	r := newRig(t, small)
	r.place.Add()
	f := r.place.editing
	r.Clipboard().SetContent("[website]\naws_access_key_id=" + exampleID + "\naws_secret_access_key=" + exampleSecret +
		"\nregion=eu-west-1\n")
	f.accessKey.TypedShortcut(&fyne.ShortcutPaste{Clipboard: r.Clipboard()})
	got := []string{f.name.Text, f.accessKey.Text, f.secretKey.Value(), f.region.Text}
	if !slices.Equal(got, []string{"website", exampleID, exampleSecret, "eu-west-1"}) {
		t.Fatalf("filled in %q", got)
	}
	f.SaveAndTest()
	r.Until("the answer", func() bool { return strings.Contains(f.result.Text(), "123456789012") })
	for _, part := range []string{"arn:aws:iam::123456789012:user/ana", "AIDAEXAMPLE", "142 ms"} {
		if !strings.Contains(f.result.Text(), part) {
			t.Errorf("the answer lacks %s: %s", part, f.result.Text())
		}
	}
	a := r.account("website")
	if r.service.secrets[a.ID].SecretKey != exampleSecret {
		t.Error("the secret was not saved")
	}
	if f.secretKey.Text != "" || f.Dirty() {
		t.Error("the secret stays in the form")
	}
	if !strings.Contains(f.secretKey.PlaceHolder, "set") {
		t.Errorf("the secret shows as %q", f.secretKey.PlaceHolder)
	}
	r.Until("the list", func() bool { return len(r.place.table.Rows()) == 2 && len(r.place.known) == 1 })
	if cell := r.place.identityCell(r.place.table.Rows()[1]); !strings.Contains(cell.Text, "123456789012 · user/ana") {
		t.Errorf("the identity is %q", cell.Text)
	}
}

func TestAFailedSaveKeepsWhatWasTyped(t *testing.T) {
	r := newRig(t, small)
	r.place.Add()
	f := r.place.editing
	r.service.fail = errors.New("the keychain is locked")
	test.Type(f.name, "web")
	test.Type(f.accessKey, exampleID)
	test.Type(f.secretKey.Entry, exampleSecret)
	f.Save(func(model.Account) { t.Error("saved") })
	r.Until("the error", func() bool { return strings.Contains(f.result.Text(), "keychain is locked") })
	if f.secretKey.Value() != exampleSecret || f.name.Text != "web" || !f.Dirty() {
		t.Error("what was typed is lost")
	}
	r.service.mu.Lock()
	r.service.fail = nil
	r.service.mu.Unlock()
	f.name.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.Until("the dialog to close", func() bool { return r.window.Canvas().Overlays().Top() == nil })
	r.account("web")
}

func TestErrorsAreShownAtTheirFields(t *testing.T) {
	r := newRig(t, small, key("Audit", exampleID))
	r.place.Add()
	f := r.place.editing
	c := r.window.Canvas()
	c.Focus(f.accessKey)
	test.Type(f.accessKey, exampleSecret)
	c.Focus(f.secretKey.Entry)
	if err := f.form.Field("accessKeyId").Err(); err == nil || !strings.Contains(err.Error(), "Paste the key id, not the secret") {
		t.Errorf("a secret in place of the key: %v", err)
	}
	f.accessKey.SetText("ASIAIOSFODNN7EXAMPLE")
	if note := f.form.Field("accessKeyId").Note(); !strings.Contains(note, "session token") {
		t.Errorf("a temporary key without token: %q", note)
	}
	f.region.SetText("Atlantis")
	f.form.Left("region")
	if f.form.Field("region").Err() == nil {
		t.Error("Atlantis is accepted as a region")
	}
	f.region.SetText("eu-west-1")
	test.Type(f.name, "audit")
	f.Save(func(model.Account) { t.Error("saved under a taken name") })
	r.Until("the refusal", func() bool { return f.form.Field("name").Err() != nil })
}

func TestEndpoint(t *testing.T) {
	r := newRig(t, small)
	r.place.Add()
	f := r.place.editing
	f.endpoint.SetText("http://example.org")
	f.form.Left("endpoint")
	if f.form.Field("endpoint").Err() == nil {
		t.Error("plain http to another computer is accepted")
	}
	f.sandbox.SetChecked(true)
	if a := f.Account(); !a.InSandbox() || !f.endpoint.Disabled() {
		t.Errorf("endpoint %q", a.Endpoint)
	}
	if len(f.form.Problems()) != 1 { // the name
		t.Errorf("a sandbox account needs more than a name: %v", f.form.Problems())
	}
	f.sandbox.SetChecked(false)
	if f.Account().InSandbox() {
		t.Error("still in the sandbox")
	}
}

func TestDroppedKeyFile(t *testing.T) {
	r := newRig(t, small)
	path := filepath.Join(t.TempDir(), "accessKeys.csv")
	if err := os.WriteFile(path, []byte("Access key ID,Secret access key\n"+exampleID+","+exampleSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r.place.Dropped([]string{"x.zip"}) {
		t.Error("accepts a package")
	}
	if r.place.DroppedOver([]string{path}) {
		t.Error("accepts the file although no form is open")
	}
	if !r.place.Dropped([]string{path}) {
		t.Fatal("does not accept the file")
	}
	r.Until("the key", func() bool { return r.place.editing.accessKey.Text == exampleID })
	if err := os.WriteFile(path, []byte("nothing,here\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if !r.place.DroppedOver([]string{path}) {
		t.Error("the open form does not accept the file")
	}
	r.Until("the refusal", func() bool { return strings.Contains(r.place.editing.result.Text(), "no access key") })
}

func TestDeleteWithUndo(t *testing.T) {
	r := newRig(t, small, key("Audit", exampleID))
	names := func() int { return len(r.place.table.Rows()) }
	audit := r.account("Audit")
	r.place.delete(audit)
	r.Until("the row to go", func() bool { return names() == 1 })
	r.place.undo.Undo()
	if names() != 2 {
		t.Fatal("the account did not come back")
	}
	r.place.delete(audit)
	r.Until("the row to go", func() bool { return names() == 1 })
	r.place.Hidden()
	r.Until("the account to be gone", func() bool {
		_, err := r.store.Account(context.Background(), "Audit")
		return err != nil
	})
}

func TestDeleteIsRefusedWhileUsed(t *testing.T) {
	r := newRig(t, small, key("Audit", exampleID))
	r.service.users = []string{`variable "aws.account" of project "Website"`}
	r.place.delete(r.account("Audit"))
	r.Until("the refusal", func() bool { return r.window.Canvas().Overlays().Top() != nil })
	if len(r.place.table.Rows()) != 2 || r.place.undo.Visible() {
		t.Error("it was deleted nevertheless")
	}
}

func TestTestManyAndStop(t *testing.T) {
	withoutSecret := model.Account{Name: "C", Kind: model.KindAccessKey, AccessKeyID: exampleID}
	r := newRig(t, small, key("A", exampleID), key("B", exampleID), withoutSecret)
	r.service.answer = func(ctx context.Context, name string) (model.Verified, error) {
		if name == "B" {
			return model.Verified{}, errors.New("the key is not active")
		}
		return good(ctx, name)
	}
	r.place.runTests(r.place.testable())
	r.Until("the end", func() bool { return strings.Contains(r.place.status.Text(), "B: the key is not active") })
	if got := strings.Join(r.service.tested, " "); got != "A B" {
		t.Errorf("tested %s, want A B: C has no secret, the instance role is left out", got)
	}
	r.service.mu.Lock()
	r.service.answer = func(ctx context.Context, _ string) (model.Verified, error) {
		<-ctx.Done()
		return model.Verified{}, ctx.Err()
	}
	r.service.mu.Unlock()
	r.place.runTests(r.place.testable())
	r.place.stopTests()
	if r.place.tests.Busy() || len(r.place.results) != 0 {
		t.Error("the tests are still running")
	}
}

func TestNeedsSecretBadge(t *testing.T) {
	r := newRig(t, small, model.Account{Name: "C", Kind: model.KindAccessKey, AccessKeyID: exampleID})
	cell := r.place.table.Columns[0].Cell(r.place.table.Rows()[1])
	if cell.Badge != "needs secret" {
		t.Errorf("badge %q", cell.Badge)
	}
}

func TestAWSAccountIsLabelled(t *testing.T) {
	r := newRig(t, small)
	r.place.aws.open(model.AWSAccount{})
	f := r.place.aws.form
	f.id.SetText("12345")
	f.form.Left("id")
	if f.form.Field("id").Err() == nil {
		t.Error("five digits are accepted")
	}
	f.id.SetText("123456789012")
	f.label.SetText("Website-prod")
	f.colour.SetSelected("red")
	f.protected.SetChecked(true)
	if f.preview.Text() != "123456789012 Website-prod" {
		t.Errorf("preview %q", f.preview.Text())
	}
	f.form.Keys.Enter()
	r.Until("the row", func() bool { return len(r.place.aws.table.Rows()) == 1 })
	a, err := r.store.AWSAccount(t.Context(), "123456789012")
	if err != nil || a.Label != "Website-prod" || a.Colour != "red" || !a.Protected {
		t.Errorf("%+v, %v", a, err)
	}
	r.place.aws.open(model.AWSAccount{ID: "210987654321"})
	f = r.place.aws.form
	f.label.SetText("website-PROD")
	f.form.Keys.Enter()
	r.Until("the refusal", func() bool { return f.form.Field("label").Err() != nil })
}

// slowStore blocks the saving of an AWS account until goOn is closed.
type slowStore struct {
	Store
	saving, goOn chan struct{}
}

func (s slowStore) SaveAWSAccount(ctx context.Context, a model.AWSAccount) error {
	s.saving <- struct{}{}
	<-s.goOn
	return s.Store.SaveAWSAccount(ctx, a)
}

// The account is saved as it was at the confirmation, whatever is typed afterwards. Meant for -race.
func TestAWSAccountIsSavedAsConfirmed(t *testing.T) {
	r := newRig(t, small)
	slow := slowStore{r.place.aws.deps.Store, make(chan struct{}), make(chan struct{})}
	r.place.aws.deps.Store = slow
	r.place.aws.open(model.AWSAccount{ID: "210987654321"})
	f := r.place.aws.form
	f.label.SetText("confirmed")
	f.form.Keys.Enter()
	f.label.SetText("typed later")
	<-slow.saving
	close(slow.goOn)
	r.Until("the row", func() bool { return len(r.place.aws.table.Rows()) == 1 })
	if a, err := r.store.AWSAccount(t.Context(), "210987654321"); err != nil || a.Label != "confirmed" {
		t.Errorf("saved %+v, %v", a, err)
	}
}

type broken struct{ Store }

func (broken) Accounts(context.Context) ([]model.Account, error) {
	return nil, errors.New("the disk is gone")
}

func TestErrorState(t *testing.T) {
	r := newRig(t, small)
	r.place.deps.Store = broken{r.store}
	r.place.reload()
	r.Until("the error", func() bool { return r.place.stage.State() == feedback.StateError })
	if !strings.Contains(r.place.stage.Message(), "the disk is gone") {
		t.Errorf("says %q", r.place.stage.Message())
	}
}

// The forms have a field for everything that an account can hold.
func TestEveryFieldIsInAForm(t *testing.T) {
	uitest.New(t)
	// Shown in the lists, not edited.
	have := map[string]bool{"accounts[].verified": true, "awsAccounts[].alias": true, "awsAccounts[].aliasAsked": true}
	for _, path := range NewForm(Deps{}, model.Account{}).Paths() {
		have["accounts[]."+path] = true
	}
	for _, path := range newAWSForm(model.AWSAccount{}).form.Paths() {
		have["awsAccounts[]."+path] = true
	}
	for _, f := range document.Fields() {
		if !strings.HasPrefix(f.Path, "accounts[]") && !strings.HasPrefix(f.Path, "awsAccounts[]") {
			continue
		}
		if !have[f.Path] {
			t.Errorf("no form has the field %s", f.Path)
		}
	}
}
