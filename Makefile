# Two commands are all a newcomer needs: `make run` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN    := .venv/bin
RUNS   := .venv/.runs
READY  := .venv/.ready
PIP    := $(BIN)/pip --disable-pip-version-check --no-input
PORT   ?= 8000

.PHONY: run test engines lint docs golden bench lock assets screenshots clean

run: $(RUNS)  ## Load seeds/ into data/store and serve it
	@echo "Loading seeds/"
	@$(BIN)/kg load seeds --quiet
	@$(BIN)/kg serve --port $(PORT)

test: $(READY)  ## Run all tests
	@$(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder

engines:  ## Install Chromium and Virtuoso from the distribution, which some tests need; without them those are skipped
	@$(if $(filter 0,$(shell id -u)),,sudo) .ci/setup

lint: $(READY)  ## Style, types, layers, generated pages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > .lint-imports.log || (cat .lint-imports.log; exit 1)
	@$(BIN)/kg docs --check

docs: $(READY)  ## Write the generated pages again
	@$(BIN)/kg docs

golden: $(READY)  ## Write the expected results of the tests again; read the diff before you commit it
	@GOLDEN=write $(BIN)/pytest -q tests -k golden

bench: $(READY) .peers/.ready  ## Measure beside the peers and write BENCHMARKS.md; takes half an hour
	@PATH="$(CURDIR)/.peers/bin:$$PATH" $(BIN)/python -m benchmarks --write

lock: $(READY)  ## Pin every package again, with hashes
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header pyproject.toml --group dev -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --group build -c requirements-dev.lock -o requirements-build.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --group bench -o requirements-bench.lock

assets:  ## Fetch the vendored browser bundles again, at the versions of kg/web/static/vendor/versions.json
	@$(BIN)/python scripts/assets.py

screenshots: $(READY)  ## Take the pictures of docs/screenshots/ (needs Chromium and a font for Chinese)
	@$(BIN)/python scripts/screenshots.py

clean:  ## Remove what the commands above made, the store included
	rm -rf .venv .peers .suites data build dist

# What running needs; `pip` tells what it fetches, since that takes a minute or two.
$(RUNS): requirements.lock requirements-build.lock pyproject.toml
	@echo "Setting up .venv with what running needs, once"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r requirements.lock -r requirements-build.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $(RUNS)

$(READY): $(RUNS) requirements-dev.lock
	@echo "Adding to .venv what tests need, once"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(BIN)/python scripts/shacl_suite.py
	@touch $(READY)

.peers/.ready: requirements-bench.lock
	@$(PYTHON) -m venv .peers
	@.peers/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch .peers/.ready
