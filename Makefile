# Bare `make` prints the targets. Every target may be repeated; `make test` and `make run` do their own set-up.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PY := .venv/bin/python
# Checks and tests have a data folder of their own, so that they never meet the portal of `make run`.
TEST_DATA := $(if $(OVOP_DATA_DIR),$(OVOP_DATA_DIR),$(CURDIR)/var/test)
SET_UP := $(PYTHON) -I ovop_portal/setup_machine.py
IN_TESTS := OVOP_DATA_DIR="$(TEST_DATA)" OVOP_DEVELOPMENT=1
PYTEST_WORKERS ?= 2
ROOMS := $(patsubst %/migrations/__init__.py,%,$(wildcard */migrations/__init__.py))

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: setup
setup: ## system packages (apt), .venv from the locked requirements, message catalogues
	@$(SET_UP) dev

.PHONY: run
run: ## the whole portal on this machine until Ctrl-C: PORT, OVOP_DATA_DIR, OVOP_DEMO=0
	@$(SET_UP) runtime
	@exec $(PY) manage.py run

.PHONY: stop
stop: ## stop the embedded PostgreSQL and Redis of OVOP_DATA_DIR
	@$(PY) -m ovop_portal.embedded stop

.PHONY: test
test: setup ## all tests, those in a browser too; PYTEST_ARGS="-k batik" for some
	@$(PY) -m pytest -q -n $(PYTEST_WORKERS) $(PYTEST_ARGS)

.PHONY: torture
torture: setup ## the worker killed 50 times in the midst of a batch of signed certificates
	@OVOP_TORTURE=1 $(PY) -m pytest -q -n 0 tests/awards/test_killed_in_a_batch.py

.PHONY: check
check: setup check-lint check-types check-imports check-migrations check-templates check-compose check-locks check-audit ## lint, types, imports, migrations, templates, locks, known holes
	@$(IN_TESTS) $(PY) -m ovop_portal.embedded stop > /dev/null
	@echo "all checks passed"

.PHONY: check-lint
check-lint:
	@echo "lint and format"
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet . || { echo "not formatted: $(PY) -m ruff format ."; exit 1; }

.PHONY: check-types
check-types:
	@echo "types"
	@$(PY) -m mypy --no-error-summary

.PHONY: check-imports
check-imports:
	@echo "import rules"; mkdir -p var
	@.venv/bin/lint-imports --no-logo --cache-dir var/import-linter > var/import-linter.txt || { cat var/import-linter.txt; exit 1; }

.PHONY: check-migrations
check-migrations:
	@echo "migrations: none missing, none unsafe, one line in each room"; mkdir -p var
	@$(IN_TESTS) $(PY) manage.py makemigrations --check --dry-run > /dev/null || { $(IN_TESTS) $(PY) manage.py makemigrations --check --dry-run; exit 1; }
	@$(IN_TESTS) $(PY) manage.py check --fail-level WARNING > /dev/null
	@$(IN_TESTS) OVOP_DEVELOPMENT=0 OVOP_LOG_LEVEL=WARNING DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py lintmigrations \
	  --include-apps $(ROOMS) --project-root-path . --no-cache --quiet ok ignore --warnings-as-errors \
	  --exclude-migration-tests RUNPYTHON_MODEL_VARIABLE_NAME > var/lintmigrations.txt || { cat var/lintmigrations.txt; exit 1; }

.PHONY: check-templates
check-templates:
	@echo "templates"
	@$(PY) -m djlint --lint --quiet templates
	@$(IN_TESTS) $(PY) manage.py check_templates

.PHONY: check-compose
check-compose:
	@echo "docker-compose.yml against the schema of compose files"
	@.venv/bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml

.PHONY: check-locks
check-locks:
	@echo "lock files and licences"
	@$(PY) .ci/locks.py
	@$(PY) .ci/licences.py

.PHONY: check-audit
check-audit:
	@$(PY) .ci/audit.py

.PHONY: bench
bench: setup ## every benchmark, ours beside something known; also in var/bench.json
	@$(PY) manage.py bench --all

.PHONY: screenshots
screenshots: setup ## pictures of the journey, desktop and 360 px, into var/screenshots
	@OVOP_SCREENSHOTS="$(CURDIR)/var/screenshots" $(PY) -m pytest -q tests/journeys
	@echo "pictures are in var/screenshots"

LOOK := $(CURDIR)/var/look
.PHONY: look
look: setup ## every page as every role at both widths: axe-core, pictures and pages into var/look
	@OVOP_LOOK="$(LOOK)" $(PY) -m pytest -q -n 0 tests/looks/test_every_page.py
	@echo "pictures and pages are in var/look"

.PHONY: lighthouse
lighthouse: setup ## home, catalogue and a product by Lighthouse, mobile setting; reports in var/look (needs Node)
	@OVOP_LOOK="$(LOOK)" $(PY) -m pytest -q -n 0 tests/looks/test_lighthouse.py

.PHONY: html
html: ## the pages that `make look` kept, against the HTML standard (needs Node)
	@npx --yes html-validate@9.7.1 --config .htmlvalidate.json "$(LOOK)/*.html" && echo "every page is valid HTML"

.PHONY: format
format: setup ## format the code and mend what the linter can
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

LOCK := $(PY) -m uv --quiet pip compile pyproject.toml --generate-hashes --no-emit-index-url --python-version 3.11
.PHONY: lock
lock: setup ## lock the requirements of pyproject.toml anew, with hashes; UPGRADE=1 for the newest versions
	@$(LOCK) $(if $(UPGRADE),--upgrade) -o requirements.txt > /dev/null
	@$(LOCK) $(if $(UPGRADE),--upgrade) --group dev -c requirements.txt -o requirements-dev.txt > /dev/null

.PHONY: clean
clean: ## throw away caches and the tests' data; the portal's data and .venv stay
	@if [ -x $(PY) ]; then $(IN_TESTS) $(PY) -m ovop_portal.embedded stop > /dev/null; fi
	@rm -rf var/test var/import-linter* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -type d -prune -exec rm -rf {} +
