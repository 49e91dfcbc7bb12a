# The verbs of this project. `make` alone lists them.

VENV   := .venv
BIN    := $(VENV)/bin
PYTHON ?= $(shell command -v python3.11 || command -v python3)
# A stamp is newer than pyproject.toml once the environment has what it asks for, so a second run installs nothing.
CORE   := $(VENV)/.installed-core
DEV    := $(VENV)/.installed-dev
REPRODUCED := runs/reproduce
CODE   := $(wildcard agents amz_env benchmarks tests)

.DEFAULT_GOAL := help
.PHONY: help demo install test test-nobody lint format type check bench reproduce wheel pre-commit clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(CORE) ## install, then compare agents on held-out problems with the model that ships (about 5 minutes)
	$(BIN)/amz compare --workers 2

install: $(DEV) ## make .venv with everything the tests and tools need

test: $(DEV) ## run the tests
	$(BIN)/python -m pytest

test-nobody: $(DEV) ## run the interpreter's tests as a user without privileges (root becomes nobody)
	$(BIN)/python tests/amz_env/interpreter/as_nobody.py -- \
		$(abspath $(BIN))/python -m pytest -p no:cacheprovider tests/amz_env/interpreter

lint: $(DEV) ## check style and formatting, change nothing
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

format: $(DEV) ## format the code and fix what can be fixed
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

type: $(DEV) ## check the types
	$(BIN)/mypy

check: lint type test ## everything that must pass before a change goes in

bench: $(CORE) ## list the measurements; each prints its figures
	$(BIN)/python -m benchmarks

reproduce: $(CORE) ## make the models that ship from nothing, check the findings (hours, at most 4; the same command resumes)
	$(BIN)/amz pretrain --out $(REPRODUCED)/base
	$(BIN)/python -m benchmarks.findings --run-dir $(REPRODUCED) --seeds 0 --train.model $(REPRODUCED)/base/checkpoint
	@echo "The model of round 3 is $(REPRODUCED)/seed-0/round-3/checkpoint, what it does is in $(REPRODUCED)/report.md."
	@echo "These two commands make it, and the base model, the ones that ship:"
	@echo "  $(BIN)/python -m agents.training.ship $(REPRODUCED)/base"
	@echo "  $(BIN)/python -m agents.training.ship $(REPRODUCED)/seed-0"

wheel: $(DEV) ## build the wheel into dist/
	rm -rf build  # or files that no longer exist get into the wheel
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .
	@ls -l dist

pre-commit: $(DEV) ## run the checks of every commit from now on
	$(BIN)/pre-commit install

clean: ## remove the environment, caches and builds; results in runs/ stay
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "make: no python3 found; install Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "make: $(PYTHON) is too old; Python 3.11 or newer is needed (make PYTHON=/path/to/python3.11)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(CORE): $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

# Every extra: the adapters are tested against the real packages.
EXTRAS := dev,sb3,ray,reasoning-gym,datasets,parquet,trl,openenv

$(DEV): $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$(EXTRAS)]'
	@touch $@ $(CORE)
