# `make` alone lists what there is. `demo` and `test` set up everything they need by themselves.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
CASE ?= tests/cases/N30_20f_student.toml
PORT ?= 8000
# A file's tests stay together, and the long files of the browser come first.
TOGETHER ?= --numprocesses 2 --dist loadfile --no-loadscope-reorder
STORIES := tests/browser/test_story_whole.py tests/browser/test_story_emergency.py tests/browser/test_story_phone.py
# What looks at words, papers and questions asks a database nothing that the other tests do not: once, on SQLite, is enough.
WORDS_ALONE := fast_entry figures page_texts papers phone_intake portal_in_spanish program_paper sample settings_documented \
  sign_in ui_gallery

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Rhomboid needs Python 3.11 or newer; say make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

install: $(READY) ## set up .venv with the locked dependencies

demo: $(READY) ## assess a published case in the terminal, then start the site with a sample clinic
	@sh tools/system-packages.sh papers
	$(BIN)/rhomboid assess $(CASE)
	$(BIN)/rhomboid serve --demo --port $(PORT)

test: $(READY) ## run all tests; those of the records and the stories on SQLite and on PostgreSQL
	@sh tools/system-packages.sh
	$(BIN)/python -m pytest $(TOGETHER) tests/browser tests/integration tests/web tests/spec tests/generative tests/unit
	sh tools/with-postgres.sh $(BIN)/python -m pytest $(TOGETHER) $(STORIES) tests/integration/test_crash.py \
	  tests/integration/test_load.py tests/web $(WORDS_ALONE:%=--ignore tests/web/test_%.py)

check: $(READY) ## format, lint, types, layers, knowledge, languages, reading level, migrations, settings, generated pages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/rhomboid knowledge check
	$(BIN)/rhomboid knowledge language es --check
	$(BIN)/rhomboid knowledge reading --check --worst 1
	@sh tools/system-packages.sh texts
	$(BIN)/python tools/messages.py --check
	$(BIN)/python tools/site_check.py
	$(BIN)/rhomboid knowledge pages docs/reference --check
	$(BIN)/python tools/readme_results.py --check

fix: $(READY) ## format, mend what can be mended, write the generated pages
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/rhomboid knowledge pages docs/reference
	$(BIN)/python tools/readme_results.py

bench: $(READY) ## measure: medians, p99 and ratios, in one run
	$(BIN)/python -m benchmarks

lock: $(READY) ## compile requirements.txt anew from pyproject.toml
	$(BIN)/uv pip compile --quiet pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --custom-compile-command 'make lock' -o requirements.txt

.PHONY: help install demo test check fix bench lock
