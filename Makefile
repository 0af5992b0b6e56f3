.DEFAULT_GOAL := help
.PHONY: lowest help setup demo demo-down bench bench-api livekit-server lock wheel clean check fix test proofs faults mutants

PYTHON ?= python3

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv and .tools: the locked packages, pulumi and env.sh
	@$(PYTHON) -m toolchain setup

demo: setup ## run the whole product here, against the sandbox: no account, no money
	@.venv/bin/python -m demo up

demo-down: setup ## release the demo's numbers, remove everything, stop the sandbox
	@.venv/bin/python -m demo down

livekit-server: ## build LiveKit's real server for the tests, once per user
	@$(PYTHON) -m toolchain livekit-server

check: setup ## lint, types and import rules, without changing a file
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports

fix: setup ## format, and repair what ruff can repair
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

# Without the real LiveKit server its tests skip, and say why. Bytecode is kept whatever the environment says: each of
# the thousands of processes that the tests start would compile the same files again. The order is that of
# tests/conftest.py: xdist's own begins with the files of many tests and ends with the longest ones.
PYTEST = PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder
test: check ## run the tests of every behaviour; the long walks of the same are in `make proofs`
	@$(PYTHON) -m toolchain livekit-server >/dev/null || true
	@$(PYTEST) -m "not proof"

proofs: setup ## run the long walks that tests/proofs.py names, and no other test
	@$(PYTEST) -m proof

lowest: ## run the innermost tests with the lowest versions that pyproject.toml allows
	@$(PYTHON) -m venv .tools/lowest
	@$(PYTHON) -m toolchain.lowest | .tools/lowest/bin/pip install --quiet --requirement /dev/stdin \
	  pytest pytest-timeout pytest-xdist hypothesis jsonschema
	@.tools/lowest/bin/pip install --quiet --no-deps --editable .
	@.tools/lowest/bin/python -m pytest --numprocesses auto tests/unit tests/dynamic

# Other options than the defaults: make bench BENCH="--rounds 1 --large 0"
BENCH =
bench: setup ## measure previews, updates, requests and start-up, each beside what nobody can go below
	@.venv/bin/python -m bench $(BENCH)

bench-api: setup ## measure the API against a constant route and a bare application, side by side
	@.venv/bin/python -m bench.api

# Needs uv. The versions that are locked stay, unless pyproject.toml rules them out or UPGRADE=--upgrade is given.
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE)
lock: ## lock the versions of requirements/ again, after a change of pyproject.toml
	@$(LOCK) --group dev --all-extras pyproject.toml --output-file requirements/dev.txt
	@$(LOCK) --constraint requirements/dev.txt --all-extras pyproject.toml --output-file requirements/extras.txt
	@$(LOCK) --constraint requirements/dev.txt pyproject.toml --output-file requirements/runtime.txt
	@echo 'setuptools>=77' | $(LOCK) --no-annotate - --output-file requirements/build.txt

# What an earlier build left in build/ would come along.
wheel: setup ## build the wheel of a release into dist/
	@rm -rf build dist
	@.venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@rm -rf build
	@ls dist

clean: ## remove what setup made; the state in .pulumi-state and the cache of the user stay
	rm -rf .venv .tools

# The proof of docs/failure-modes.md: about 45 minutes on two cores; `make test` and `make proofs` run a cover of both.
SEEDS = 4000
faults: setup ## kill real runs at every write, and simulate SEEDS=4000 seeds
	@.venv/bin/python -m tests.faults.campaign --seeds $(SEEDS)
	@.venv/bin/python -m tests.faults.kills

mutants: setup ## plant bugs, and see that the tests notice each
	@.venv/bin/python -m tests.faults.mutants
