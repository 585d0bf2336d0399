# Two commands do everything: `make serve` and `make test`. Both set up what they need.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
STORE ?= .store
BIN := .venv/bin

.PHONY: help serve test check lint graph lock bench bench-endpoint bench-gate bench-audit bench-linking bench-packages browser clients clean
.DELETE_ON_ERROR:

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 18

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

bench-endpoint: .venv/dev .venv-bench/peers ## time the endpoint beside its peers, 1 M triples (ARGS="--quick", ARGS="--triples 5000000")
	PYTHONPATH=tests $(BIN)/python -m benchmarks.endpoint $(ARGS)

bench-gate: .venv/dev ## time a write into stores of different sizes (ARGS="--triples 1000000 5000000")
	PYTHONPATH=tests $(BIN)/python -m benchmarks.gate $(ARGS)

bench-audit: .venv/dev ## time the audit beside pySHACL in one piece (ARGS="--triples 30000", ARGS="--triples 1000000 --whole 0")
	PYTHONPATH=tests $(BIN)/python tests/benchmarks/audit.py $(ARGS)

bench-linking: .venv/dev ## how good and how quick the candidates are, on published data (ARGS="melo", ARGS="belgian speed")
	$(BIN)/python tests/benchmarks/linking.py $(ARGS)

bench-packages: ## install Debian's wrk and Virtuoso 7, which the benchmark of the endpoint uses
	apt-get update -q && apt-get install -y -q wrk virtuoso-opensource-7-bin

browser: ## install Debian's Chromium, which the tests of the pages drive (they are skipped without it)
	apt-get update -q && apt-get install -y -q chromium

clients: ## install what others wrote and the tests run: curl, roqet, Comunica, the SSSOM tools (skipped without them)
	apt-get update -q && apt-get install -y -q curl rasqal-utils
	command -v npm >/dev/null || apt-get install -y -q nodejs npm
	$(MAKE) .clients/ready
	-$(MAKE) .clients/sssom/ready # without them one test is skipped

clean: ## remove the environment, the store and what the tools leave
	rm -rf .venv .venv-bench .bench .clients .store .hypothesis .mypy_cache .pytest_cache .ruff_cache

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

.clients/ready: tests/clients/package.json tests/clients/package-lock.json
	mkdir -p .clients && cp $^ .clients/
	npm ci --prefix .clients --omit=dev --ignore-scripts --no-audit --no-fund
	@touch $@

.clients/sssom/ready: tests/clients/sssom.lock | .venv/dev
	$(BIN)/uv venv -q --allow-existing .clients/sssom
	$(BIN)/uv pip install -q -p .clients/sssom --require-hashes -r $<
	@touch $@

.venv-bench/peers: tests/benchmarks/endpoint/peers.lock | .venv/dev
	$(BIN)/uv venv -q --allow-existing .venv-bench
	$(BIN)/uv pip install -q -p .venv-bench --require-hashes -r tests/benchmarks/endpoint/peers.lock
	@touch $@
