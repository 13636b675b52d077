# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare waits for many operations: this collection and the alternatives, in one run against simulated clouds.

SIMULATOR_FILE names the simulator's addresses and accounts. BENCH_COUNTS=1,10 sets the numbers of operations,
BENCH_ONLY=ours,uri the contestants, and BENCH_SECONDS=5,600 the durations of the operations (usually 5 to 30 s).
"""

from __future__ import annotations

import dataclasses
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests
from measuring import Cost

HERE = Path(__file__).resolve().parent
SERVING = 0.006  # seconds in which the simulator surely begins one more operation
NO_LIMIT = 10_000
COLUMNS = (
    "operations",
    "way",
    "wall s",
    "CPU s",
    "ratio",
    "CPU ms each",
    "MB",
    "ratio",
    "MB started",
    "MB of one",
    "requests",
    "lag s",
)


@dataclasses.dataclass(frozen=True)
class Contestant:
    """A way to wait. most: with more operations it would take too long to be measured."""

    name: str
    title: str
    command: Sequence[str]
    most: int = NO_LIMIT

    def command_for(self, variables: Path, inventory: Path) -> list[str]:
        """The command that waits for the operations in this file of variables, or in this inventory, one a host."""
        return [word.format(here=HERE, variables=variables, inventory=inventory) for word in self.command]


def _playbook(name: str) -> Sequence[str]:
    return ("ansible-playbook", f"{{here}}/playbooks/{name}.yml", "-e", "@{variables}")


def _script(way: str) -> Sequence[str]:
    return (sys.executable, "{here}/sdk_client.py", way, "{variables}")


CONTESTANTS = (
    Contestant("ours", "wait_for_operation, one task", _playbook("ours")),
    Contestant("uri", "uri + until in a loop", _playbook("uri")),
    Contestant("uri_async", "uri + async + async_status in rounds", _playbook("uri_async"), most=100),
    Contestant("uri_list", "one uri list + until", _playbook("uri_list")),
    Contestant(
        "openstack_cloud", "openstack.cloud.server_info + until in a loop", _playbook("openstack_cloud"), most=100
    ),
    Contestant(
        "openstack_cloud_list", "one openstack.cloud.server_info list + until", _playbook("openstack_cloud_list")
    ),
    Contestant("sdk", "openstacksdk, wait_for_server in turn", _script("sequential")),
    Contestant("sdk_threads", "openstacksdk, action in 10 threads", _script("threads")),
)


@dataclasses.dataclass(frozen=True)
class Row:
    """One measurement. lag: seconds from the end of the last operation to the end of the command."""

    contestant: Contestant
    count: int
    cost: Cost
    requests: int
    lag: float


class Simulated:
    """The simulated cloud, through its control API."""

    def __init__(self, file: str) -> None:
        described = json.loads(Path(file).read_text(encoding="utf-8"))
        self._url = described["url"] + "/_simulator"
        self.cloud: dict[str, Any] = described["clouds"]["openstack"]

    def begin(self, durations: Sequence[float]) -> tuple[list[dict[str, str]], float]:
        """Create servers, all from the same moment on. Returns what names the operations, and that moment."""
        for patience in (1, 4, 16):  # a busy machine takes longer
            self._call("reset", {})
            moment = time.time() + patience * (SERVING * len(durations) + 0.2)
            named = [self._create(duration, moment) for duration in durations]
            if time.time() <= moment:
                return named, moment
        sys.exit("The simulator is too slow: operations have begun before all were there.")

    def _create(self, duration: float, moment: float) -> dict[str, str]:
        wanted = {"cloud": "openstack", "kind": "create", "duration": duration, "started": time.time() - moment}
        begun = self._call("operations", wanted)
        return {name: begun[name] for name in ("operation_id", "resource_id")}

    def requests(self) -> int:
        """Return how many requests arrived since the beginning, with logins."""
        return len(self._call("requests"))

    def logins(self) -> int:
        """Return how many logins arrived since the beginning."""
        sent = self._call("requests")
        return sum(each["method"] == "POST" and each["path"].endswith("/auth/tokens") for each in sent)

    def _call(self, door: str, body: Any = None) -> Any:
        method = "GET" if body is None else "POST"
        answer = requests.request(method, f"{self._url}/{door}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()


def durations_of(count: int, shortest: float, longest: float) -> list[float]:
    """Evenly spread from the shortest to the longest, one alone in the middle; the order is the same in every run."""
    if count == 1:
        return [(shortest + longest) / 2]
    step = (longest - shortest) / (count - 1)
    durations = [shortest + step * number for number in range(count)]
    random.Random(count).shuffle(durations)
    return durations


def measured(contestant: Contestant, simulated: Simulated, durations: Sequence[float]) -> Row:
    """Let one of them wait for operations of these durations. Exits if it fails."""
    with tempfile.TemporaryDirectory() as folder:
        names = ("variables.json", "inventory.json", "result.json", "output")
        variables, inventory, result, output = (Path(folder, name) for name in names)
        operations, moment = simulated.begin(durations)
        variables.write_text(json.dumps({"operations": operations, "cloud": simulated.cloud}), encoding="utf-8")
        hosts = {f"host-{number}": {"operation": named} for number, named in enumerate(operations)}
        inventory.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
        waiting = contestant.command_for(variables, inventory)
        command = [sys.executable, str(HERE / "measuring.py"), str(result), *waiting]
        time.sleep(max(0.0, moment - time.time()))
        with output.open("wb") as file:
            login = environment(simulated.cloud)
            code = subprocess.run(command, env=login, stdout=file, stderr=file, check=False).returncode
        if code:
            sys.exit(f"{contestant.title} failed:\n{output.read_text(errors='replace')[-4000:]}")
        cost = Cost(**json.loads(result.read_text(encoding="utf-8")))
    return Row(contestant, len(durations), cost, simulated.requests(), cost.ended - moment - max(durations))


def environment(cloud: dict[str, Any]) -> dict[str, str]:
    """Return the environment with the login, and a quiet Ansible."""
    login = {
        f"OS_{name}".upper(): cloud[name]
        for name in ("auth_url", "username", "password", "user_domain_name", "project_id", "region_name")
    }
    return {**os.environ, **login, "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false"}


def table(rows: Sequence[Row]) -> str:
    """In Markdown. The ratios are those of CPU time and memory to this collection's with as many operations."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"|--:|---|{'--:|' * (len(COLUMNS) - 2)}"]
    ours = {row.count: row.cost for row in rows if row.contestant.name == "ours"}
    for row in rows:
        cost, own = row.cost, ours.get(row.count)
        ratios = (f"{cost.cpu / own.cpu:.1f}", f"{cost.memory / own.memory:.1f}") if own else ("", "")
        cells = (
            row.count,
            row.contestant.title,
            f"{cost.wall:.1f}",
            f"{cost.cpu:.2f}",
            ratios[0],
            f"{1000 * cost.cpu / row.count:.0f}",
            f"{cost.memory:.0f}",
            ratios[1],
            f"{cost.started:.0f}",
            f"{cost.process:.0f}",
            row.requests,
            f"{row.lag:.1f}",
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def bars(rows: Sequence[Row]) -> list[tuple[str, bool]]:
    """Return the bars, each with whether it holds; only measured rows are judged."""
    found = {(row.contestant.name, row.count): row for row in rows}
    judged = []
    thousand, uri = found.get(("ours", 1000)), found.get(("uri", 1000))
    if thousand and uri:
        ratio = uri.cost.cpu / thousand.cost.cpu
        judged.append((f"1,000 operations: at most 1/50 of the CPU time of uri in a loop (1/{ratio:.0f})", ratio >= 50))
    if thousand:
        memory = thousand.cost.started
        judged.append((f"1,000 operations: at most 120 MB in the processes of the task ({memory:.0f})", memory <= 120))
    for fewer, more in ((10, 100), (100, 1000)):
        if ("ours", fewer) in found and ("ours", more) in found:
            before, after = (found["ours", count].cost.cpu / count for count in (fewer, more))
            change = f"{before * 1000:.0f} to {after * 1000:.0f} ms"
            judged.append(
                (f"CPU time each does not grow from {fewer} to {more} operations ({change})", after <= before)
            )
    for row in rows:
        if row.contestant.name == "ours":
            judged.append((f"{row.count} operations: the gate does not open early", row.lag >= 0))
    return judged


def measured_rows(
    contestants: Sequence[Contestant], counts: Sequence[int], shortest: float, longest: float
) -> list[Row]:
    """Measure each contestant with each number of operations that it can do, and print each row at once."""
    simulated = Simulated(os.environ["SIMULATOR_FILE"])
    rows = []
    for count in counts:
        for contestant in contestants:
            if count <= contestant.most:
                rows.append(measured(contestant, simulated, durations_of(count, shortest, longest)))
                cost = rows[-1].cost
                print(f"  {count:5} {contestant.title:40} {cost.wall:7.1f} s, CPU {cost.cpu:.2f} s", flush=True)
    return rows


def concluded(judged: list[tuple[str, bool]]) -> int:
    """Print the bars; 1 if one is missed."""
    for text, held in judged:
        print(f"{'passed' if held else 'FAILED'}  {text}")
    return int(not all(held for _text, held in judged))


def main() -> int:
    """Measure, print the table and the bars; 1 if one is missed."""
    counts = [int(count) for count in os.environ.get("BENCH_COUNTS", "1,10,100,1000").split(",")]
    only = os.environ.get("BENCH_ONLY", ",".join(each.name for each in CONTESTANTS)).split(",")
    shortest, longest = (float(value) for value in os.environ.get("BENCH_SECONDS", "5,30").split(","))
    rows = measured_rows([each for each in CONTESTANTS if each.name in only], counts, shortest, longest)
    print(f"Operations of {shortest:.0f} to {longest:.0f} s, evenly spread; ratios are to this collection:")
    print(f"\n{table(rows)}\n")
    return concluded(bars(rows))


if __name__ == "__main__":
    sys.exit(main())
