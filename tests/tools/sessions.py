# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sessions of noxfile.py have in common.

Ansible's tools want a collection in a folder `ansible_collections/cloudgate/operations`, so each session works in a
copy of the checkout there. A session leaves its results in a folder of its own, where parallel.py counts them.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nox
import pip_bootstrap
from interpreters import search_path
from nox.command import CommandFailed
from places import WORK, collections_path, import_path, stage
from requirements import ansible_core, install_arguments, recipe
from results import reports_folder
from with_simulator import SimulatorFailed, running_simulator

# A check must not depend on who runs it: no settings of Ansible, no cloud accounts.
_NOT_INHERITED = ("ANSIBLE_", "MOLECULE_", "OS_", "HUAWEICLOUD_", "HW_", "OTC_", "ECL_", "PYTHON")
# The checks start Python some thousand times and must not write into what they test, so all is compiled beforehand.
UV_OPTIONS = ("--quiet", "--exact", "--system-certs", "--compile-bytecode")

MEASURE_COVERAGE, COVERAGE = "MEASURE_COVERAGE", "coverage"


def prepare(session: nox.Session, requirements: str) -> Path:
    """Install tests/requirements/NAME.txt, enter a copy of the collection, and return its folder."""
    install(session, requirements)
    collection = stage(session.name)
    session.chdir(collection)
    session.env.update(dict.fromkeys((name for name in os.environ if name.startswith(_NOT_INHERITED)), None))
    session.env.update(
        PATH=search_path(),
        ANSIBLE_COLLECTIONS_PATH=str(collections_path(collection)),
        PYTHONDONTWRITEBYTECODE="1",
        LC_ALL="C.UTF-8",
        NO_COLOR="1",
    )
    reports = reports_folder(session.name)
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    tested_on(session, f"{ansible_core(requirements)} on Python {session.python}")
    return collection


def tested_on(session: nox.Session, versions: str) -> None:
    """Leave the name of what the tests of a session run on, which may be more than one."""
    with report_file(session, "environments.txt").open("a", encoding="utf-8") as file:
        file.write(f"{versions}\n")


def install(session: nox.Session, name: str) -> None:
    """Bring the session's environment to what its requirements pin."""
    stamp = Path(session.virtualenv.location, "installed.txt")
    wanted = recipe(name)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    stamp.unlink(missing_ok=True)
    arguments = install_arguments(name)
    try:
        session.install(*(UV_OPTIONS if session.venv_backend == "uv" else ()), *arguments)
    except CommandFailed:
        # pip is slower, but reads pip.conf, where this machine may have its proxies and mirrors.
        pip = (sys.executable, "-m", "pip", "--python", session.virtualenv.location, "install", "--quiet")
        session.run_install(*pip, *arguments, external=True)
    stamp.write_text(wanted, encoding="utf-8")


def report_file(session: nox.Session, name: str) -> Path:
    """Return where a session leaves a result, absent at first."""
    return reports_folder(session.name) / name


def record(session: nox.Session, passed: int, failed: int) -> None:
    """Leave a count, and end the session as failed unless everything passed."""
    count = {"passed": passed, "failed": failed}
    report_file(session, "count.json").write_text(json.dumps(count), encoding="utf-8")
    if failed:
        session.error(f"{failed} of {passed + failed} failed")


def let_import(session: nox.Session) -> None:
    """Let what the session runs import the collection, the simulator, and the tests' own packages."""
    session.env["PYTHONPATH"] = import_path(Path.cwd())


def run_all(session: nox.Session, *commands: Sequence[str | Path]) -> None:
    """Run commands, also after one has failed, and count them."""
    failed = 0
    for command in commands:
        try:
            session.run(*map(str, command), external=True)
        except CommandFailed:
            failed += 1
    record(session, len(commands) - failed, failed)


def pytest(session: nox.Session, *folders: str, marker: str = "", measured: bool = False) -> None:
    """Run the tests of these folders, or those that the command line names after `--`.

    marker: only those with this marker.
    measured: leave the branch coverage of the plugins if the caller asks for it, because that takes twice the time.
    """
    let_import(session)
    words = session.posargs
    named = any(Path(word.partition("::")[0]).exists() for word in words)
    report = report_file(session, "pytest.xml")
    runner: tuple[str, ...] = ("-m", "pytest")
    if measured and MEASURE_COVERAGE in os.environ:
        session.env["COVERAGE_FILE"] = str(report_file(session, COVERAGE))
        runner = ("-m", "coverage", "run", *runner)
    command: tuple[str, ...] = ("python", *runner, "-p", "no:cacheprovider", f"--junitxml={report}")
    if marker and not named:
        command += ("-m", marker)
    session.run(*command, *(() if named else folders), *words)


def ansible_test(session: nox.Session, *arguments: str) -> None:
    """Run ansible-test without what an earlier run has left, and keep its results."""
    pip_bootstrap.provide()
    output = Path("tests/output")
    shutil.rmtree(output, ignore_errors=True)
    try:
        session.run("ansible-test", *arguments, "--color", "no")
    finally:
        for result in (*output.glob("junit/*.xml"), *output.glob("data/integration-*.json")):
            shutil.copy(result, report_file(session, result.name))


@contextmanager
def simulator(session: nox.Session) -> Iterator[Path]:
    """Start the simulated clouds, and give the file that describes them."""
    try:
        with running_simulator(session.virtualenv.bin + "/python", Path("tests").resolve()) as file:
            yield file
    except SimulatorFailed as exc:
        session.error(str(exc))


def integration(session: nox.Session, *hosts: str) -> None:
    """Run the integration targets, or those that the command line names, beside the simulated clouds."""
    with simulator(session) as file:
        settings = f"simulator_file: {file}\nsimulator_python: {session.virtualenv.bin}/python\n"
        Path("tests/integration/integration_config.yml").write_text(settings, encoding="utf-8")
        ansible_test(session, "integration", *session.posargs, "--continue-on-error", *hosts)


def package(session: nox.Session, folder: Path) -> Path:
    """Build the collection's package into an emptied folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    session.run("ansible-galaxy", "collection", "build", "--output-path", str(folder))
    return next(folder.glob("*.tar.gz"))


def scratch(session: nox.Session, name: str) -> Path:
    """Return a folder for what a session makes on the way."""
    return WORK / f"{session.name}-{name}"
