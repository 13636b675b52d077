# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record how operations look from outside, from the request to the last change.

usage: python -m lab.record [--out DIR] [--delay SECONDS] [--list] [NAME-REGEX ...]

One file for each scenario. `trace` has an entry for each change of the action, the server or its images; `t`,
`t_server` and `t_images` are seconds since the request was sent.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from lab.bench import Bench
from lab.client import MICROVERSION, Answer
from lab.scenario import During, Scenario
from lab.scenarios import SCENARIOS

Record = dict[str, Any]


def look(bench: Bench, url: str, server: str, start: float, images: bool = False) -> Record:
    """See the action, then the server, then its images if they are asked for, each with the time of its answer."""
    action = bench.admin.get(url)
    seen = {
        "t": round(time.time() - start, 3),
        "http": action.status,
        "instanceAction": action.body.get("instanceAction") if isinstance(action.body, dict) else None,
        "error": None if action.status == 200 else action.body,
        "server": bench.server(server),
    }
    seen = {"t": seen.pop("t"), "t_server": round(time.time() - start, 3), **seen}
    if images:
        seen["images"] = bench.images(server)
        seen["t_images"] = round(time.time() - start, 3)
    return seen


def is_busy(seen: Record) -> bool:
    """Tell whether something is visibly going on."""
    events = (seen["instanceAction"] or {}).get("events") or []
    return bool(seen["server"]["task_state"]) or not all(event["finish_time"] for event in events)


def what_counts(seen: Record) -> Record:
    """Leave out the times of looking."""
    return {key: value for key, value in seen.items() if key not in ("t", "t_server", "t_images")}


def observe(
    bench: Bench, scenario: Scenario, during: During | None, url: str, server: str, start: float, delay: float
) -> Record:
    """Look until nothing has changed for long enough; every step takes longer on a slow bus."""
    quiet, limit = scenario.quiet + 4 * delay, scenario.limit + 10 * delay
    trace: list[Record] = []
    polls = 0
    first = changed = time.time()
    while True:
        seen = look(bench, url, server, start, scenario.images)
        polls += 1
        if not trace or what_counts(seen) != what_counts(trace[-1]):
            trace.append(seen)
            changed = time.time()
        if during:
            during = during(server, seen, time.time() - start)
        patience = max(quiet, 4) if is_busy(seen) else quiet
        if time.time() - start > limit or time.time() - changed > patience:
            break
        time.sleep(0.01)
    return {
        "polls": polls,
        "poll_interval": round((time.time() - first) / polls, 3),
        "t_end": round(time.time() - start, 3),
        "request_wall_clock": start,
        "trace": trace,
    }


def aftermath(bench: Bench, url: str, server: str) -> Record:
    """What a member sees of the action, every action of the server, and its fault."""
    member = bench.demo.get(url)
    actions = bench.admin.get(f"/servers/{server}/os-instance-actions")
    found = bench.demo.get(f"/servers/{server}")
    names = [entry["action"] for entry in actions.body["instanceActions"]] if actions.status == 200 else actions.body
    return {
        "member_view": {"http": member.status, "body": member.body},
        "all_actions": names,
        "fault": found.body["server"].get("fault") if found.status == 200 else {"http": found.status},
    }


def describe(answer: Answer, seconds: float) -> Record:
    """The request that was sent and what it was answered."""
    request = answer.request
    return {
        "request": {
            "method": request.method,
            "path": request.path_url,
            "microversion": MICROVERSION,
            "body": json.loads(request.body or "null"),
        },
        "response": {
            "status": answer.status,
            "body": answer.body,
            "x-compute-request-id": answer.request_id,
            "t": round(seconds, 3),
        },
    }


def record(bench: Bench, scenario: Scenario, delay: float) -> Record:
    """Prepare, send the request, look."""
    prepared = scenario.prepare(bench)
    bench.set_bus_delay(delay)
    start = time.time()
    answer = prepared.send()
    seconds = time.time() - start
    server = prepared.server or answer.body["server"]["id"]
    url = f"/servers/{server}/os-instance-actions/{answer.request_id}"
    head = {"scenario": scenario.name, "what": scenario.what, "cast_delay": delay, "server_id": server}
    return {
        **head,
        **describe(answer, seconds),
        **observe(bench, scenario, prepared.during, url, server, start, delay),
        **aftermath(bench, url, server),
    }


def summary(recorded: Record) -> str:
    """One line about a recording."""
    last = recorded["trace"][-1]
    action = last["instanceAction"] or {}
    events = [(event["event"], event["result"]) for event in action.get("events") or []]
    return (
        f"{recorded['scenario']:34} {recorded['response']['status']} {recorded['t_end']:5.2f}s"
        f" {recorded['polls']:3} polls  {last['server']['status']} msg={action.get('message')}  {events}"
    )


def record_to(folder: Path, bench: Bench, scenario: Scenario, delay: float) -> bool:
    """Record one scenario into its file; whatever goes wrong is shown and the next one gets its turn."""
    try:
        try:
            recorded = record(bench, scenario, delay)
        finally:
            scenario.clean_up(bench)
        (folder / f"{scenario.name}.json").write_text(json.dumps(recorded, indent=1))
        print(summary(recorded), flush=True)
    except Exception:  # noqa: BLE001
        traceback.print_exc(limit=4)
        return False
    return True


def main() -> int:
    """Record the scenarios asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("traces"))
    parser.add_argument("--delay", type=float, default=0, help="RPC casts arrive this late (a loaded message bus)")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("names", nargs="*", default=[".*"])
    options = parser.parse_args()
    wanted = [each for each in SCENARIOS.values() if any(re.fullmatch(name, each.name) for name in options.names)]
    if options.list:
        print("\n".join(f"{scenario.name:34} {scenario.what}" for scenario in wanted))
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    bench = Bench()
    failed = [each.name for each in wanted if not record_to(options.out, bench, each, options.delay)]
    print("failed to record:", failed)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
