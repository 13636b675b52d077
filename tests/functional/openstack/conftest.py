# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks as a user does, against the Nova that run.sh has started."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lab.bench import Bench

PLAYBOOKS = Path(__file__).parent / "playbooks"
SECONDS = 240
PATIENCE = 60.0  # seconds that a gate may take to begin, on a busy machine


@dataclass(frozen=True)
class Run:
    """The result of one run of ansible-playbook."""

    code: int
    output: str
    results: list[dict[str, Any]]

    def succeeded(self) -> list[dict[str, Any]]:
        """Return what the gates said; every one has opened."""
        assert self.code == 0, self.output
        assert self.results, "the playbook handed over no results"
        for result in self.results:
            assert result["succeeded"] is True
            assert result["finished"] is True
            assert "failure" not in result
        return self.results

    def failed(self) -> dict[str, Any]:
        """Return the result of the gate at which the play ended."""
        assert self.code == 2, self.output
        assert "behind the gate" not in self.output
        last = self.results[-1]
        assert last["succeeded"] is False
        assert last["msg"] == last["failure"]["message"]
        assert last["msg"] in self.output
        return last


Play = Callable[..., Run]


@pytest.fixture(scope="session")
def bench() -> Bench:
    """Return the lab as member and as administrator."""
    return Bench()


@pytest.fixture
def play(bench: Bench, tmp_path: Path) -> Iterator[Play]:
    """Return a function that runs a playbook with extra variables, and with none of the variables of the cloud."""

    def run(playbook: str, environment: dict[str, str] | None = None, **variables: Any) -> Run:
        return Playing(tmp_path, playbook, environment, variables).end()

    yield run
    bench.clean_up()


class Playing:
    """A run of ansible-playbook in progress."""

    def __init__(
        self, folder: Path, playbook: str, environment: dict[str, str] | None, variables: dict[str, Any]
    ) -> None:
        self._results = folder / "results.json"
        self._log = folder / "output"
        given = {"results_file": str(self._results), **variables}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OS_")}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["ansible-playbook", "-e", json.dumps(given), playbook],
                cwd=PLAYBOOKS,
                env={
                    **kept,
                    "OS_AUTH_URL": os.environ["OS_AUTH_URL"],
                    "ANSIBLE_LOCALHOST_WARNING": "false",
                    "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
                    "ANSIBLE_NOCOLOR": "true",
                    **(environment or {}),
                },
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def output(self) -> str:
        """Return what it has printed so far."""
        return self._log.read_text(errors="replace")

    def goes_on(self) -> bool:
        """Return whether it has not ended."""
        return self._process.poll() is None

    def end(self, seconds: float = SECONDS) -> Run:
        """Wait for its end."""
        try:
            code = self._process.wait(seconds)
        finally:
            self._process.kill()
        handed_over = json.loads(self._results.read_text()) if self._results.exists() else []
        return Run(code, self.output(), handed_over)


@pytest.fixture
def slow_bus(bench: Bench) -> Iterator[None]:
    """Let each message between Nova's services arrive half a second late, so that Nova looks idle between two steps."""
    bench.set_bus_delay(0.5)
    yield
    bench.set_bus_delay(0)


@pytest.fixture(params=["quick_bus", "slow_bus"])
def bus(request: pytest.FixtureRequest) -> None:
    """Run a test twice, the second time on a slow bus."""
    if request.param == "slow_bus":
        request.getfixturevalue("slow_bus")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a session in which no test ran."""
    if session.testscollected == 0 or session.config.option.collectonly:
        return
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if not reporter.stats.get("passed") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
