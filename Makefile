# Two commands do everything: `make serve` and `make test`. Both set up what they need.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
STORE ?= .store
BIN := .venv/bin

.PHONY: help serve test check lint graph lock bench browser clean
.DELETE_ON_ERROR:

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 12

serve: .venv/runtime ## set up, then serve on http://HOST:PORT (PORT=8000, HOST=127.0.0.1, STORE=.store)
	@exec $(BIN)/referentiel serve --host $(HOST) --port $(PORT) --store $(STORE)

test: .venv/dev ## set up, then run the tests
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

check: lint ## what CI runs: linters, types, and the tests with those that take long
	$(MAKE) test ARGS="-m 'thorough or not thorough'"

lint: .venv/dev ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

graph: .venv/runtime ## build data/graph/ anew from data/source/
	for file in data/source/*; do $(BIN)/referentiel import "$$file" --output "data/graph/$$(basename "$${file%.*}").ttl" || exit 1; done

lock: .venv/dev ## resolve the dependencies of pyproject.toml anew and write the lock files
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock

bench: .venv/dev ## time the way from a document to an answer, beside peers in the same run
	$(BIN)/python tests/benchmarks/foundation.py

browser: ## install Debian's Chromium, which the tests of the pages drive (they are skipped without it)
	apt-get update -q && apt-get install -y -q chromium

clean: ## remove the environment, the store and what the tools leave
	rm -rf .venv .store .hypothesis .mypy_cache .pytest_cache .ruff_cache

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.lock .venv/runtime
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
