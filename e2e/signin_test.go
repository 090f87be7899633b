//go:build e2e

package e2e

import (
	"net/url"
	"strings"
	"testing"
)

// desk is the window beside a browser, with a local imitation of AWS.
type desk struct {
	*window
	browser *browser
	aws     cloud
}

func newDesk(t *testing.T) desk {
	t.Helper()
	s := newStage(t)
	aws, b := s.startCloud(), s.openBrowser()
	d := desk{s.open(), b, aws}
	d.click(words("Accounts"))
	return d
}

// add opens the form of a new account.
func (d desk) add(kind, name string) {
	d.t.Helper()
	d.click(words("Add account"))
	d.click(field("Account type"))
	d.click(words(kind))
	d.fill(field("Name"), name)
	d.fill(field("Sign-in region"), d.aws.Region)
}

// endpoint makes the account one of the imitation of AWS.
func (d desk) endpoint() {
	d.t.Helper()
	d.click(words("More"))
	d.fill(field("Endpoint URL"), d.aws.Endpoint)
}

// saved saves the account and closes its form.
func (d desk) saved() {
	d.t.Helper()
	d.click(words("Save"))
	d.await("the form is closed", func(v view) bool { return v.Layers == 0 })
}

// runs runs a script with the account, and checks that aws answers as who it is.
func (d desk) runs(account, who string) {
	d.t.Helper()
	d.importProject(whoProject(account))
	d.click(words("Projects"))
	d.runProject("As " + account)
	d.read("✓ Succeeded")
	d.logs(who)
}

// elsewhere is the answer to another sign-in than the one that page belongs to.
func elsewhere(t *testing.T, page string) string {
	t.Helper()
	u, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("redirect_uri") + "?" + url.Values{"code": {"of-somebody-else"}, "state": {"another"}}.Encode()
}

// TestSignInWithIdentityCenter signs in on the real pages: what goes wrong first, and then what goes well.
func TestSignInWithIdentityCenter(t *testing.T) {
	d := newDesk(t)
	d.add("Sign in: IAM Identity Center", "Portal")
	d.fill(field("Start URL"), d.aws.StartURL)
	d.endpoint()

	d.click(words("Sign in"))
	asked := d.browser.next()
	d.browser.wants(asked, "A program on this computer asks for access to your AWS accounts.")
	d.browser.wants(d.browser.deny(), "You are not signed in")
	d.read("The sign-in was denied in the browser. Sign in again and allow the access.")

	d.click(words("Try again"))
	asked = d.browser.next()
	d.browser.wants(d.browser.visit(elsewhere(t, asked.URL)), "This is not the answer to this sign-in")
	d.read("Waiting for you to sign in") // somebody else's answer changes nothing
	d.click(words("Cancel"))
	d.read("Not signed in")

	d.click(words("Sign in"))
	d.browser.next()
	d.browser.wants(d.browser.allow(), "The browser is done")
	d.read("Signed in since")
	d.fill(field("AWS account"), d.aws.AWSID)
	d.fill(field("Role"), "ReadOnlyAccess")
	d.saved()
	d.runs("Portal", ":assumed-role/AWSReservedSSO_ReadOnlyAccess_")
	d.close()
}

// TestSignInWithACode signs in with the code of another device.
func TestSignInWithACode(t *testing.T) {
	d := newDesk(t)
	d.add("Sign in: IAM Identity Center", "Portal")
	d.fill(field("Start URL"), d.aws.StartURL)
	d.endpoint()
	d.click(words("Sign in"))
	d.browser.next() // a page that nobody answers
	d.click(words("Use a code instead"))

	d.click(words("Open here"))
	asked := d.browser.next()
	d.browser.wants(asked, "Allow it only if the code is the one that your program shows.")
	d.read(codeOf(t, asked.URL))
	d.browser.wants(d.browser.deny(), "Denied")
	d.read("was denied. Sign in again and allow the access in the browser.")

	d.click(words("Try again"))
	d.click(words("Open here"))
	d.browser.next()
	d.browser.wants(d.browser.allow(), "Signed in")
	d.read("Signed in since")
	d.fill(field("AWS account"), d.aws.AWSID)
	d.fill(field("Role"), "AdministratorAccess")
	d.saved()
	d.runs("Portal", ":assumed-role/AWSReservedSSO_AdministratorAccess_")
	d.close()
}

// codeOf returns the code that the page of a device has in its address.
func codeOf(t *testing.T, page string) string {
	t.Helper()
	u, err := url.Parse(page)
	if err != nil || u.Query().Get("user_code") == "" {
		t.Fatalf("the page %s has no code: %v", page, err)
	}
	return u.Query().Get("user_code")
}

// TestSignInWithTheConsole signs in as aws login does: on this computer, and after a sign-out with the text of another one.
func TestSignInWithTheConsole(t *testing.T) {
	d := newDesk(t)
	d.add("Sign in: AWS console", "Console")
	d.endpoint()
	d.click(words("Sign in"))
	asked := d.browser.next()
	d.browser.wants(asked, "A program asks for keys of the one who you sign in as, in us-east-1.")
	d.browser.wants(d.browser.deny(), "You are not signed in")
	d.read("The sign-in was denied in the browser. Sign in again and allow the access.")
	d.click(words("Try again"))
	asked = d.browser.next()
	d.browser.wants(d.browser.visit(elsewhere(t, asked.URL)), "This is not the answer to this sign-in")
	d.browser.wants(d.browser.visit(asked.URL), "A program asks for keys")
	d.browser.wants(d.browser.allow(), "The browser is done")
	d.read("Signed in as user/ann since")
	d.saved()
	d.runs("Console", "arn:aws:iam::000000000000:user/ann")

	d.click(words("Accounts"))
	d.click(words("Console"))
	d.click(words("Edit"))
	d.click(words("Sign out"))
	d.read("Sign out?")
	d.click(words("Sign out"))
	d.read("Not signed in")
	d.click(words("Sign in"))
	d.browser.next()
	d.click(words("Use a code instead"))
	d.click(words("Open here"))
	d.browser.next()
	shown := d.browser.allow()
	d.browser.wants(shown, "Copy this text into the program that asks for it.")
	d.click(kind("control.Entry"))
	d.paste("not what the page shows")
	d.click(words("Continue"))
	d.read("This is not the text that the sign-in page shows.")
	_, text, _ := strings.Cut(shown.Text, "asks for it.")
	d.click(kind("control.Entry"))
	d.key("ctrl+a")
	d.paste(strings.TrimSpace(text))
	d.click(words("Continue"))
	d.read("Signed in as user/ann since")
	d.close()
}
