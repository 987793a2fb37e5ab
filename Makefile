# `make` alone lists what can be done.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PARTNER_PORT ?= 8001
# The partner's site is on this machine too: that is where its webhook is to be called.
DEMO := DATABASE_URL=sqlite:///var/demo.db TOLK_MEDIA_DIR=var/demo-media PORT=$(PORT) TOLK_WEBHOOK_PRIVATE=true

.DEFAULT_GOAL := help
.PHONY: help demo demo-partner test check format bench messages clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F '\t' '{printf "  make %-10s %s\n", $$1, $$2}'
	@echo "  PORT=9000 make demo chooses another port; the default is $(PORT)."

demo: $(VENV)/run.done messages ## Set up, load the sample articles and serve them
	@$(DEMO) $(BIN)/tolk migrate
	@$(DEMO) $(BIN)/tolk sample --people
	@$(DEMO) $(BIN)/tolk rebuild
	@$(DEMO) $(BIN)/tolk serve --port $(PORT)

demo-partner: var/partner.key ## Serve a partner's site that follows the demo, which runs beside it
	@TOLK_KEY=$$(cat var/partner.key) TOLK_URL=http://127.0.0.1:$(PORT) PARTNER_DB=var/partner.db \
	  PARTNER_PORT=$(PARTNER_PORT) PARTNER_URL=http://localhost:$(PARTNER_PORT) $(BIN)/python -m examples.partner

var/partner.key: | $(VENV)/run.done messages
	@$(DEMO) $(BIN)/tolk partner add "Example partner" --domain localhost --topic rug
	@$(DEMO) $(BIN)/tolk partner key add "Example partner" demo > $@

test: $(VENV)/dev.done messages ## Set up and run all tests, on SQLite and on PostgreSQL
	$(BIN)/pytest --numprocesses=4 --dist=worksteal

check: $(VENV)/dev.done ## Lint, check types and hold the import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.done ## Put the code in its format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(VENV)/dev.done ## Measure speed, as ratios in one run
	$(BIN)/python -m bench
	$(BIN)/python -m bench.locales
	$(BIN)/python -m bench.admin
	$(BIN)/python -m bench.sync

messages: $(VENV)/run.done ## Compile the catalogues of Tolk's own interface
	@$(BIN)/pybabel --quiet compile --directory translations

clean: ## Remove what was set up here
	rm -rf $(VENV) var build dist *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tolk needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.done: setup.cfg constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/dev.done: setup.cfg constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[postgres,dev]'
	@touch $(VENV)/run.done $@
