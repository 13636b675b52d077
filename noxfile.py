# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# /// script
# dependencies = ["nox>=2025.2.9", "antsibull-nox>=1.10"]
# ///
"""Every check of this collection, as a session of nox.

    nox -l                                          list the sessions
    nox                                             run the quick ones: linters, documentation, unit tests
    nox -s units -- tests/unit/…/test_x.py::test_y  run one test
    nox -s lint -- ruff mypy                        run two of the linters

Each session installs what tests/requirements pins, and works in a copy of the checkout in the user's cache.
`make test` runs all sessions with the tag "test", several at a time.
"""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import antsibull_nox
import nox

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tests" / "tools"))

import debian  # noqa: E402
import openstack_cloud  # noqa: E402
import releasing  # noqa: E402
from docs_site import build_site  # noqa: E402
from interpreters import find  # noqa: E402
from places import collections_path  # noqa: E402
from requirements import LOCKS, install_arguments, python_for  # noqa: E402
from results import reports_folder  # noqa: E402
from sessions import (  # noqa: E402
    COVERAGE,
    UV_OPTIONS,
    ansible_test,
    integration,
    let_import,
    package,
    prepare,
    pytest,
    record,
    report_file,
    run_all,
    scratch,
    simulator,
    tested_on,
)

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.download_python = "never"
nox.options.sessions = ["lint", "extra-checks", "docs-check", "units"]

MAIN = python_for("test")
FUNCTIONAL, NIGHTLY = "tests/functional", "tests/nightly"


# Reading the code

antsibull_nox.load_antsibull_nox_toml()  # extra-checks


@nox.session(python=MAIN, tags=["test"])
def lint(session: nox.Session) -> None:
    """Check style, types, licenses, changelog, playbooks and workflows; name linters after -- for some of them."""
    prepare(session, "test")
    session.env["MYPYPATH"] = session.env["ANSIBLE_COLLECTIONS_PATH"]
    workflows = sorted(str(file) for file in Path(".github/workflows").glob("*.yml"))
    linters = {
        "ruff": "ruff check --no-cache .",
        "format": "ruff format --check --no-cache .",
        "mypy": f"mypy --cache-dir={scratch(session, 'mypy')} -p ansible_collections.cloudgate.operations.plugins",
        "yamllint": "yamllint --strict .",
        "codespell": "codespell",
        "prose": "python tests/docs/prose.py",
        "reuse": "reuse lint --lines",
        "changelog": "antsibull-changelog lint",
        "ansible-lint": "ansible-lint --offline --profile production --strict",
        "zizmor": "zizmor --offline --quiet .github",
        "workflows": f"check-jsonschema --builtin-schema vendor.github-workflows {shlex.join(workflows)}",
        "dependabot": "check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml",
    }
    if unknown := [name for name in session.posargs if name not in linters]:
        session.error(f"{', '.join(unknown)}: no linter of this name; there are {', '.join(linters)}")
    run_all(session, *(shlex.split(linters[name]) for name in session.posargs or linters))


@nox.session(name="docs-check", python=MAIN, tags=["test"])
def docs_check(session: nox.Session) -> None:
    """Check the documentation of the modules, and the references to it."""
    prepare(session, "test")
    options = ("--plugin-docs", "--validate-collection-refs", "self", "--check-extra-docs-refs")
    session.run("antsibull-docs", "lint-collection-docs", *options, ".")


# Tests


@nox.session(python=python_for("core-2.19"), tags=["test"])
def units(session: nox.Session) -> None:
    """Run the unit tests."""
    prepare(session, "core-2.19")
    pytest(session, "tests/unit", measured=True)


@nox.session(python=MAIN, tags=["test", "long"])
def simulated(session: nox.Session) -> None:
    """Run the modules in one process on simulated clouds."""
    prepare(session, "test")
    pytest(session, f"{FUNCTIONAL}/simulator_tests", f"{FUNCTIONAL}/simulated", marker="not playbook", measured=True)


@nox.session(python=MAIN, tags=["test", "longest"])
def playbooks(session: nox.Session) -> None:
    """Run playbooks on simulated clouds."""
    prepare(session, "test")
    pytest(session, f"{FUNCTIONAL}/simulated", f"{FUNCTIONAL}/nothing", marker="playbook")


@nox.session(python=MAIN)
def coverage(session: nox.Session) -> None:
    """Say which branches of the plugins no test took, where MEASURE_COVERAGE was set for the tests."""
    prepare(session, "test")
    measured = (reports_folder(name) / COVERAGE for name in ("simulated", "units"))
    session.run("coverage", "combine", "--keep", *map(str, measured))
    session.run("coverage", "report")


@nox.session(python=MAIN, tags=["test", "long"])
def faults(session: nox.Session) -> None:
    """Meet each provider with each fault in the middle of a wait."""
    prepare(session, "test")
    pytest(session, f"{FUNCTIONAL}/faults")


@nox.session(python=MAIN, tags=["test"])
def pages(session: nox.Session) -> None:
    """Check each link, sentence and block of code of the documentation."""
    prepare(session, "test")
    pytest(session, "tests/docs")


@nox.session(python=python_for("oracles"), tags=["test"])
def oracles(session: nox.Session) -> None:
    """Compare what an answer means with the vendors' own clients."""
    prepare(session, "oracles")
    pytest(session, f"{FUNCTIONAL}/oracles")


@nox.session(name="definition-oracles", python=python_for("definition-oracles"), tags=["test"])
def definition_oracles(session: nox.Session) -> None:
    """Compare the ready-made definitions with the vendors' own SDKs."""
    prepare(session, "definition-oracles")
    pytest(session, f"{FUNCTIONAL}/definition_oracles")


@nox.session(python=python_for("awx"), tags=["test", "long"])
def awx(session: nox.Session) -> None:
    """Set up AWX's API with the example data, and run its jobs with ansible-runner."""
    prepare(session, "awx")
    pytest(session, f"{FUNCTIONAL}/awx")


@nox.session(python=python_for("eda"), tags=["test", "long"])
def eda(session: nox.Session) -> None:
    """Run the event source under ansible-rulebook, whose rule engine is written in Java."""
    prepare(session, "eda")
    debian.provide(session, ("java",), "default-jre-headless", "ansible-rulebook")
    pytest(session, f"{FUNCTIONAL}/eda")


@nox.session(python=MAIN, tags=["test"])
def report(session: nox.Session) -> None:
    """Open the report in a browser."""
    prepare(session, "test")
    browsers = ("chromium", "chromium-browser", "google-chrome")
    debian.provide(session, browsers, "chromium", "the test of the report")
    pytest(session, f"{FUNCTIONAL}/report")


@nox.session(name="first-hour", python=MAIN, tags=["test"])
def first_hour(session: nox.Session) -> None:
    """Do what README says in an empty home folder; only Galaxy's packages and the cloud are ours."""
    prepare(session, "test")
    packages = (package(session, scratch(session, "packages")), openstack_cloud.package(session))
    seconds = report_file(session, "seconds")
    session.env.update(FIRST_HOUR_PACKAGES=" ".join(map(str, packages)), FIRST_HOUR_SECONDS=str(seconds))
    pytest(session, f"{FUNCTIONAL}/first_hour")
    if seconds.exists():
        session.log(f"a new user has a gate after {seconds.read_text(encoding='utf-8')} s")


def plant_secrets(session: nox.Session, *options: str) -> None:
    """Plant secrets, and search for them wherever a run can leave them."""
    prepare(session, "test")
    let_import(session)
    script = f"{FUNCTIONAL}/secrets/check_secrets.py"
    session.run("python", script, "--counted", str(report_file(session, "count.json")), *options, *session.posargs)


@nox.session(python=MAIN)
def secrets(session: nox.Session) -> None:
    """Plant secrets in every kind of login, and search for them wherever a run can leave them; some minutes."""
    plant_secrets(session)


@nox.session(python=MAIN, tags=["test"])
def contributor(session: nox.Session) -> None:
    """Do what CONTRIBUTING says in an empty home folder, with a clone of the last commit."""
    prepare(session, "test")
    clone, seconds = scratch(session, "clone"), report_file(session, "seconds")
    shutil.rmtree(clone, ignore_errors=True)
    session.run("git", "clone", "--quiet", str(ROOT), str(clone), external=True)
    session.env.update(CONTRIBUTOR_CLONE=str(clone), CONTRIBUTOR_SECONDS=str(seconds))
    pytest(session, f"{FUNCTIONAL}/contributor")
    if seconds.exists():
        session.log(f"one unit test takes these seconds: {seconds.read_text(encoding='utf-8')}")


@nox.session(name="secrets-quick", python=MAIN, tags=["test", "long"])
def secrets_quick(session: nox.Session) -> None:
    """Do the same with fewer kinds of login."""
    plant_secrets(session, "--quick")


@nox.session(python=MAIN, tags=["test"])
def nightly(session: nox.Session) -> None:
    """Run for a short time what runs for hours at night: hostile input, random faults, and benchmarks."""
    prepare(session, "test")
    pytest(session, NIGHTLY)


@nox.session(python=MAIN, tags=["test"])
def molecule(session: nox.Session) -> None:
    """Run the role's scenarios, or those named after --."""
    collection = prepare(session, "test")
    scenarios = sorted(file.parent.name for file in collection.glob("extensions/molecule/*/molecule.yml"))
    with simulator(session) as file:
        session.env["SIMULATOR_FILE"] = str(file)
        session.chdir("extensions")
        run_all(session, *(("molecule", "test", "-s", name) for name in session.posargs or scenarios))


# ansible-test


@nox.session(name="ansible-test-sanity", python=MAIN, tags=["test", "long"])
def ansible_test_sanity(session: nox.Session) -> None:
    """Run ansible-test's sanity tests."""
    prepare(session, "test")
    ansible_test(session, "sanity", "--local", "--junit", *session.posargs)


@nox.session(name="ansible-test-integration", python=MAIN, tags=["test", "long"])
def ansible_test_integration(session: nox.Session) -> None:
    """Run the integration targets, or those named after --."""
    prepare(session, "test")
    integration(session, "--local")


def add_units_for(version: str, tag: str) -> None:
    """Add the unit tests of what runs on managed nodes, with a Python version that only they may have."""

    @nox.session(name=f"ansible-test-units-{version}", python=python_for("core-2.19"), tags=[tag, "long"])
    def ansible_test_units(session: nox.Session) -> None:
        """Test what runs on managed nodes with a Python version that only they may have."""
        prepare(session, "core-2.19")
        if find(version) is None:
            session.skip(f"no Python {version} on this machine")
        tested_on(session, f"ansible-core on Python {version}")
        ansible_test(session, "units", "--venv", "--requirements", "--python", version, *session.posargs)


# `make matrix` takes both tags, CI the first: ansible-test forks for each test, which takes minutes.
add_units_for("3.8", "matrix")
add_units_for("3.9", "matrix-nightly")


# The same on other versions of ansible-core: `make matrix`

# The sessions that CI runs on each version: all quick ones on the oldest and the newest, and one long one on each.
IN_CI = {
    "2.16": ("units", "ansible-test-sanity", "ansible-test-integration"),
    "2.20": (),
    "2.21": ("units", "ansible-test-sanity", "playbooks"),
}
# Of the tests on simulated clouds, those of how Ansible runs a wait.
RUN_ANSIBLE = [
    f"{FUNCTIONAL}/simulated/test_{name}.py"
    for name in ("interruptions", "one_run", "playbooks", "progress", "waiting")
] + [f"{FUNCTIONAL}/nothing"]


def add_sessions_for(core: str) -> None:
    """Add the sessions for another ansible-core."""
    environment = f"core-{core}"
    python = python_for(environment)

    def session_of(kind: str, *tags: str) -> Callable[[Callable[[nox.Session], None]], object]:
        tag = "matrix" if kind in IN_CI[core] else "matrix-nightly"
        return nox.session(name=f"{kind}-{core}", python=python, tags=[tag, *tags])

    @session_of("units")
    def units(session: nox.Session) -> None:
        """Run the unit tests."""
        prepare(session, environment)
        pytest(session, "tests/unit")

    @session_of("ansible-test-sanity")
    def sanity(session: nox.Session) -> None:
        """Run ansible-test's sanity tests on what the package holds; the main version reads the tests, too."""
        prepare(session, environment)
        ansible_test(session, "sanity", "--local", "--junit", "--exclude", "tests/", *session.posargs)

    @session_of("playbooks", "long")
    def playbooks(session: nox.Session) -> None:
        """Run playbooks on simulated clouds."""
        prepare(session, environment)
        pytest(session, *RUN_ANSIBLE)

    @session_of("ansible-test-integration", "long")
    def targets(session: nox.Session) -> None:
        """Run the integration targets."""
        prepare(session, environment)
        integration(session, *(oldest_node(session) if core == "2.16" else ("--local",)))


def oldest_node(session: nox.Session) -> tuple[str, ...]:
    """Make the environment of a managed node with the oldest Python, and return what ansible-test calls it."""
    if find("3.8") is None:
        session.skip("no Python 3.8 on this machine")
    target = Path(session.virtualenv.location, "target-3.8")
    if not target.exists():
        session.run_install("uv", "venv", "--quiet", "--python", python_for("target-3.8"), str(target), external=True)
    session.install(*UV_OPTIONS, "--python", f"{target}/bin/python", *install_arguments("target-3.8"))
    version = session.run("python", "-c", "import sys; print('%s.%s' % sys.version_info[:2])", silent=True)
    controller = f"origin:python={str(version).strip()}"
    return ("--controller", controller, "--target", f"controller:python=3.8@{target}/bin/python")


for each in IN_CI:
    add_sessions_for(each)


# Packages and pages


@nox.session(python=python_for("importer"), tags=["test"])
def build(session: nox.Session) -> None:
    """Build the package into dist/, and import it as Automation Hub would."""
    prepare(session, "importer")
    import_package(session)


def import_package(session: nox.Session) -> None:
    """Build the package, import it as Automation Hub would, and put it into dist/."""
    archive = package(session, scratch(session, "package"))
    with session.chdir(archive.parent):
        session.run("python", "-m", "galaxy_importer.main", str(archive))
    (ROOT / "dist").mkdir(exist_ok=True)
    session.log(f"dist/{Path(shutil.copy(archive, ROOT / 'dist')).name}")


@nox.session(python=MAIN, tags=["test"])
def ee(session: nox.Session) -> None:
    """Check that ansible-builder finds the requirements, and that it can write the context of an image."""
    collection = prepare(session, "test")
    folder = str(collections_path(collection))
    found = session.run("ansible-builder", "introspect", "--sanitize", folder, silent=True)
    if "keystoneauth1" not in str(found):
        session.error("ansible-builder does not see the collection's requirements")
    package(session, collection / "dist").rename(collection / "dist" / "cloudgate-operations.tar.gz")
    context = scratch(session, "context")
    session.run("ansible-builder", "create", "-f", "tests/ee/execution-environment.yml", "-c", str(context))
    # The example for users: with the collection from Galaxy, which is asked when the image is built.
    session.run("ansible-builder", "create", "-f", "extensions/awx/execution-environment.yml", "-c", str(context))
    if "cloudgate.operations" not in (context / "_build" / "requirements.yml").read_text(encoding="utf-8"):
        session.error("the example of an execution environment is without the collection")
    record(session, 3, 0)


@nox.session(python=python_for("docs"), tags=["test"])
def docs(session: nox.Session) -> None:
    """Build the documentation's site into dist/docs."""
    collection = prepare(session, "docs")
    count = build_site(session, collection, "cloudgate.operations", ROOT / "dist" / "docs")
    session.log(f"dist/docs/index.html, {count} pages")


@nox.session(python=MAIN)
def tables(session: nox.Session) -> None:
    """Write the tables of the documentation from the tests."""
    collection = prepare(session, "test")
    let_import(session)
    session.run("python", "tests/docs/generated.py")
    for document in (collection / "docs").rglob("*.md"):
        shutil.copy(document, ROOT / document.relative_to(collection))


@nox.session(python=python_for("release"))
def release(session: nox.Session) -> None:
    """Make the release named after --: version, changelog, package, import check, commit and tag, but no push."""
    try:
        version = releasing.check(session.posargs)
    except releasing.WrongVersion as exc:
        session.error(str(exc))
    if releasing.git("status", "--porcelain"):
        session.error("the checkout has changes that are not committed")
    collection = prepare(session, "release")
    releasing.set_version(version, collection)
    session.run("antsibull-changelog", "release", "--version", version)
    session.run("antsibull-changelog", "lint-changelog-yaml", "--strict", "changelogs/changelog.yaml")
    import_package(session)
    releasing.set_version(version)
    releasing.take_over(collection)
    releasing.commit(f"release: {version}")
    releasing.git("tag", "--annotate", "--message", f"Release {version}", version)
    releasing.set_version(releasing.following(version))
    releasing.commit(f"release: begin {releasing.following(version)}")
    session.log(f"Read it with `git show {version}`. To publish it: git push origin HEAD {version}")


# Demonstrations


@nox.session(python=python_for("demo"))
def demo(session: nox.Session) -> None:
    """Gate on operations of every provider, on simulated clouds."""
    prepare(session, "demo")
    session.env.update(
        ANSIBLE_LOCALHOST_WARNING="false",
        ANSIBLE_INVENTORY_UNPARSED_WARNING="false",
        ANSIBLE_CALLBACK_RESULT_FORMAT="yaml",
        ANSIBLE_DISPLAY_SKIPPED_HOSTS="false",
    )
    with simulator(session) as file:
        session.run("ansible-playbook", "cloudgate.operations.demo", "-e", f"simulator_file={file}", *session.posargs)


@nox.session(name="report-demo", python=python_for("demo"))
def report_demo(session: nox.Session) -> None:
    """Write a report of operations on simulated clouds, and its picture, into dist/."""
    prepare(session, "demo")
    session.env.update(ANSIBLE_LOCALHOST_WARNING="false", ANSIBLE_INVENTORY_UNPARSED_WARNING="false")
    with simulator(session) as file:
        session.run("python", f"{FUNCTIONAL}/report/demo.py", str(ROOT / "dist"), str(file))


# A real Nova


def on_a_real_nova(session: nox.Session, *tests: str) -> None:
    """Run tests of tests/functional/openstack against a Nova that is started for them."""
    folders = (collections_path(prepare(session, "test")), openstack_cloud.provide(session))
    session.env["ANSIBLE_COLLECTIONS_PATH"] = ":".join(map(str, folders))
    junit = f"--junitxml={report_file(session, 'pytest.xml')}"
    session.run("bash", f"{FUNCTIONAL}/openstack/run.sh", junit, *tests, *session.posargs, external=True)


# Two sessions, because both wait most of the time: each has a Nova of its own.
@nox.session(python=MAIN, tags=["openstack", "longest"])
def openstack(session: nox.Session) -> None:
    """Test playbooks against a real Nova."""
    on_a_real_nova(session, "--ignore=test_outage.py", "--ignore=test_verdicts.py")


@nox.session(name="openstack-verdicts", python=MAIN, tags=["openstack", "longest"])
def openstack_verdicts(session: nox.Session) -> None:
    """Test the verdict on each kind of action against a real Nova."""
    on_a_real_nova(session, "test_verdicts.py")


@nox.session(python=MAIN)
def outage(session: nox.Session) -> None:
    """Kill a real Nova and Keystone during a wait; on a quiet machine."""
    on_a_real_nova(session, "test_outage.py")


@nox.session(name="bench-feed", python=MAIN)
def bench_feed(session: nox.Session) -> None:
    """Let one of 200 servers of a real Nova fail, and measure how soon it is noticed; FEED_SERVERS=60 for a try."""
    session.env.setdefault("FEED_SERVERS", "200")
    on_a_real_nova(session, "-rP", "test_change_feed.py")


@nox.session(python=MAIN)
def verdicts(session: nox.Session) -> None:
    """Compare the verdict with the obvious rules, on recordings and on a real Nova."""
    live = report_file(session, "live.json")
    session.env["LIVE_VERDICTS"] = str(live)
    try:
        on_a_real_nova(session, "-q", "test_verdicts.py")
    finally:
        let_import(session)
        session.run("python", f"{NIGHTLY}/verdicts/table.py", *map(str, filter(Path.exists, [live])))


# What takes long


@nox.session(python=MAIN)
def fuzz(session: nox.Session) -> None:
    """Feed every reader with hostile input; half an hour, or -- --bodies 1000 for a try."""
    prepare(session, "test")
    let_import(session)
    session.run("python", f"{NIGHTLY}/fuzz/run.py", *session.posargs)


@nox.session(name="fuzz-coverage", python=python_for("atheris"))
def fuzz_coverage(session: nox.Session) -> None:
    """Let atheris make up bytes that reach new code, for two minutes or as many seconds as named after --."""
    if sys.platform != "linux":
        session.skip("atheris needs Linux on x86-64")
    prepare(session, "atheris")
    let_import(session)
    session.run("python", f"{NIGHTLY}/fuzz/coverage_guided.py", *(session.posargs or ("120",)))


@nox.session(python=MAIN)
def soak(session: nox.Session) -> None:
    """Wait through random faults: 1,000 times three simulated hours, and ten real minutes."""
    prepare(session, "test")
    let_import(session)
    run_all(session, ("python", "-m", "soak.simulated"), ("python", "-m", "soak.real"))


def measure(session: nox.Session, *scripts: str) -> None:
    """Run scripts of tests/nightly/benchmark beside the simulated clouds; each fails when it misses a bar.

    The page on benchmarks in the checkout gets what they have written into its copy.
    """
    page = Path("docs/benchmarks.md")
    document = prepare(session, "bench") / page
    let_import(session)
    with simulator(session) as file:
        session.env.update(SIMULATOR_FILE=str(file), BENCH_DOCUMENT=str(document))
        before = document.read_bytes()
        try:
            run_all(session, *(("python", f"{NIGHTLY}/benchmark/{script}.py") for script in scripts))
        finally:
            if document.read_bytes() != before:
                shutil.copy(document, ROOT / page)


@nox.session(python=python_for("bench"))
def bench(session: nox.Session) -> None:
    """Measure each bar, and beside what else one would write; an hour and a half, BENCH_COUNTS=1,10 for a try."""
    measure(session, "bars", "schedules", "waits")


@nox.session(name="bench-fleet", python=python_for("bench"))
def bench_fleet(session: nox.Session) -> None:
    """Measure one task for all hosts beside a task per host; BENCH_COUNTS=10,100 for a try."""
    measure(session, "fleet")


# Maintenance


@nox.session(python=python_for("nox"))
def lock(session: nox.Session) -> None:
    """Pin anew everything that the requirements bring along, or that of the environments named after --."""
    prepare(session, "nox")
    session.chdir(ROOT)
    session.run("python", "tests/tools/lock.py", *session.posargs)


@nox.session(python=python_for("audit"))
def audit(session: nox.Session) -> None:
    """Ask for known vulnerabilities of what the checks run with; needs a vulnerability service."""
    prepare(session, "audit")
    passed = failed = 0
    # Not the oldest that are still supported: those are old on purpose.
    for name in ("test", "oracles", "definition-oracles", "importer"):
        answer = report_file(session, f"{name}.json")
        options = ("--no-deps", "--disable-pip", "-r", str(LOCKS / f"{name}.txt"), "--format", "json")
        session.run("pip-audit", *options, "--output", str(answer), success_codes=[0, 1])
        found = json.loads(answer.read_text(encoding="utf-8"))["dependencies"] if answer.exists() else []
        audited = [each for each in found if "skip_reason" not in each]
        if not audited:
            session.skip("the vulnerability service cannot be reached from here: nothing was audited")
        vulnerable = sum(bool(each["vulns"]) for each in audited)
        passed, failed = passed + len(audited) - vulnerable, failed + vulnerable
    record(session, passed, failed)
