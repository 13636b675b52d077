# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

PYTHON ?= python3
CHECK := $(PYTHON) tests/tools/check.py
RUN := $(PYTHON) tests/tools/run.py

.DEFAULT_GOAL := help
.PHONY: $(shell grep -oE '^[a-z-]+' Makefile)

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 18

demo: export ANSIBLE_LOCALHOST_WARNING := false
demo: export ANSIBLE_INVENTORY_UNPARSED_WARNING := false
demo: export ANSIBLE_CALLBACK_RESULT_FORMAT := yaml
demo: export ANSIBLE_DISPLAY_SKIPPED_HOSTS := false
demo: ## Gate on operations of every provider, on simulated clouds
	@$(RUN) demo python tests/tools/with_simulator.py \
	    ansible-playbook cloudgate.operations.demo -e simulator_file={simulator_file}

report-demo: export ANSIBLE_LOCALHOST_WARNING := false
report-demo: export ANSIBLE_INVENTORY_UNPARSED_WARNING := false
report-demo: ## Write a report of operations on simulated clouds, and its picture, into dist/
	@$(RUN) demo python tests/tools/with_simulator.py \
	    python tests/report/demo.py "$(CURDIR)/dist" {simulator_file}

test: ## Run every check on the main environment
	@$(CHECK) test

matrix: ## Run sanity, unit and integration tests on the other Ansible and Python versions
	@$(CHECK) matrix

test-eda: ## Test the event source under a real ansible-rulebook
	@$(CHECK) eda

test-awx: ## Set up AWX's API with the example data, and run its jobs with ansible-runner
	@$(CHECK) --verbose awx

test-openstack: ## Test against a real Nova
	@$(CHECK) --verbose openstack

test-outage: ## Kill a real Nova and Keystone during a wait; on a quiet machine
	@$(CHECK) --verbose outage

verdicts: ## Compare the verdict with the obvious rules, on recordings and on a real Nova
	@$(CHECK) --verbose verdicts

bench: ## Measure each bar, and beside what else one would write; an hour and a half, or BENCH_PARTS=task BENCH_COUNTS=1,10 for a try
	@$(CHECK) --verbose bench

bench-feed: export FEED_SERVERS ?= 200
bench-feed: ## Let one of 200 servers of a real Nova fail, and see how soon it is noticed; a quarter of an hour, or FEED_SERVERS=60
	@$(CHECK) --verbose feed

bench-fleet: ## Measure one task for all hosts beside a task per host; BENCH_COUNTS=10,100 for a try
	@$(CHECK) --verbose fleet

fuzz: ## Feed every reader with hostile input; half an hour, or FUZZ="--bodies 1000" for a try
	@$(CHECK) --verbose fuzz

secrets: ## Plant secrets, and search for them wherever a run can leave them; some minutes
	@$(CHECK) --verbose secrets

audit: ## Ask for known vulnerabilities of what the checks run with
	@$(CHECK) audit

lock: ## Pin anew all that comes along with the requirements
	@$(PYTHON) tests/tools/lock.py

soak: ## Wait through faults at random: 1,000 times three simulated hours, and ten real minutes (SOAK_SECONDS=30 SOAK_RUNS=100)
	@$(CHECK) --verbose soak

lint: ## Run the checks that only read the code
	@$(CHECK) lint

units: ## Run the unit tests
	@$(CHECK) units

simulated: ## Run the tests that need the simulated clouds, and the simulator's own
	@$(CHECK) simulated

faults: ## Meet each provider with each fault in the middle of a wait, and print the matrix
	@$(CHECK) --verbose faults

tables: ## Write the tables of docs/reliability.md from the tests
	@$(CHECK) tables

sanity: ## Run ansible-test's sanity tests
	@$(CHECK) sanity

integration: ## Run the integration targets
	@$(CHECK) integration

molecule: ## Run the role's scenarios
	@$(CHECK) molecule

build: ## Build the package into dist/ and import it as Automation Hub would
	@$(CHECK) build importer

docs: ## Build the documentation's site into dist/docs, and check each link, sentence and block of code in it
	@$(CHECK) docs pages

docs-lint: ## Check the documentation
	@$(CHECK) docs-lint

clean: ## Remove the environments, copies and logs from the cache, and dist/
	@rm -rf "$${XDG_CACHE_HOME:-$$HOME/.cache}/cloudgate" dist
