# Everything that Salur needs to be set up, run, tested and checked. `make` alone lists the targets.
# More arguments for a recipe: make test ARGS="tests/cycles -x"

SHELL := /bin/sh
BIN := .venv/bin
ARGS ?=
FAMILIES ?= 1000000
.DEFAULT_GOAL := help
.PHONY: help setup run test check fix bench bench-register bench-loading lock messages clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r name text; do printf '  %-20s %s\n' "$$name" "$$text"; done

setup: ## install into .venv what requirements/dev.txt pins
	@scripts/setup

run: setup ## load the demo data when there are none and serve on http://127.0.0.1:8000
	@$(BIN)/salur demo $(ARGS)

test: setup ## run every test
	@scripts/chromium
	@scripts/java
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: setup ## format, lint, types, floors, missing migrations
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/missing_migrations.py

fix: setup ## format, and mend what the linter can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup ## measure the bulk work over a synthetic country beside a plain script: make bench FAMILIES=1000000
	@$(BIN)/python benchmarks/national.py --families $(FAMILIES) $(ARGS)

bench-register: setup ## measure a million people from import to opened cycle
	@$(BIN)/python benchmarks/import_to_cycle.py $(ARGS)

bench-loading: setup ## measure the loading of PostgreSQL beside a bare COPY
	@$(BIN)/python benchmarks/loading.py $(ARGS)

lock: ## pin requirements/*.in again, with hashes
	@scripts/lock

messages: setup ## collect the sentences for the English catalogue, and compile it
	@$(BIN)/python scripts/messages.py $(ARGS)

clean: ## remove .venv and caches; data in SALUR_HOME stay
	@rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis build dist src/*.egg-info
	@find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
