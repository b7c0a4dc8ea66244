# Needs make and a Python with venv, nothing else. ARGS goes to the program that a target runs:
#     make run ARGS="--port 8000"        make test ARGS="-k approval"
PYTHON ?= python3
ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
UV_VERSION := 0.13.9

.DEFAULT_GOAL := help
.PHONY: help run test test-servers pictures lint format bench lock clean python venv installed-run installed-test

help: ## Show this list
	@echo "Portavoz. What make can do here:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run: installed-run ## Install what is needed and start the bot
	@exec $(PY) -m bot run $(ARGS)

test: installed-test ## Run the tests that need PyPI alone
	@echo "Running the tests"
	@$(PY) -m pytest -n auto --dist loadfile -m "not servers and not browser and not slow" $(ARGS)

test-servers: installed-test ## Run the tests against real servers and a browser, and the slow ones
	@tests/servers/prepare.sh
	@echo "Running the tests that need servers, a browser or time"
	@$(PY) -m pytest -n auto --dist loadfile -m "servers or browser or slow" --durations=25 $(ARGS)

pictures: installed-test ## Take the README's pictures anew (needs Chromium)
	@$(PY) -m tests.browser.pictures

lint: installed-test ## Check style, formatting, types and the direction of imports
	@echo "Checking style"
	@$(PY) -m ruff check
	@echo "Checking formatting"
	@$(PY) -m ruff format --check
	@echo "Checking types"
	@$(PY) -m mypy
	@echo "Checking the direction of imports"
	@$(VENV)/bin/lint-imports --no-logo

format: installed-test ## Format the code and repair what can be repaired mechanically
	@$(PY) -m ruff check --fix-only --quiet
	@$(PY) -m ruff format

bench: installed-test ## Measure speed
	@$(PY) -m tests.bench $(ARGS)

# Keeps the versions that are locked where it can; `make lock ARGS=--upgrade` takes the newest allowed.
COMPILE = "$$tools/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --custom-compile-command "make lock" --group build $(ARGS)
lock: python ## Write the lock files anew from pyproject.toml
	@echo "Resolving versions"
	@set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(PYTHON) -m venv "$$tools"; \
	"$$tools/bin/python" -m pip --disable-pip-version-check --quiet install uv==$(UV_VERSION); \
	$(COMPILE) pyproject.toml --extra postgres --extra otel --output-file requirements.lock >/dev/null; \
	$(COMPILE) pyproject.toml --extra test --constraint requirements.lock --output-file requirements-test.lock >/dev/null

clean: ## Remove the environment and the caches
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find bot handlers prompts tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment ---------------------------------------------------------

python:
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Portavoz needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

# An environment whose Python has gone (after a move or an upgrade) is made again.
venv: python
	@$(PY) -m pip --version >/dev/null 2>&1 || { \
		echo "Creating $(VENV) with $$("$(PYTHON)" --version)"; "$(PYTHON)" -m venv --clear $(VENV); }

# The tests' lock contains the other one, so an environment for the tests will do for running.
# Each stamp holds the hash of what was installed from.
define install
	@set -e; \
	sum=$$($(PY) -c 'import hashlib, sys; \
	print(hashlib.sha256(b"".join(open(name, "rb").read() for name in sys.argv[1:])).hexdigest())' $(1) pyproject.toml); \
	if [ "$$(cat $(VENV)/.installed-$(2) 2>/dev/null)" != "$$sum" ]; then \
		echo "Installing $(3) (the first time this takes about a minute)"; \
		$(PIP) install --require-hashes --requirement $(1); \
		echo "Installing Portavoz itself"; \
		$(PIP) install --no-deps --no-build-isolation --editable .; \
		echo "$$sum" > $(VENV)/.installed-$(2); \
	fi
endef

installed-run: venv
	$(call install,requirements.lock,run,what Portavoz runs with)

installed-test: venv
	$(call install,requirements-test.lock,test,what Portavoz and its tests run with)
