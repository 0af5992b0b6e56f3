.DEFAULT_GOAL := help
.PHONY: help setup livekit-server lock clean check fix test

PYTHON ?= python3

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv and .tools: the locked packages, pulumi and env.sh
	@$(PYTHON) -m toolchain setup

livekit-server: ## build LiveKit's real server for the tests, once per user
	@$(PYTHON) -m toolchain livekit-server

check: setup ## lint and type-check, without changing a file
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy

fix: setup ## format, and repair what ruff can repair
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

test: setup ## run every test that this machine can run
	@.venv/bin/python -m pytest

# Needs uv. The versions that are locked stay, unless pyproject.toml rules them out or UPGRADE=--upgrade is given.
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE)
lock: ## lock the versions of requirements/ again, after a change of pyproject.toml
	@$(LOCK) --group dev pyproject.toml --output-file requirements/dev.txt
	@$(LOCK) --constraint requirements/dev.txt pyproject.toml --output-file requirements/runtime.txt
	@echo 'setuptools>=77' | $(LOCK) --no-annotate - --output-file requirements/build.txt

clean: ## remove what setup made; the state in .pulumi-state and the cache of the user stay
	rm -rf .venv .tools
