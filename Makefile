# What one does here. Each target does its own set-up (in .venv, pinned and hash-checked) and skips it when there is nothing new.
#
#   make demo       lives through a whole year of the bundled example
#   make test       all tests             (ARGS='tests/docs -x' for some of them)
#   make coverage   all tests, and which lines none of them reaches (half as long again)
#   make lint       ruff, mypy, import arrows
#   make bench      the benchmarks         (ARGS=recorder for one of them)
#   make messages   collects the texts to translate, updates and compiles the Chinese catalogue
#   make wheel      dist/mingzhang-….whl
#   make pins       works out requirements*.txt anew from pyproject.toml

SHELL := /bin/bash
BIN := .venv/bin
UV := uv==0.13.9

.PHONY: demo test coverage lint ruff mypy arrows bench messages wheel pins use develop

demo: use
	@$(BIN)/mingzhang demo $(ARGS)

test: develop
	@$(BIN)/python -m pytest -n auto $(ARGS)

coverage: develop
	@$(BIN)/python -m pytest -n auto --cov --cov-report=term $(ARGS)

lint: ruff mypy arrows

ruff: develop
	$(BIN)/ruff check

mypy: develop
	$(BIN)/mypy

arrows: develop
	$(BIN)/lint-imports --no-cache

bench: develop
	@$(BIN)/python -m tests.benchmarks $(ARGS)

messages: develop
	@$(BIN)/python -m tests.catalogue update

wheel: develop
	@rm -rf build dist
	@$(BIN)/python -m build --wheel --no-isolation >.build.log 2>&1 || { cat .build.log; exit 1; }
	@rm -rf build .build.log && ls dist/*.whl

pins:
	@test -x .venv/pins/bin/uv || { python3 -m venv .venv/pins && .venv/pins/bin/python -m pip install --quiet $(UV); }
	@for pins in "requirements.txt --group build" "requirements-dev.txt --group build --group dev --constraint requirements.txt"; do \
	    UV_CUSTOM_COMPILE_COMMAND="make pins" .venv/pins/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	        --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links $(ARGS) --output-file $$pins >/dev/null || exit; \
	done

use:
	@.ci/set-up use

develop:
	@.ci/set-up develop
