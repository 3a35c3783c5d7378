# Every target sets up what it needs in .venv by itself: Python 3.11 or newer, make and a package
# index are all that has to be there. A second run finds everything ready and starts at once.
#
#   PYTHON=...       the Python to build .venv with (default: the first that is new enough)
#   ARGS=...         handed on to the command, e.g. make play ARGS=--help
#   KILLS=1000       for `make chaos`: how often the bot is killed
#   ROUNDS=100       for `make chaos`: how often limits and line are rushed
#   JOBS=1000        for `make soak`: how many jobs go through the bot
#   EXTRAS=postgres  for `make run`: PostgreSQL's driver as well

SHELL := /bin/sh
BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
# One on each core, up to four: some tests start browsers and databases of their own.
SIDE_BY_SIDE := --numprocesses auto --maxprocesses 4 --dist worksteal
STAMPS := .venv/.run-ready .venv/.postgres-ready .venv/.play-ready .venv/.dev-ready

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

.PHONY: help
help: ## List what make can do
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

.PHONY: play
play: .venv/.play-ready ## Try the bot in a simulated Discord in the browser: no account, no key
	@$(BIN)/python -m bot play $(ARGS)

.PHONY: run
run: .venv/.$(or $(EXTRAS),run)-ready ## Run the bot with the settings in .env
	@$(BIN)/python -m bot run $(ARGS)

.PHONY: test
test: lint ## Check everything: format, lint, types, layers, tests with coverage
	@echo "== tests"
	@$(BIN)/coverage erase
	@$(BIN)/python -m pytest -p tests.measuring $(SIDE_BY_SIDE) --durations=40 $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

.PHONY: quick
quick: .venv/.dev-ready ## Run the fast tests alone: domain, features on SQLite, cards, the service's wire
	@$(BIN)/python -m pytest -q $(SIDE_BY_SIDE) -k "not postgres" tests/domain tests/features tests/ui tests/runcomfy $(ARGS)

.PHONY: chaos
chaos: .venv/.dev-ready ## Kill the bot 300 times, rush its limits from all sides, and check what became of it
	@$(BIN)/python -m tests.chaos --kills $(or $(KILLS),300) $(ARGS)
	@$(BIN)/python -m tests.chaos.rush --rounds $(or $(ROUNDS),10)

.PHONY: soak
soak: .venv/.dev-ready ## Let 10,000 jobs through the real process, and see what grows with them
	@$(BIN)/python -m tests.soak --jobs $(or $(JOBS),10000) $(ARGS)

.PHONY: search
search: .venv/.dev-ready ## Try what must hold for any input with ten times as many, other examples
	@$(BIN)/python -m pytest -m hypothesis --hypothesis-profile searching $(SIDE_BY_SIDE) $(ARGS)

.PHONY: bench
bench: .venv/.dev-ready ## Measure the bot's speed and print tables (ARGS=detection for one of them)
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: lint
lint: .venv/.dev-ready ## Check format, lint, types and layers without the tests
	@echo "== format"
	@$(BIN)/ruff format --check --quiet
	@echo "== lint"
	@$(BIN)/ruff check --quiet
	@echo "== types"
	@$(BIN)/basedpyright
	@echo "== layers"
	@$(BIN)/lint-imports --no-logo
	@echo "== workflows"
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/actionlint -shellcheck= -pyflakes= .github/workflows/*.yml
	@$(BIN)/zizmor --offline --no-progress --quiet .github/workflows

.PHONY: format
format: .venv/.dev-ready ## Write the code the way that lint wants it, where that can be done by itself
	@$(BIN)/ruff check --fix --quiet --exit-zero
	@$(BIN)/ruff format

.PHONY: words
words: .venv/.dev-ready ## List the texts of the code in every language's catalogue, for translating
	@$(BIN)/python -m tests.catalogues

# The largest set is solved first and bounds the others, so that one version serves them all.
.PHONY: lock
lock: .venv/.dev-ready ## Pin requirements/*.in again (ARGS=--upgrade takes newer versions)
	@for set in dev play postgres run; do \
		echo "== requirements/$$set.txt"; \
		bound=; test $$set = dev || bound="--constraint requirements/dev.txt"; \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header --no-annotate $$bound $(ARGS) \
			requirements/$$set.in --output-file requirements/$$set.txt || exit 1; \
	done

.PHONY: notices
notices: .venv/.dev-ready ## Write THIRD_PARTY_NOTICES for the packages that are pinned now
	@$(BIN)/python -m tests.deploy.notices

.PHONY: wheel
wheel: .venv/.dev-ready ## Build the wheel with the command kling-bot into dist/
	@$(BIN)/uv build --wheel --quiet
	@ls dist/*.whl

.PHONY: cluster-demo
cluster-demo: .venv/.dev-ready ## Two workers over one PostgreSQL, 200 jobs, one of them is killed
	@$(BIN)/python -m tests.cluster

.PHONY: docs
docs: .venv/.dev-ready ## Build the documents as a site into build/site, and check every link
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "The site is in build/site: open index.html"

.PHONY: tables
tables: .venv/.dev-ready ## Draw the tables of the README and of docs/ from the code again
	@$(BIN)/python -m tools.readme

.PHONY: screenshots
screenshots: .venv/.dev-ready ## Take the README's pictures again, in the system's Chromium
	@$(BIN)/python -m tools.screenshots docs/images

.PHONY: first-schema
first-schema: .venv/.dev-ready ## Keep the schema as it is now, with jobs in every state: for the first release
	@$(BIN)/python -m tests.updating.write

.PHONY: try-image
try-image: .venv/.dev-ready ## Build and run the image without an engine, in a bare root (ARGS=its path)
	@$(BIN)/python -m tests.deploy.try_image $(ARGS)

.PHONY: try-service
try-service: .venv/.dev-ready ## Let a booted systemd run the unit, in a bare root (ARGS=its path)
	@$(BIN)/python -m tests.deploy.try_service $(ARGS)

.PHONY: clean
clean: ## Remove .venv and what tools leave behind; never .env or data
	rm -rf .venv .ruff_cache .import_linter_cache .hypothesis .pytest_cache htmlcov build dist *.egg-info
	rm -f .coverage .coverage.*
	find bot cogs tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# --- setting up --------------------------------------------------------------------------------

# Each set contains the ones below it, so its stamp sets theirs.
.venv/.dev-ready: requirements/dev.txt
	@echo "Setting up .venv for development (this takes a minute or two, once)"
	@$(PIP_INSTALL) -r $<
	@touch $(STAMPS)

.venv/.play-ready: requirements/play.txt
	@echo "Setting up .venv for the playground (this takes a minute, once)"
	@$(PIP_INSTALL) -r $<
	@touch .venv/.run-ready $@

.venv/.postgres-ready: requirements/postgres.txt
	@echo "Setting up .venv for the bot with PostgreSQL (this takes a minute, once)"
	@$(PIP_INSTALL) -r $<
	@touch .venv/.run-ready $@

.venv/.run-ready: requirements/run.txt
	@echo "Setting up .venv for the bot (this takes a minute, once)"
	@$(PIP_INSTALL) -r $<
	@touch $@

# A .venv that is missing, half made, or whose Python is gone (an upgrade of the system) is built
# again, and then every stamp counts for nothing.
ifneq ($(shell $(BIN)/python -c "import pip; print('sound')" 2>/dev/null),sound)
$(STAMPS): fresh-venv
endif

CANDIDATES := $(or $(PYTHON),python3.11 python3.12 python3.13 python3.14 python3 python)

.PHONY: fresh-venv
fresh-venv:
	@old=; bare=; \
	for python in $(CANDIDATES); do \
		version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { old="$$old $$version"; continue; }; \
		$$python -c 'import ensurepip, venv' 2>/dev/null || { bare="$$bare $$version"; continue; }; \
		echo "Making .venv with Python $$version"; \
		rm -rf .venv && $$python -m venv .venv && exit 0; \
		rm -rf .venv; exit 1; \
	done; \
	if test -n "$$bare"; then \
		echo "Python$$bare is there, but without its venv module: install it" \
			"(on Debian and Ubuntu: apt install python3-venv) and try again."; \
	elif test -n "$$old"; then \
		echo "Python 3.11 or newer is needed, and only$$old was found:" \
			"install a newer one, or name it, e.g. make $(MAKECMDGOALS) PYTHON=/path/to/python3.12."; \
	else \
		echo "No Python was found among: $(CANDIDATES). Install Python 3.11 or newer," \
			"or name it, e.g. make $(MAKECMDGOALS) PYTHON=/path/to/python3.12."; \
	fi >&2; exit 1
