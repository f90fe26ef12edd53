# Each target is one step; the work is in bin/.
.PHONY: run setup build lint test bench prove mutants cluster shots zoom requirements interpreters compat
.DEFAULT_GOAL := run
PYTHON_HERE := .venv/bin/python
export PYTHON

run: ## the portal and its worker on http://localhost:$PORT (8000)
	@bin/setup && exec $(PYTHON_HERE) bin/serve

setup: ## .venv with everything, nothing else
	@bin/setup --dev

build: setup
	@$(PYTHON_HERE) bin/build

lint: setup
	@bin/lint

test: build
	@$(PYTHON_HERE) bin/test

bench: build ## registrations a second, beside the thinnest Django
	@$(PYTHON_HERE) -m benchmarks

prove: build ## the long proofs: crash, rush, growth
	@$(PYTHON_HERE) -m benchmarks.prove

mutants: build ## which small changes to the modules of trust no test notices; ONLY="quotas links", SAMPLE=60
	@bin/setup --mutants && $(PYTHON_HERE) -m benchmarks.mutants $(ONLY) $(if $(SAMPLE),--sample $(SAMPLE))

cluster: build ## several hosts on one machine: nginx, 2 web hosts, 2 workers, PgBouncer, PostgreSQL, Redis
	@$(PYTHON_HERE) -m benchmarks.cluster

shots: build ## pictures of the main pages in var/shots
	@$(PYTHON_HERE) bin/shots

zoom: setup ## the portal beside a stand-in of Zoom with invented people, on PORT (8000) and ZOOM_PORT (8100)
	@bin/zoom

requirements: setup ## the pins, from requirements*.in; UPGRADE=--upgrade takes newer versions
	@bin/requirements $(UPGRADE)

interpreters: setup ## every Python from 3.11 on that this machine has: installs, and a registration goes through
	@$(PYTHON_HERE) bin/interpreters

compat: build ## the suite on SQLite with a newer Django and Python: COMPAT_DJANGO (6.1.*), PYTHON (python3.13); ONLY="tests/sessions" names tests
	@bin/compat $(ONLY)
