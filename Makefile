# setup, demo and test need Python 3.11 or later with venv, make, and the package registry that pip is set up for; nothing else.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
STAMP := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo docs fixtures test mutants fuzz bench lock clean
.DELETE_ON_ERROR:

help: ## list the targets
	@sed -n 's/^\([a-z]*\):[^#]*## /\1\t/p' Makefile

setup: $(STAMP) ## make .venv, or bring it up to date

$(STAMP): requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "setup: Python 3.11 or later was not found; name one with 'make setup PYTHON=...'" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "setup: $(PYTHON) is not Python 3.11 or later" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "setup: $(PYTHON) cannot make a virtual environment: its venv or ensurepip is missing" >&2; \
		echo "hint: install it (on Debian and Ubuntu the package is python3-venv), or name another with 'make setup PYTHON=...'" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## check a contact centre with planted faults
	@code=0; $(BIN)/ccpolicy check fixtures/harbour-leaky || code=$$?; \
	test $$code -eq 1 || { echo "demo: the check should exit 1 (findings), and exited $$code" >&2; exit 1; }

docs: setup ## write docs/standards anew, and build the site of the documentation, from docs/, the code and the packs, into build/site
	@$(BIN)/python -m tools.docs

fixtures: setup ## write fixtures/meridian-bpo anew, from its script
	@$(BIN)/python -m tools.fixtures.meridian

test: setup ## all that a change must pass; pytest comes last
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/ccpolicy rules test
	$(BIN)/ccpolicy fmt --check rules
	$(BIN)/pytest -n auto

mutants: setup ## what the cases of the shipped rules decide, which changes of the rules they notice, and tests of which `test` runs a part
	$(BIN)/ccpolicy rules test --coverage --mutate
	CCPOLICY_EVERY=1 $(BIN)/pytest -n auto $$(grep -l tests.spread tests/test_*.py tests/*/test_*.py)

fuzz: setup ## the property tests, for as long as profile `fuzz` of tests/conftest.py says
	$(BIN)/pytest -n auto -m hypothesis --hypothesis-profile=fuzz

bench: setup ## every file of benchmarks/, one after the other
	@set -e; for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file; done

lock: ## write requirements.txt anew from pyproject.toml (pip-tools goes to a folder of its own)
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip pip-tools
	CUSTOM_COMPILE_COMMAND="make lock" .venv/lock/bin/pip-compile --quiet --strip-extras --extra dev --extra docs --extra git --generate-hashes --upgrade \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --output-file requirements.txt pyproject.toml

clean: ## remove all that was made here
	rm -rf .venv dist build .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
