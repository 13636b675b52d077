# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A new contributor: an empty home folder, a clone, and the commands and rows of CONTRIBUTING.

CONTRIBUTOR_CLONE is the clone. CONTRIBUTOR_SECONDS is a file for the durations of one unit test, in seconds.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from first_hour.new_user import Done, NewUser

CLONE = Path(os.environ["CONTRIBUTOR_CLONE"])
CONTRIBUTING = (CLONE / "CONTRIBUTING.md").read_text(encoding="utf-8")
CHANGE = CONTRIBUTING.partition("## A first change")[2].partition("\n## ")[0]
ONE_TEST = "tests/unit/plugins/module_utils/_model/test_times.py"


def command(words: str) -> str:
    """Return the only command of CONTRIBUTING that begins with these words, without its comment."""
    (found,) = {line.split("  ")[0] for line in CONTRIBUTING.splitlines() if line.startswith(words)}
    return found


def add_row(row: str, name: str, table: str) -> None:
    """Add a row of CONTRIBUTING at the top of a table; C(table) is a pattern for the line that begins it."""
    (file,) = {CLONE / path for path in re.findall(r"`(\S+\.py)`", CHANGE) if path.endswith(name)}
    (text,) = re.findall(rf"`({row}.*)`", CHANGE)
    whole = file.read_text(encoding="utf-8")
    begin = re.search(table, whole, re.MULTILINE)
    assert begin, f"{table} is not in {file}"
    file.write_text(f"{whole[: begin.end()]}{text}\n{whole[begin.end() :]}", encoding="utf-8")


@pytest.fixture(scope="module")
def contributor(tmp_path_factory: pytest.TempPathFactory) -> NewUser:
    """Install nox as CONTRIBUTING says."""
    user = NewUser(tmp_path_factory.mktemp("home"))
    done = user.types(f"python3 -m venv ~/gate && ~/gate/bin/{command('pip install -r tests/requirements/nox')}", CLONE)
    assert done.returncode == 0, done.stdout + done.stderr
    return user


def types(contributor: NewUser, text: str) -> Done:
    done = contributor.types(text, CLONE)
    print(done.stdout, done.stderr)
    return done


def test_the_sessions_are_listed(contributor: NewUser) -> None:
    done = types(contributor, command("nox -l"))

    assert done.returncode == 0
    assert {"lint", "units", "docs-check", "ansible-test-sanity"} <= set(re.findall(r"^[*-] (\S+)", done.stdout, re.M))


def test_one_unit_test_runs_alone(contributor: NewUser) -> None:
    seconds = []
    for _cache in ("cold", "warm"):
        begin = time.monotonic()
        done = types(contributor, f"nox -s units -- {ONE_TEST} -k every_apis_way")
        seconds.append(time.monotonic() - begin)
        assert done.returncode == 0
        assert re.search(r"\d+ passed", done.stdout)
    if "CONTRIBUTOR_SECONDS" in os.environ:
        Path(os.environ["CONTRIBUTOR_SECONDS"]).write_text("{:.0f} cold, {:.0f} warm".format(*seconds), "utf-8")


def test_the_first_change_fails_before_it_passes(contributor: NewUser) -> None:
    (run_it,) = re.findall(r"`(nox -s units -- -k \w+)`", CHANGE)
    add_row(r"\(\"defrost\"", "test_verdict.py", r'"action, steps, server, state",\n    \[\n')
    assert re.search(r"1 failed", types(contributor, run_it).stdout)

    add_row(r"\"defrost\": ", "actions.py", r"^ACTIONS: .*\{\n")
    done = types(contributor, run_it)
    assert done.returncode == 0
    assert re.search(r"\d+ passed", done.stdout)


@pytest.mark.parametrize("text", ["nox -s lint -- ruff mypy", "nox -s docs-check"])
def test_what_was_changed_is_clean(contributor: NewUser, text: str) -> None:
    """Two sessions install separate environments."""
    assert types(contributor, text).returncode == 0
