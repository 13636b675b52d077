# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Shortcuts. The sessions of noxfile.py do the work; `make` installs nox into the user's cache if need be.
PYTHON ?= python3
NOX := $(PYTHON) tests/tools/bootstrap.py
PARALLEL := $(PYTHON) tests/tools/parallel.py

.DEFAULT_GOAL := help
.PHONY: $(shell grep -oE '^[a-z-]+' Makefile)

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 18

sessions: ## List the sessions of nox
	@$(NOX) --list

demo: ## Gate on operations of every provider, on simulated clouds
	@$(NOX) -s demo

report-demo: ## Write a report of operations on simulated clouds, and its picture, into dist/
	@$(NOX) -s report-demo

test: ## Run every check on the main versions, several sessions at a time
	@$(PARALLEL) test extra-checks

matrix: ## Run sanity, unit and integration tests on the other Ansible and Python versions
	@$(PARALLEL) matrix matrix-nightly

lint: ## Run the checks that only read the code
	@$(NOX) -s lint extra-checks docs-check

units: ## Run the unit tests
	@$(NOX) -s units

simulated: ## Run the tests that need the simulated clouds, and the simulator's own
	@$(NOX) -s simulated playbooks

coverage: ## Measure which branches of the plugins the tests take
	@MEASURE_COVERAGE=1 $(PARALLEL) simulated units
	@$(NOX) -s coverage

faults: ## Meet each provider with each fault in the middle of a wait, and print the matrix
	@$(NOX) -s faults

sanity: ## Run ansible-test's sanity tests
	@$(NOX) -s ansible-test-sanity

integration: ## Run the integration targets
	@$(NOX) -s ansible-test-integration

molecule: ## Run the role's scenarios
	@$(NOX) -s molecule

first-hour: ## Do what README says in an empty home folder, and see how long that takes
	@$(NOX) -s first-hour

test-eda: ## Test the event source under a real ansible-rulebook
	@$(NOX) -s eda

test-awx: ## Set up AWX's API with the example data, and run its jobs with ansible-runner
	@$(NOX) -s awx

test-openstack: ## Test against a real Nova
	@$(PARALLEL) openstack

test-outage: ## Kill a real Nova and Keystone during a wait; on a quiet machine
	@$(PARALLEL) --verbose outage

verdicts: ## Compare the verdict with the obvious rules, on recordings and on a real Nova
	@$(NOX) -s verdicts

bench: ## Measure each bar, and beside what else one would write; an hour and a half, or BENCH_PARTS=task BENCH_COUNTS=1,10 for a try
	@$(NOX) -s bench

bench-feed: ## Let one of 200 servers of a real Nova fail, and see how soon it is noticed; a quarter of an hour, or FEED_SERVERS=60
	@$(NOX) -s bench-feed

bench-fleet: ## Measure one task for all hosts beside a task per host; BENCH_COUNTS=10,100 for a try
	@$(NOX) -s bench-fleet

fuzz: ## Feed every reader with hostile input; half an hour, or FUZZ="--bodies 1000" for a try
	@$(NOX) -s fuzz -- $(FUZZ)
	@$(if $(FUZZ),,$(NOX) -s fuzz-coverage)

secrets: ## Plant secrets, and search for them wherever a run can leave them; some minutes
	@$(NOX) -s secrets

soak: ## Wait through random faults: 1,000 times three simulated hours, and ten real minutes (SOAK_SECONDS=30 SOAK_RUNS=100)
	@$(NOX) -s soak

tables: ## Write the tables of the documentation from the tests
	@$(NOX) -s tables

build: ## Build the package into dist/ and import it as Automation Hub would
	@$(NOX) -s build

docs: ## Build the documentation's site into dist/docs, and check each link, sentence and block of code in it
	@$(NOX) -s docs pages

lock: ## Pin anew all that comes along with the requirements
	@$(NOX) -s lock

audit: ## Ask for known vulnerabilities of what the checks run with
	@$(NOX) -s audit

clean: ## Remove the environments, copies and logs, and dist/
	@rm -rf "$${XDG_CACHE_HOME:-$$HOME/.cache}/cloudgate" .nox dist
