# Trial Alerts: every task by one name. `make help` lists them.
PYTHON ?= python3
VENV := .venv
# Compiled modules make every start a second faster; an environment that forbids them is overruled.
export PYTHONDONTWRITEBYTECODE :=
BIN := $(VENV)/bin
READY := $(VENV)/.ready
MJML := tests/mjml/node_modules/.package-lock.json
CLIENTS := tests/clients/node_modules/.package-lock.json
# How many processes run the tests: by the cores and the memory of the machine.
IN_PROCESSES = -n $(or $(PROCESSES),$(shell $(PYTHON) tests/processes.py $(1))) --dist worksteal
BABEL := $(BIN)/pybabel --quiet
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help setup run compose-up quick test pictures lint format messages language countries bench fuzz torture lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "%-10s %s\n", $$1, $$2}'

setup: $(READY) ## make .venv with everything in it

$(READY): pyproject.toml requirements-uv.lock requirements-dev.lock
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements-uv.lock requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

run: $(READY) ## start the whole system on embedded defaults; Ctrl-C stops it
	@exec $(BIN)/trial-alerts dev --end-with-parent $(DEV_OPTIONS)

compose-up: ## build and start the containers of compose.yaml: PostgreSQL, Valkey, a mail server to look at
	mkdir -p config
	docker compose up --build --detach --wait
	@echo "http://127.0.0.1:8000/subscribe  http://127.0.0.1:8025 (mails)  http://127.0.0.1:8000/admin (token: config/settings.env)"

quick: $(READY) $(CLIENTS) $(MJML) ## run the unit tests and the fast integration tests on SQLite: a minute, no browser
	$(BIN)/python -m pytest $(call IN_PROCESSES,quick) -m "not postgresql and not slow" tests/unit tests/integration

test: $(READY) $(CLIENTS) $(MJML) ## run every test, on SQLite and PostgreSQL, in a real browser
	$(BIN)/python -m tests.e2e.browser.chromium
	$(BIN)/python -m pytest $(call IN_PROCESSES,test) --both-databases

pictures: $(READY) ## write a picture of every page and mail, to screenshots/ and var/pictures/
	PICTURES=yes $(BIN)/python -m pytest $(call IN_PROCESSES,test) tests/e2e/browser/test_pictures.py tests/e2e/browser/test_dashboard.py tests/e2e/browser/test_mails.py

lint: $(READY) $(MJML) ## check style, types and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/node tests/mjml/lint.js

tests/%/node_modules/.package-lock.json: tests/%/package-lock.json $(READY)
	cd tests/$* && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --silent

format: $(READY) ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(READY) ## collect the sentences to translate, and bring the catalogues up to date
	$(BABEL) extract -F service/locales/babel.cfg --ignore-dirs ".*" --add-location file --sort-by-file --no-wrap --omit-header -o service/locales/messages.pot .
	$(BABEL) update -i service/locales/messages.pot -d service/locales --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

language: $(READY) ## begin the catalogue of a language, LOCALE=pt
	$(BABEL) init -i service/locales/messages.pot -d service/locales --no-wrap -l $(LOCALE)

countries: $(READY) ## write the English names of countries anew from Unicode CLDR
	$(BIN)/python -m tests.country_names

bench: $(READY) ## measure speed beside its yardsticks
	$(BIN)/python -m tests.benchmarks

fuzz: $(READY) ## send random input to all that reads some, TIMES=20 as much as the tests name, never twice alike
	FUZZ_TIMES=$(or $(TIMES),20) $(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile=fuzz
	FUZZ_TIMES=$(or $(TIMES),20) $(BIN)/python -m pytest -n 2 --hypothesis-profile=fuzz tests/integration/web/test_odd_input.py tests/unit/mail/test_feedback.py tests/integration/workers/test_at_once.py

torture: $(READY) ## kill and obstruct processes, count the mails, MINUTES=10 DATABASE=both SEED=… SERVER=…
	$(BIN)/python -m tests.chaos --minutes $(or $(MINUTES),10) --database $(or $(DATABASE),both) $(if $(SEED),--seed $(SEED)) \
		$(if $(SERVER),--server $(SERVER))

lock: $(READY) ## pin the dependencies anew, with hashes
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) -c requirements.lock pyproject.toml --extra dev --extra otel --group dev -o requirements-dev.lock
	$(COMPILE) --group uv -o requirements-uv.lock
	$(COMPILE) -c requirements-dev.lock --group build -o requirements-build.lock

clean: ## remove the environment and caches; data in var/ stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist tests/*/node_modules
