# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nova, Keystone or both are killed and started again during a wait, and tokens live for seconds: the gate opens."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from conftest import Playing
from lab.bench import Bench, expect

LAB = Path(__file__).parent / "lab.sh"
LIFE = {"LAB_TOKEN_EXPIRATION": "3"}  # seconds
RENEWED = 8.0  # seconds in which such a token is renewed
LONG = 900  # seconds in which Nova restarts on any machine; usually it takes ten
PATIENCE = 60.0  # seconds that immediate work may take on a busy machine


def lab(command: str, *names: str, **settings: str) -> None:
    """Kill or start the processes of the lab."""
    subprocess.run([str(LAB), command, *names], env={**os.environ, **settings}, check=True, timeout=LONG)


class Reboot:
    """A reboot that ends when the test wants it, and a gate on it."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        folder.mkdir()
        self._bench = bench
        self._folder = folder
        self._server = bench.boot({"lab_reboot": f"file={folder / 'go-on'}"})
        self._action = expect(bench.act(self._server, {"reboot": {"type": "SOFT"}}), 202).request_id

    def gate(self, timeout: float = LONG) -> Playing:
        """Start a gate on it."""
        named = {"server_id": self._server, "request_id": self._action}
        options = {"poll_min": 1, "poll_max": 1, "timeout": timeout, "operations": [named]}
        return Playing(self._folder, "wait.yml", None, {f"operation_gate_{name}": options[name] for name in options})

    def is_seen(self, gate: Playing) -> None:
        """Return when the gate has seen it run."""
        self._bench.wait_until(lambda: "is running" in gate.output(), "the gate has seen nothing", PATIENCE)

    def end(self) -> None:
        """Let it end."""
        (self._folder / "go-on").touch()

    def has_ended(self) -> None:
        """Return when Nova shows that it has."""
        self._bench.wait(self._server, "ACTIVE", PATIENCE)
        self._bench.wait_for_events(self._server, self._action)


@pytest.mark.usefixtures("play")
@pytest.mark.parametrize("names", [["nova"], ["nova", "keystone"]], ids=["nova", "nova and keystone"])
def test_a_gate_outlasts_a_power_cut(bench: Bench, tmp_path: Path, names: list[str]) -> None:
    """One reboot ends just before the kill, unseen by its gate. The other is running, and Nova restarts it."""
    unseen, cut = Reboot(bench, tmp_path / "unseen"), Reboot(bench, tmp_path / "cut")
    gates = [unseen.gate(), cut.gate()]
    for reboot, gate in zip((unseen, cut), gates, strict=True):
        reboot.is_seen(gate)
    bench.drain()
    unseen.end()
    unseen.has_ended()
    lab("kill", *names)
    killed = datetime.now(timezone.utc).isoformat()
    cut.end()  # Nova begins nothing else before this reboot has finished
    time.sleep(2)
    assert all(gate.goes_on() for gate in gates)
    lab("start", *names)
    ended, resumed = (gate.end(LONG).succeeded()[0] for gate in gates)
    assert ended["operations"][0]["finished_at"] < killed < resumed["operations"][0]["finished_at"]
    assert (ended["operations"][0]["retries"], resumed["operations"][0]["retries"]) == (0, 1)
    assert ended["tolerated_errors"] > 0
    assert resumed["tolerated_errors"] > 0


@pytest.fixture(scope="module")
def short_tokens() -> Iterator[None]:
    """Have Keystone issue tokens that live for seconds."""
    lab("kill", "keystone")
    lab("start", "keystone", **LIFE)
    yield
    lab("kill", "keystone")
    lab("start", "keystone")


@pytest.mark.usefixtures("play", "short_tokens")
@pytest.mark.parametrize("outage", [False, True], ids=["Keystone up", "Keystone down"])
def test_tokens_that_live_for_seconds_are_renewed(bench: Bench, tmp_path: Path, outage: bool) -> None:
    reboot = Reboot(bench, tmp_path / "reboot")
    gate = reboot.gate()
    reboot.is_seen(gate)
    if outage:
        lab("kill", "keystone")
        time.sleep(3)
        lab("start", "keystone", **LIFE)
    time.sleep(RENEWED)  # the gate reads on, with a new token
    reboot.end()
    (result,) = gate.end(LONG).succeeded()
    assert result["reauthentications"] > 0
    assert (result["tolerated_errors"] > 0) is outage
