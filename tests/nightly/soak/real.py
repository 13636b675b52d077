# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten minutes of real waits on simulated clouds that fail at random: every gate right, and memory flat.

Three things at once, each with ansible-playbook as a user starts it: a wait in slices for a hundred operations of three
providers, the same as one long process (async), and short gates one after the other. SOAK_SECONDS=30 for a try,
SOAK_SEED to repeat one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulated.playbook_runs import ELSEWHERE, WAIT, ansible, environment, keep, kept, write_play
from soak.clouds import BadClouds, Truth
from soak.sampling import MEASURES, Process, Sample, Sampler, in_turn, trends

SHARES = {"openstack": 60, "huaweicloud_job": 20, "ecl_vna": 20}
POLLING = {"poll_min": 1, "poll_max": 10}
LATE = 75.0  # seconds after the last end: a delay, a burst, and an error or two after it
ENOUGH = 6  # samples for a trend
SLICED, WHOLE, SHORT = "in slices", "one process (async)", "short gates"


@dataclass
class Wait:
    """A playbook that waits, started as its user would, and what is true of its operations."""

    folder: Path
    mark: str
    options: dict[str, Any]
    truths: list[Truth]
    more: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        wait = {"name": "Wait", WAIT: self.options, "register": "found", "ignore_errors": True, **self.more}
        play = write_play(self.folder, [wait, keep(self.folder, "found")])
        environ = environment(
            MARK=self.mark, ANSIBLE_PIPELINING="false", ANSIBLE_PYTHON_INTERPRETER=sys.executable, **ELSEWHERE
        )
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                ansible("playbook", str(play)), env=environ, stdout=log, stderr=subprocess.STDOUT
            )

    def result(self, seconds: float) -> tuple[dict[str, Any], float]:
        """Return what the task registered, and when it ended; it gets this many seconds."""
        try:
            self.process.wait(seconds)
        finally:
            self.process.kill()
        found = self.folder / "found"
        if not found.exists():
            raise AssertionError((self.folder / "log").read_text(errors="replace")[-3000:])
        return kept(self.folder, "found"), found.stat().st_mtime


def lateness(result: dict[str, Any], truths: Sequence[Truth], ended: float) -> float:
    """Seconds that a wait went on after the last end; what Ansible takes to start is not its own."""
    return min(ended - max(truth.ends for truth in truths), result["elapsed"])


def wrong(result: dict[str, Any], truths: Sequence[Truth], ended: float) -> list[str]:
    """Return the statements of a gate that waited for all that are false or came too late."""
    found = {each["operation_id"]: each["state"] for each in result["operations"]}
    complaints = []
    for truth in truths:
        state = "succeeded" if truth.succeeds else "failed"
        if found.get(truth.operation_id) != state:
            complaints.append(f"{truth.operation_id} {state}, and the gate said {found.get(truth.operation_id)}")
        if truth.ends > ended:
            complaints.append(f"{truth.operation_id} ended {truth.ends - ended:.1f} s after the gate")
    if result["succeeded"] is not all(truth.succeeds for truth in truths) or complaints:
        complaints.append(f"the gate said: {result.get('msg', result.get('failure'))}")
    late = lateness(result, truths, ended)
    if late > LATE:
        complaints.append(f"the gate came {late:.1f} s after the last end")
    return complaints


class Soak:
    """One soak: its clouds, its waits, and what was found."""

    def __init__(self, clouds: BadClouds, seconds: float, folder: Path) -> None:
        self.clouds = clouds
        self.seconds = seconds
        self.folder = folder
        self.mark = uuid.uuid4().hex
        self.wrong: list[str] = []
        self.rows: list[str] = []
        self._controllers: dict[int, str] = {}

    def long(self, name: str, failures: bool, **more: Any) -> Wait:
        """Return a wait for a hundred operations. A third ends at any time, the others in the last fifth."""
        groups, truths = [], []
        chance = self.clouds.chance
        for provider, count in SHARES.items():
            ends = [chance.uniform(*((0.1, 0.8) if number % 3 == 0 else (0.8, 0.95))) for number in range(count)]
            begun = [
                self.clouds.begin(provider, end * self.seconds, not (failures and number % 10 == 0))
                for number, end in enumerate(ends)
            ]
            groups.append(self.clouds.group(provider, begun))
            truths += begun
        options = {"groups": groups, "timeout": int(self.seconds) + 200, "on_failure": "finish", **POLLING}
        wait = Wait(self.folder / name.split()[0], self.mark, options, truths, more)
        self._controllers[wait.process.pid] = name
        return wait

    def short(self, number: int) -> None:
        """A gate on a few operations, some of which fail; it has to be right."""
        chance = self.clouds.chance
        provider = chance.choice(list(SHARES))
        begun = [self.clouds.begin(provider, chance.uniform(0, 8), chance.random() < 0.85) for _each in range(3)]
        options = {"groups": [self.clouds.group(provider, begun)], "timeout": 300, "on_failure": "finish"}
        wait = Wait(self.folder / f"short-{number}", uuid.uuid4().hex, options, begun)
        self.judge(SHORT, wait, 400, row=False)

    def judge(self, name: str, wait: Wait, seconds: float, row: bool = True) -> None:
        """Compare a result with the truth."""
        result, ended = wait.result(seconds)
        self.wrong += [f"{name}: {each}" for each in wrong(result, wait.truths, ended)]
        if not row:
            return
        for count in ("tolerated_errors", "reauthentications"):
            if result[count] == 0 and (count == "tolerated_errors" or name == WHOLE) and self.seconds >= 60:
                self.wrong.append(f"{name}: no {count}")
        late = lateness(result, wait.truths, ended)
        keys = ("polls", "requests", "tolerated_errors", "reauthentications")
        self.rows.append(_row(name, len(wait.truths), f"{late:.1f}", *(result[key] for key in keys)))

    def role(self, process: Process) -> str | None:
        """Return the role of a process, in the words of the table."""
        if "async_wrapper" in process.command or process.command.startswith("/bin/sh"):
            return None
        if "AnsiballZ_wait_for_operation" in process.command:
            return f"module, {WHOLE if 'ansible-tmp' in process.command and self._is_async(process) else SLICED}"
        owner = self._controllers.get(process.parent)
        return f"task, {owner}" if owner and "ansible playbook" in process.command else None

    def _is_async(self, process: Process) -> bool:
        """Return whether its parent is Ansible's wrapper of asynchronous jobs, not the shell of a connection."""
        try:
            return b"async_wrapper" in Path(f"/proc/{process.parent}/cmdline").read_bytes()
        except OSError:
            return False

    def run(self) -> None:
        """Run all of it."""
        with Sampler(self.mark, self.role) as sampler:
            began = time.monotonic()
            sliced = self.long(SLICED, failures=False, vars={"ansible_connection": "elsewhere"})
            whole = self.long(WHOLE, failures=True, **{"async": int(self.seconds) + 300, "poll": 10})
            number = 0
            while time.monotonic() < began + self.seconds * 0.85:
                number += 1
                self.short(number)
            self.judge(SLICED, sliced, self.seconds + 300)
            self.judge(WHOLE, whole, self.seconds + 300)
        self.rows.append(_row(f"{SHORT}, {number}", "3 each", *[""] * 5))
        self.report({role: list(each) for role, each in sampler.samples.items()})

    def report(self, samples: dict[str, list[Sample]]) -> None:
        """Print what was found, and judge how flat it was."""
        print(_row("gates", "operations", "lag s", "polls", "requests", "tolerated errors", "renewals"))
        print("|---|--:|--:|--:|--:|--:|--:|", *self.rows, sep="\n", end="\n\n")
        print(_row("process", "samples", "measure", "mean of the second half", "most", "a minute", "it brought", "bar"))
        print("|---|--:|---|--:|--:|--:|--:|--:|")
        for role in (f"task, {SLICED}", f"module, {SLICED}", f"task, {WHOLE}", f"module, {WHOLE}"):
            series = samples.get(role, [])
            if role == f"module, {SLICED}":
                series = in_turn(series)
            if len(series) < ENOUGH:
                print(_row(role, len(series), "too few for a trend", *[""] * 5))
                self.wrong += [] if series else [f"{role}: no such process was seen"]
                continue
            for measure, trend in trends(series).items():
                figures = (trend.mean, trend.most, trend.slope, trend.growth, trend.limit)
                print(_row(role, len(series), measure, *(f"{each:.2f}" for each in figures)))
                if not trend.flat:
                    self.wrong.append(f"{role}: {measure} grew by {trend.growth:.2f}, more than {trend.limit}")


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def main() -> int:
    """Run a soak and say whether all was right."""
    seconds, seed = float(os.environ.get("SOAK_SECONDS", "600")), int(os.environ.get("SOAK_SEED", "1"))
    print(f"SOAK_SECONDS={seconds:.0f} SOAK_SEED={seed}, measures: {', '.join(MEASURES)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="cloudgate-soak-") as folder, BadClouds(seed) as clouds:
        soak = Soak(clouds, seconds, Path(folder))
        soak.run()
        injected = ", ".join(f"{count} x {name}" for name, count in sorted(clouds.faults.counts.items()))
        print(f"\n{len(clouds.sim.requests)} requests; {injected}; {clouds.revoked} tokens revoked")
    print("\n".join(soak.wrong) or "every gate was right, and all is flat")
    return 1 if soak.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
