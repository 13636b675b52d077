# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks, by name: each is a function that does its work with a Job and returns what it counted."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import debian
import pip_bootstrap
from docs_site import build_site
from environment import EnvironmentUnavailable, environment
from interpreters import find
from job import Job, StepFailed
from places import ROOT, collections_path
from results import Count, from_integration, from_junit
from with_simulator import SimulatorFailed, running_simulator

Action = Callable[[Job], Count]
COVERAGE_SECONDS = "120"


@dataclass(frozen=True)
class Step:
    """A check and the environment it runs in."""

    action: Action
    environment: str = "test"


def _command(*command: str) -> Action:
    """Make a check that is passed when a command succeeds."""

    def action(job: Job) -> Count:
        job.must(*command)
        return Count(passed=1)

    return action


def _counted(count: Count, code: int) -> Count:
    """Believe the exit code more than the count: a tool that fails without a failed test has failed."""
    if code and not count.failed:
        return count + Count(failed=1)
    return count


def _mypy(job: Job) -> Count:
    # From above the collection, so that each module has the one name that Ansible gives it.
    config = job.collection / "pyproject.toml"
    package = "ansible_collections.cloudgate.operations.plugins"
    job.must("mypy", "--config-file", config, "--package", package, folder=collections_path(job.collection))
    return Count(passed=1)


def _pytest(*folders: str) -> Action:
    def action(job: Job) -> Count:
        paths = job.existing(*folders)
        report = job.log.with_suffix(".xml")
        report.unlink(missing_ok=True)
        job.variables["PYTHONPATH"] = f"{job.collection / 'tests'}:{collections_path(job.collection)}"
        code = job.call(job.python, "-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={report}", *paths)
        return _counted(from_junit([report] if report.exists() else []), code)

    return action


def _ansible_test(job: Job, *arguments: str) -> tuple[int, Path]:
    """Run ansible-test without what an earlier run has left, and return its exit code and its output folder."""
    pip_bootstrap.provide()
    output = job.collection / "tests" / "output"
    shutil.rmtree(output, ignore_errors=True)
    return job.call("ansible-test", *arguments, "--color", "no"), output


def _sanity(job: Job) -> Count:
    code, output = _ansible_test(job, "sanity", "--local", "--junit")
    return _counted(from_junit(output.glob("junit/*.xml")), code)


def _units_on(version: str) -> Action:
    """Test what runs on a managed node with a Python that only managed nodes may have."""

    def action(job: Job) -> Count:
        if find(version) is None:
            raise EnvironmentUnavailable(f"no Python {version} on this machine")
        job.existing("tests/unit/plugins/module_utils")
        code, output = _ansible_test(job, "units", "--venv", "--requirements", "--python", version)
        return _counted(from_junit(output.glob("junit/*.xml")), code)

    return action


@contextmanager
def _simulator(job: Job) -> Iterator[Path]:
    try:
        with running_simulator(job.python, job.collection / "tests") as file:
            yield file
    except SimulatorFailed as exc:
        raise StepFailed(str(exc)) from exc


def _integration_with(job: Job, *arguments: str) -> Count:
    job.existing("tests/integration/targets")
    with _simulator(job) as file:
        settings = f"simulator_file: {file}\nsimulator_python: {job.python}\n"
        job.collection.joinpath("tests/integration/integration_config.yml").write_text(settings, encoding="utf-8")
        code, output = _ansible_test(job, "integration", "--continue-on-error", *arguments)
    return _counted(from_integration(output, job.log.read_text(encoding="utf-8")), code)


def _integration(job: Job) -> Count:
    return _integration_with(job, "--local")


def _integration_on(version: str) -> Action:
    """Run the modules with an old Python, as on an old managed node, and all else as usual."""

    def action(job: Job) -> Count:
        target = environment(f"target-{version}") / "bin" / "python"
        controller = next(job.environment.glob("bin/python3.*")).name.removeprefix("python")
        hosts = ["--controller", f"origin:python={controller}", "--target", f"controller:python={version}@{target}"]
        return _integration_with(job, *hosts)

    return action


def _molecule(job: Job) -> Count:
    job.existing("extensions/molecule")
    extensions = job.collection / "extensions"
    scenarios = sorted(file.parent.name for file in extensions.glob("molecule/*/molecule.yml"))
    with _simulator(job) as file:
        job.variables["SIMULATOR_FILE"] = str(file)
        codes = [job.call("molecule", "test", "-s", scenario, folder=extensions) for scenario in scenarios]
    return Count(passed=codes.count(0), failed=len(codes) - codes.count(0))


def _package(job: Job, folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    job.must("ansible-galaxy", "collection", "build", "--output-path", str(folder))
    return next(folder.glob("*.tar.gz"))


def _build(job: Job) -> Count:
    print(f"      {_package(job, ROOT / 'dist').relative_to(ROOT)}")
    return Count(passed=1)


def _docs(job: Job) -> Count:
    site = ROOT / "dist" / "docs"
    pages = build_site(job, "cloudgate.operations", site)
    print(f"      {site.relative_to(ROOT)}/index.html, {pages} pages")
    return Count(passed=1)


def _importer(job: Job) -> Count:
    package = _package(job, job.log.with_suffix(""))
    job.must(job.python, "-m", "galaxy_importer.main", package, folder=package.parent)
    return Count(passed=1)


def _execution_environment(job: Job) -> Count:
    """Check that ansible-builder finds our requirements, and that it can write the context of an image."""
    job.must("ansible-builder", "introspect", "--sanitize", collections_path(job.collection))
    if "keystoneauth1" not in job.log.read_text(encoding="utf-8"):
        raise StepFailed("ansible-builder does not see the collection's requirements")
    _package(job, job.collection / "dist")
    context = job.log.with_suffix("")
    job.must("ansible-builder", "create", "-f", "tests/ee/execution-environment.yml", "-c", context)
    # The example for users: with the collection from Galaxy, which is asked when the image is built.
    job.must("ansible-builder", "create", "-f", "extensions/awx/execution-environment.yml", "-c", context)
    if "cloudgate.operations" not in (context / "_build" / "requirements.yml").read_text(encoding="utf-8"):
        raise StepFailed("the example of an execution environment is without the collection")
    return Count(passed=3)


def _report(job: Job) -> Count:
    """Look at the report in a browser."""
    debian.provide(("chromium", "chromium-browser", "google-chrome"), "chromium", "the test of the report")
    return _pytest("tests/report")(job)


def _eda(job: Job) -> Count:
    """Run the event source under ansible-rulebook, whose rule engine is written in Java."""
    debian.provide(("java",), "default-jre-headless", "ansible-rulebook")
    return _pytest("tests/eda")(job)


def _openstack(*tests: str) -> Action:
    def action(job: Job) -> Count:
        (script,) = job.existing("tests/openstack/run.sh")
        report = job.log.with_suffix(".xml")
        report.unlink(missing_ok=True)
        code = job.call("bash", script, f"--junitxml={report}", *tests)
        return _counted(from_junit([report] if report.exists() else []), code)

    return action


def _verdicts(job: Job) -> Count:
    """Judge the recordings and, live, a real Nova; the table is the last that is printed."""
    (script,) = job.existing("tests/openstack/run.sh")
    live = job.log.with_suffix(".json")
    live.unlink(missing_ok=True)
    job.variables.update(LIVE_VERDICTS=str(live), PYTHONPATH=str(collections_path(job.collection)))
    codes = [job.call("bash", script, "-q", "test_verdicts.py")]
    codes.append(job.call(job.python, "tests/verdicts/table.py", *([live] if live.exists() else [])))
    return Count(passed=codes.count(0), failed=len(codes) - codes.count(0))


def _tables(job: Job) -> Count:
    """Write the tables of what tests expect into the checkout's documentation."""
    document, script = job.existing("docs/reliability.md", "tests/docs/generated.py")
    job.variables["PYTHONPATH"] = f"{job.collection / 'tests'}:{collections_path(job.collection)}"
    job.must(job.python, script)
    shutil.copy(job.collection / document, ROOT / document)
    return Count(passed=1)


def _measured(*scripts: str) -> Action:
    """Run scripts of tests/benchmark beside the simulated clouds; each ends with 1 when it misses a bar.

    The page on benchmarks in the checkout gets what they have written into its copy.
    """

    def action(job: Job) -> Count:
        paths = job.existing(*(f"tests/benchmark/{script}.py" for script in scripts))
        with _simulator(job) as file:
            folders = f"{job.collection / 'tests'}:{collections_path(job.collection)}"
            (page,) = job.existing("docs/benchmarks.md")
            document = job.collection / page
            before = document.read_bytes()
            job.variables.update(SIMULATOR_FILE=str(file), PYTHONPATH=folders, BENCH_DOCUMENT=str(document))
            codes = [job.call(job.python, path) for path in paths]
            if document.read_bytes() != before:
                shutil.copy(document, ROOT / page)
        return Count(passed=codes.count(0), failed=len(codes) - codes.count(0))

    return action


def _fuzz(job: Job) -> Count:
    """Hostile input to all that reads: a large number of made-up answers, then bytes that follow the coverage."""
    job.variables["PYTHONPATH"] = f"{job.collection / 'tests'}:{collections_path(job.collection)}"
    asked = shlex.split(os.environ.get("FUZZ", ""))
    codes = [job.call(job.python, "tests/fuzz/run.py", *asked)]
    if not asked:
        codes.append(_follow_coverage(job))
    return Count(passed=codes.count(0), failed=len(codes) - codes.count(0))


def _follow_coverage(job: Job) -> int:
    try:
        python = environment("atheris") / "bin" / "python"
    except (EnvironmentUnavailable, subprocess.CalledProcessError) as exc:
        print(f"      not followed by coverage: atheris cannot be installed here ({exc})", flush=True)
        return 0
    return job.call(python, "tests/fuzz/coverage_guided.py", COVERAGE_SECONDS)


def _secrets(*options: str) -> Action:
    """Plant secrets, search for them, and show that the search finds what is leaked on purpose."""

    def action(job: Job) -> Count:
        (script,) = job.existing("tests/secrets/check_secrets.py")
        counted = job.log.with_suffix(".json")
        counted.unlink(missing_ok=True)
        job.variables["PYTHONPATH"] = str(job.collection / "tests")
        code = job.call(job.python, script, "--counted", counted, *options)
        count = Count(**json.loads(counted.read_text(encoding="utf-8"))) if counted.exists() else Count()
        return _counted(count, code)

    return action


_AUDITED = ("test", "oracles", "importer")  # not the oldest that are still supported: those are old on purpose


def _audit(job: Job) -> Count:
    """Ask for known vulnerabilities of what the checks run with; nothing is said where nobody answers."""
    report = job.log.with_suffix(".json")
    count = Count()
    for lock in job.existing(*(f"tests/requirements/locks/{name}.txt" for name in _AUDITED)):
        report.unlink(missing_ok=True)
        job.call("pip-audit", "--no-deps", "--disable-pip", "-r", lock, "--format", "json", "--output", report)
        found = json.loads(report.read_text(encoding="utf-8"))["dependencies"] if report.exists() else []
        audited = [each for each in found if "skip_reason" not in each]
        if not audited:
            raise EnvironmentUnavailable("the vulnerability service cannot be reached from here: nothing was audited")
        vulnerable = [each for each in audited if each["vulns"]]
        count += Count(len(audited) - len(vulnerable), len(vulnerable))
    return count


def _soak(job: Job) -> Count:
    """Wait for three hours in simulated time a thousand times, then for ten real minutes."""
    job.existing("tests/soak")
    job.variables["PYTHONPATH"] = f"{job.collection / 'tests'}:{collections_path(job.collection)}"
    codes = [job.call(job.python, "-m", f"soak.{name}") for name in ("simulated", "real")]
    return Count(passed=codes.count(0), failed=len(codes) - codes.count(0))


_DOCS_LINT = ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs", "self"]

STEPS: dict[str, Step] = {
    "ruff": Step(_command("ruff", "check", "--no-cache", ".")),
    "format": Step(_command("ruff", "format", "--check", "--no-cache", ".")),
    "reuse": Step(_command("reuse", "lint", "--lines")),
    "changelog": Step(_command("antsibull-changelog", "lint")),
    "mypy": Step(_mypy),
    "units": Step(_pytest("tests/unit")),
    "simulated": Step(_pytest("tests/simulator_tests", "tests/simulated", "tests/soak", "tests/nothing")),
    "faults": Step(_pytest("tests/faults")),
    "tables": Step(_tables),
    "oracles": Step(_pytest("tests/oracles"), "oracles"),
    "awx": Step(_pytest("tests/awx"), "awx"),
    "fuzz": Step(_fuzz),
    "fuzz-short": Step(_pytest("tests/fuzz")),
    "build": Step(_build),
    "docs-lint": Step(_command(*_DOCS_LINT, "--check-extra-docs-refs", ".")),
    "docs": Step(_docs, "docs"),
    "pages": Step(_pytest("tests/docs")),
    "ee": Step(_execution_environment),
    "report": Step(_report),
    "eda": Step(_eda, "eda"),
    "ansible-lint": Step(_command("ansible-lint", "--offline", "--profile", "production", "--strict")),
    "importer": Step(_importer, "importer"),
    "molecule": Step(_molecule),
    "integration": Step(_integration),
    "sanity": Step(_sanity),
    "secrets": Step(_secrets()),
    "secrets-quick": Step(_secrets("--quick")),
    "audit": Step(_audit, "audit"),
    # A Nova that was killed needs a quiet machine to come up again in time, so that this is a step of its own.
    "openstack": Step(_openstack("--ignore=test_outage.py")),
    "feed": Step(_openstack("-rP", "test_change_feed.py")),
    "outage": Step(_openstack("test_outage.py")),
    "bench": Step(_measured("bars", "schedules", "waits"), "bench"),
    "fleet": Step(_measured("fleet"), "bench"),
    "verdicts": Step(_verdicts),
    "soak": Step(_soak),
    "units-py3.8": Step(_units_on("3.8")),
    "units-py3.9": Step(_units_on("3.9")),
}
# Of the tests on simulated clouds, those that run Ansible; on the oldest and on the newest, as they take minutes.
_RUN_ANSIBLE = [
    f"tests/simulated/test_{name}.py"
    for name in ("examples", "interruptions", "one_run", "playbooks", "progress", "waiting")
] + ["tests/nothing"]
for _core in ("2.16", "2.20", "2.21"):
    _tests = ["tests/unit"] + (_RUN_ANSIBLE if _core != "2.20" else [])
    STEPS[f"units-{_core}"] = Step(_pytest(*_tests), f"core-{_core}")
    # The oldest controller with the oldest Python on the node.
    STEPS[f"integration-{_core}"] = Step(_integration_on("3.8") if _core == "2.16" else _integration, f"core-{_core}")
    STEPS[f"sanity-{_core}"] = Step(_sanity, f"core-{_core}")

_LINT = ["ruff", "format", "reuse", "changelog", "mypy", "docs-lint", "ansible-lint"]
# After the linters, which say something soon, what takes longest comes first, so that both cores are busy to the end.
GROUPS: dict[str, list[str]] = {
    "lint": _LINT,
    "test": [
        *_LINT,
        *("simulated", "integration", "sanity", "awx", "faults", "eda", "secrets-quick", "units", "importer"),
        *("molecule", "report", "fuzz-short", "oracles", "build", "docs", "pages", "ee"),
    ],
    "matrix": [
        *("integration-2.21", "integration-2.16"),  # the newest and the oldest: it takes minutes each
        *(f"{kind}-{core}" for kind in ("units", "sanity") for core in ("2.21", "2.16", "2.20")),
        "units-py3.8",
        "units-py3.9",
    ],
}
