package projects

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/stepdeck/stepdeck/app/library"
	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/model/store"
	"github.com/stepdeck/stepdeck/runner"
	"github.com/stepdeck/stepdeck/runner/archive"
	"github.com/stepdeck/stepdeck/runner/script"
	"github.com/stepdeck/stepdeck/screens/accounts"
	"github.com/stepdeck/stepdeck/screens/packages"
	"github.com/stepdeck/stepdeck/screens/uitest"
	"github.com/stepdeck/stepdeck/screens/widgets/feedback"
	"github.com/stepdeck/stepdeck/screens/widgets/monogrid"
)

// vault keeps secrets in memory.
type vault struct {
	mu     sync.Mutex
	values map[model.SecretRef]string
	locked error // of opening it
}

// savingStore adds to the store what the services do: saving projects with secrets.
type savingStore struct {
	*store.Store
	vault *vault
}

func (k savingStore) SaveProject(ctx context.Context, p *model.Project, typed []model.ValueSecret) error {
	k.vault.mu.Lock()
	defer k.vault.mu.Unlock()
	if len(typed) > 0 && k.vault.locked != nil {
		return k.vault.locked
	}
	sealed := map[model.SecretRef]string{}
	return k.change(ctx, sealed, func(c *store.Change) error {
		if err := c.SaveProject(ctx, p); err != nil {
			return err
		}
		for _, secret := range typed {
			owner, err := secret.Owner(*p)
			if err == nil {
				err = c.SetSecret(ctx, owner, owner)
			}
			if err != nil {
				return err
			}
			sealed[owner] = secret.Value
		}
		return nil
	})
}

func (k savingStore) change(ctx context.Context, sealed map[model.SecretRef]string, save func(c *store.Change) error) error {
	return k.Change(ctx, "save", func(c *store.Change) error {
		err := save(c)
		for _, ref := range c.Gone {
			delete(k.vault.values, ref)
		}
		maps.Copy(k.vault.values, sealed)
		return err
	})
}

func (k savingStore) DeleteProject(ctx context.Context, name string) error {
	gone, err := k.Store.DeleteProject(ctx, name)
	k.vault.mu.Lock()
	defer k.vault.mu.Unlock()
	for _, ref := range gone {
		delete(k.vault.values, ref)
	}
	return err
}

func (v *vault) Get(_ context.Context, ref model.SecretRef) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if text, ok := v.values[ref]; ok {
		return text, nil
	}
	return "", model.NewError("secret.missing", "There is none.")
}

// packageLibrary has one package with a fixed listing.
type packageLibrary struct {
	store   *store.Store
	listing archive.Listing
	texts   map[string]string
}

func (l packageLibrary) Look(context.Context, string) (archive.Package, bool, error) {
	return archive.Package{ID: "Acme", Version: "1.0.0"}, false, nil
}

func (l packageLibrary) Import(ctx context.Context, path string, _ library.ImportOptions) (model.Package, archive.Package, error) {
	p := model.Package{Name: "Acme", Version: "1.0.0", Format: "zip", FileName: path, SHA256: "aa", Imported: time.Now()}
	return p, archive.Package{}, l.store.SavePackage(ctx, &p, true)
}

func (l packageLibrary) Remove(context.Context, string, string) error { return nil }

func (l packageLibrary) List(context.Context, model.Package) (archive.Listing, error) {
	return l.listing, nil
}

func (l packageLibrary) ReadFile(_ context.Context, _ model.Package, name string, _ int64) ([]byte, error) {
	return []byte(l.texts[name]), nil
}

func (l packageLibrary) ListFolder(ctx context.Context, path string) (archive.Listing, error) {
	f, err := archive.OpenFolder(path, archive.DefaultLimits())
	if err != nil {
		return archive.Listing{}, err
	}
	listing, err := f.List(ctx)
	return listing, errors.Join(err, f.Close())
}

func (l packageLibrary) ReadFolderFile(ctx context.Context, path, name string, most int64) ([]byte, error) {
	f, err := archive.OpenFolder(path, archive.DefaultLimits())
	if err != nil {
		return nil, err
	}
	data, err := f.ReadFile(ctx, name, most)
	return data, errors.Join(err, f.Close())
}

func (l packageLibrary) FindPackage(context.Context, string, string) (model.Package, error) {
	return model.Package{}, model.NewError("package.unknown", "There is none.")
}

func (l packageLibrary) PackagePath(model.Package) string { return "" }

// workFolders implements the part of the recorder that a plan needs.
type workFolders struct {
	runner.Recorder
	store *store.Store
}

func (w workFolders) WorkFolder(run int64, number int) string { return w.store.WorkFolder(run, number) }

// accountService implements what New account… needs.
type accountService struct{ store *store.Store }

func (k accountService) Save(ctx context.Context, a *model.Account, _ model.AccountSecrets) error {
	return k.store.SaveAccount(ctx, a)
}

func (k accountService) Test(context.Context, string) (model.Verified, error) {
	return model.Verified{}, errors.New("this computer is not an EC2 instance")
}
func (k accountService) Remove(context.Context, string) error { return nil }
func (k accountService) Users(context.Context, string) ([]string, error) {
	return nil, nil
}

type tools struct{}

func (tools) Interpreter(context.Context, model.Language, model.Edition) (script.Tool, error) {
	return script.Tool{Path: "/bin/bash", Version: "5.2"}, nil
}
func (tools) AWS(context.Context) (script.Tool, error) {
	return script.Tool{Path: "/usr/bin/aws", Version: "2.31.0"}, nil
}

type ran struct {
	project, environment string
	steps                []string
}

type rig struct {
	*uitest.App
	t      *testing.T
	window fyne.Window
	store  *store.Store
	vault  *vault
	place  *Place
	opened []string
	runs   []ran
}

// saveAccounts saves two accounts that were verified, and their AWS accounts.
func saveAccounts(t *testing.T, st *store.Store) {
	t.Helper()
	ctx := t.Context()
	sandbox := model.Account{Name: "Sandbox", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretSet: true,
		Verified: model.Verification{At: time.Now().Add(-2 * time.Hour), AWSID: "210987654321", ARN: "arn:aws:iam::210987654321:user/ana"}}
	website := model.Account{Name: "Website", Kind: model.KindAccessKey, AccessKeyID: "AKIAIOSFODNN7EXAMPLF",
		Verified: model.Verification{At: time.Now().Add(-50 * time.Hour), AWSID: "123456789012", ARN: "arn:aws:iam::123456789012:user/ana"}}
	for _, a := range []*model.Account{&sandbox, &website} {
		if err := st.SaveAccount(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range []model.AWSAccount{
		{ID: "210987654321", Label: "Sandbox", Colour: "teal"},
		{ID: "123456789012", Label: "Website-prod", Colour: "red", Protected: true},
	} {
		if err := st.SaveAWSAccount(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
}

func newRig(t *testing.T, size fyne.Size, project *model.Project) *rig {
	t.Helper()
	ctx := t.Context()
	st, err := store.Open(ctx, store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	saveAccounts(t, st)
	if project != nil {
		if _, err := st.SaveProject(ctx, project); err != nil {
			t.Fatal(err)
		}
	}
	fonts, err := monogrid.NewFonts()
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{App: uitest.New(t), t: t, store: st, vault: &vault{values: map[model.SecretRef]string{}}}
	lib := packageLibrary{
		store:   st,
		listing: archive.Listing{Entries: []archive.Entry{{Name: "README.md", Size: 4}, {Name: "tools/rotate.ps1", Size: 60}}},
		texts:   map[string]string{"tools/rotate.ps1": "param($Days)\nWrite-Host $Days"},
	}
	r.window = r.NewWindow("test")
	r.window.SetPadded(false)
	r.window.Resize(size)
	t.Cleanup(r.window.Close)
	t.Cleanup(func() {
		if r.place.open != nil && r.place.open.form != nil {
			r.place.open.form.close()
		}
		r.place.Hidden()
		uitest.Drain(t, r.Pump)
	})
	r.place = New(Deps{
		Window: r.window, Store: savingStore{st, r.vault}, Environments: st, Fonts: fonts,
		Planner:  runner.New(runner.Deps{Secrets: r.vault, Packages: lib, Tools: tools{}, Configuration: st, Recorder: workFolders{store: st}}),
		Accounts: accounts.Deps{Store: st, Service: accountService{st}},
		Packages: packages.Deps{Store: st, Library: lib},
		Opened:   func(name string, _ []string) { r.opened = append(r.opened, name) },
		Run: func(project, environment string, steps []string) {
			r.runs = append(r.runs, ran{project, environment, steps})
		},
	})
	r.window.SetContent(r.place.Content())
	if project == nil {
		r.place.Shown()
		r.Until("the list", func() bool { return r.place.list.stage.State() != feedback.StateLoading })
		return r
	}
	if len(project.Environments) > 0 {
		r.place.SetEnvironment(project.Environments[0])
	}
	r.place.Open(project.Name)
	r.Until("the project", func() bool { return r.place.open != nil && r.place.open.stage.State() == feedback.StateReady })
	return r
}

// stored returns the stored project.
func (r *rig) stored() model.Project {
	r.t.Helper()
	p, err := r.store.Project(r.t.Context(), r.place.Project())
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

func (r *rig) idle() {
	r.t.Helper()
	r.Until("everything to be saved", func() bool { return r.place.queue.Idle() })
}

// website returns the project of the documentation.
func website() *model.Project {
	check := model.NewStep("Check")
	check.AWS = model.StepAWS{Account: "aws.account", Region: "eu-west-1"}
	check.Script.Body = "aws sts get-caller-identity\n"
	roll := model.NewStep("Roll the web tier")
	roll.AWS = model.StepAWS{
		Account: "aws.account", Region: "#{AWS.Region}", Expect: "123456789012",
		AssumeRole: &model.AssumeRole{ARN: "arn:aws:iam::#{Acct}:role/deployer"},
	}
	roll.Script = model.Script{
		Source: model.SourceInline, Language: model.PowerShell, Parameters: "-Count 3", Body: `param([int] $Count = 3)
# Roll the tier, one by one
foreach ($i in 1..$Count) {
  aws autoscaling start-instance-refresh --auto-scaling-group-name "web-$i" --region #{AWS.Region}
}
`,
	}
	return &model.Project{
		Name: "Website", Environments: []string{"Staging", "Production"},
		Variables: []model.Variable{
			{Name: "aws.account", Type: model.TypeAWSAccount, Value: "Sandbox", Scope: []string{"Staging"}},
			{Name: "aws.account", Type: model.TypeAWSAccount, Value: "Website", Scope: []string{"Production"}, Expect: "123456789012"},
			{Name: "Acct", Type: model.TypeText, Value: "123456789012"},
			{Name: "AWS.Region", Type: model.TypeText, Value: "eu-west-1"},
			{Name: "Bucket", Type: model.TypeText, Value: "web-#{Acct}-#{Stage}"},
			{Name: "Password", Type: model.TypeSensitive},
		},
		Steps: []model.Step{check, roll},
	}
}

var small, large = fyne.NewSize(780, 560), fyne.NewSize(1160, 760)
