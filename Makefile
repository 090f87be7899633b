# Needs GNU make 3.81 or newer (macOS has that). `make help` lists the targets; scripts/ensure.sh installs what they need.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: demo run test bench lint cross e2e screenshots package package-windows package-linux package-macos \
  reproduce test-windows build help

# The window, the command and the supervisor carry the same version and commit, and work only with each other when they do.
VERSION := $(shell scripts/version.sh)
COMMIT  := $(shell scripts/commit.sh)
LDFLAGS := -s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)

# Without an installed PowerShell, the one in PWSH_DIR is used: linux-x64 holds it for Linux, win-x64 for Windows (under Wine).
PWSH_DIR ?= ../shared/tools/pwsh
ifeq ($(shell command -v pwsh 2>/dev/null),)
ifneq ($(wildcard $(PWSH_DIR)/linux-x64/pwsh),)
export PATH := $(PATH):$(abspath $(PWSH_DIR)/linux-x64)
endif
endif

# On Linux the command is linked statically: the dynamic loader would take half of its start.
# Names and users are then looked up by Go itself, and SQLite loads no extensions.
ifeq ($(shell uname -s),Linux)
COMMAND_FLAGS := -tags netgo,osusergo,sqlite_omit_load_extension -ldflags '$(LDFLAGS) -extldflags=-static'
else
COMMAND_FLAGS := -ldflags '$(LDFLAGS)'
endif

# The supervisor belongs beside the command. Without it the command supervises steps itself, which takes longer to start.
COMMANDS := ./cmd/stepdeck ./cmd/stepdeck-supervisor

TOOLS := bin/tools
WINDOW_NEEDS := xvfb openbox xdotool xclip imagemagick
TEST_NEEDS := go compiler pkg-config window aws bash bzip2 unzip zip --try aws2 fish bsdtar 7z keyring dbus xvfb xterm zsh

demo: ## install what is missing, build the command, run the sample project in a loopback AWS
	@scripts/ensure.sh go compiler aws bash
	@go build $(COMMAND_FLAGS) -o bin/ $(COMMANDS)
	@scripts/demo.sh

run: build ## open the window
	@bin/stepdeck-window

test: $(TOOLS)/gotestsum ## install what is missing, run the tests (PKG=./model/... for some)
	@scripts/ensure.sh $(TEST_NEEDS)
	@scripts/test.sh $(PKG)

bench: bench-programs ## measure (PATTERN=Name, BENCHTIME=3s, COUNT=5)
	@scripts/ensure.sh $(TEST_NEEDS)
	@go build $(COMMAND_FLAGS) -o bin/ $(COMMANDS)
	@BENCHTIME=$(BENCHTIME) COUNT=$(COUNT) scripts/bench.sh '$(PATTERN)'

lint: $(TOOLS)/golangci-lint $(TOOLS)/xcheck $(TOOLS)/actionlint $(TOOLS)/govulncheck ## check form, vet, linters, shell scripts, module checksums, known vulnerabilities
	@scripts/ensure.sh go compiler pkg-config window shellcheck
	@scripts/lint.sh

cross: $(TOOLS)/xcheck $(TOOLS)/go-winres $(TOOLS)/icon ## build for Windows, type-check for macOS and for Windows on arm64
	@scripts/ensure.sh go mingw
	@packaging/windows/build.sh $(VERSION) $(COMMIT)
	@scripts/cross.sh

e2e: e2e-programs ## drive the real window with mouse and keys (PATTERN=Name, COUNT=10)
	@scripts/ensure.sh chromium
	@go build -C tools -o ../bin/e2e/xbrowser ./xbrowser
	@COUNT=$(COUNT) scripts/e2e.sh '$(PATTERN)'

screenshots: e2e-programs ## renew the pictures in docs/images
	@scripts/screenshots.sh

package: package-windows package-linux ## build, sign and check all packages that this system can build
	@packaging/sums.sh $(VERSION)

# STEPDECK_SIGN says who signs: see packaging/windows/sign.sh. STEP=collect, pack or finish does a part of it.
package-windows: $(TOOLS)/go-winres $(TOOLS)/icon $(TOOLS)/notices ## setup programs, MSI and zip for Windows, on Linux
	@scripts/ensure.sh go mingw nsis wixl faketime osslsigncode openssl zip
	@packaging/windows/build.sh $(VERSION) $(COMMIT)
	@packaging/notices.sh windows $(VERSION)
	@packaging/windows/package.sh $(or $(STEP),all) $(VERSION)

package-linux: $(TOOLS)/icon $(TOOLS)/notices $(TOOLS)/nfpm ## .deb and .tar.gz for Linux, on Linux
	@scripts/ensure.sh go compiler pkg-config window
	@packaging/linux/build.sh $(VERSION) $(COMMIT)
	@packaging/notices.sh linux $(VERSION)
	@packaging/linux/package.sh $(VERSION)

package-macos: $(TOOLS)/icon $(TOOLS)/notices ## .pkg and .dmg for macOS, on a Mac
	@packaging/macos/build.sh $(VERSION) $(COMMIT)
	@packaging/notices.sh macos $(VERSION)
	@packaging/macos/package.sh $(VERSION)

reproduce: $(TOOLS)/go-winres $(TOOLS)/icon $(TOOLS)/notices $(TOOLS)/nfpm ## build the packages twice in two folders and compare (FRESH=yes: compile all again)
	@packaging/reproduce.sh $(VERSION)

# A PowerShell for Windows in PWSH_DIR is used unless STEPDECK_WINE_PWSH names another.
ifneq ($(wildcard $(PWSH_DIR)/win-x64/pwsh.exe),)
test-windows: export STEPDECK_WINE_PWSH ?= $(abspath $(PWSH_DIR)/win-x64/pwsh.exe)
endif
test-windows: $(TOOLS)/gotestsum $(TOOLS)/go-winres $(TOOLS)/icon $(TOOLS)/notices ## run Windows' tests under Wine (PART=packages, setup or window; PATTERN=Name; KEEP=yes)
	@scripts/ensure.sh go mingw nsis wixl faketime osslsigncode openssl zip wine wine-graphics $(WINDOW_NEEDS)
	@PATTERN='$(PATTERN)' KEEP=$(KEEP) scripts/test-windows.sh $(VERSION) $(PART)

# The programs for the end-to-end tests: the window reports what it shows, and calls from a wrong goroutine.
.PHONY: e2e-programs
e2e-programs:
	@scripts/ensure.sh go compiler pkg-config window aws bash zip $(WINDOW_NEEDS)
	@go build $(COMMAND_FLAGS) -o bin/e2e/ $(COMMANDS)
	@go build -tags e2e -ldflags '$(LDFLAGS)' -o bin/e2e/stepdeck-window .
	@go build -C tools -o ../bin/e2e/xdrop ./xdrop

# The programs for measuring the window: built as they ship, except that the window reports what it shows.
.PHONY: bench-programs
bench-programs:
ifeq ($(shell uname -s),Linux)
	@scripts/ensure.sh go compiler pkg-config window $(WINDOW_NEEDS)
	@go build $(COMMAND_FLAGS) -o bin/bench/ $(COMMANDS)
	@go build -tags e2e,migrated_fynedo -ldflags '$(LDFLAGS)' -o bin/bench/stepdeck-window .
	@go build -tags migrated_fynedo -ldflags '$(LDFLAGS)' -o bin/bench/bare ./e2e/bare
	@go build -C tools -o ../bin/bench/xframes ./xframes
endif

build: ## build the window, the command and its supervisor into bin/
	@scripts/ensure.sh go compiler pkg-config window
	@go build $(COMMAND_FLAGS) -o bin/ $(COMMANDS)
	@go build -ldflags '$(LDFLAGS)' -o bin/stepdeck-window .

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(TOOLS)/golangci-lint: PACKAGE := github.com/golangci/golangci-lint/v2/cmd/golangci-lint
$(TOOLS)/govulncheck: PACKAGE := golang.org/x/vuln/cmd/govulncheck
$(TOOLS)/gotestsum: PACKAGE := gotest.tools/gotestsum
$(TOOLS)/xcheck: PACKAGE := ./xcheck
$(TOOLS)/xcheck: $(wildcard tools/xcheck/*.go)
$(TOOLS)/actionlint: PACKAGE := github.com/rhysd/actionlint/cmd/actionlint
$(TOOLS)/go-winres: PACKAGE := github.com/tc-hib/go-winres
$(TOOLS)/icon: PACKAGE := ./icon
$(TOOLS)/icon: $(wildcard tools/icon/*.go)
$(TOOLS)/notices: PACKAGE := ./notices
$(TOOLS)/notices: $(wildcard tools/notices/*.go)

$(TOOLS)/nfpm: packaging/linux/go.mod packaging/linux/go.sum
	@scripts/ensure.sh go
	@go build -C packaging/linux -o ../../$@ github.com/goreleaser/nfpm/v2/cmd/nfpm
	@touch $@

$(TOOLS)/%: tools/go.mod tools/go.sum
	@scripts/ensure.sh go
	@go build -C tools -o ../$@ $(PACKAGE)
	@touch $@
