# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Record how operations look from outside, from the request to the last change.

usage: python -m lab.record [--out DIR] [--delay SECONDS] [--list] [NAME-REGEX ...]

One file for each scenario. `trace` has an entry for each change of the action, the server or its images; `t`,
`t_server` and `t_images` are seconds since the request was sent. All scenarios in which Nova is killed share one kill.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import requests

from lab.bench import GO_ON, SHOWN, Bench
from lab.client import MICROVERSION, Answer
from lab.scenario import During, Scenario
from lab.scenarios import SCENARIOS

Record = dict[str, Any]
LAB = Path(__file__).parents[1] / "lab.sh"
POLLERS = 4  # threads that poll the servers of one kill
AFTER_A_KILL = 75.0  # seconds: a verdict on an open event waits until the server was idle for a minute
NOBODY: Record = {"status": None, "task_state": None, "vm_state": None, "host": None, "http": 0}


def poll(bench: Bench, url: str, server: str, start: float, images: bool = False) -> Record:
    """See the action, then the server, then its images if they are asked for, each with the time of its answer.

    C(http) 0 is no answer at all.
    """
    try:
        action = bench.admin.get(url)
    except requests.ConnectionError:
        now = round(time.time() - start, 3)
        return {"t": now, "t_server": now, "http": 0, "instanceAction": None, "error": None, "server": NOBODY}
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
    """Return whether the server or the action is visibly busy."""
    events = (seen["instanceAction"] or {}).get("events") or []
    return bool(seen["server"]["task_state"]) or not all(event["finish_time"] for event in events)


def what_counts(seen: Record) -> Record:
    """Return the observation without the times of its polls, and without what is not read every time."""
    left_out = ("t", "t_before", "t_server", "t_images", "actions", "deleted")
    return {key: value for key, value in seen.items() if key not in left_out}


def what_else(bench: Bench, seen: Record, server: str, start: float) -> Record:
    """See what a verdict may ask for besides: the actions of the server, and the row of a server that is gone."""
    if seen["http"] not in (200, 404):
        return seen
    actions = bench.demo.get(f"/servers/{server}/os-instance-actions")
    seen["actions"] = actions.body["instanceActions"] if actions.status == 200 else None
    if seen["server"]["status"] in (None, "DELETED"):
        since = datetime.fromtimestamp(start - 60, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        rows = bench.demo.get(f"/servers/detail?changes-since={since}").body["servers"]
        seen["deleted"] = [{key: row[key] for key in SHOWN if key in row} for row in rows if row["id"] == server]
    return seen


class Watch:
    """The observations of one action, changes only."""

    def __init__(self, bench: Bench, scenario: Scenario, url: str, server: str, start: float) -> None:
        self.bench, self.scenario, self.url, self.server, self.start = bench, scenario, url, server, start
        self.head: Record = {}
        self.trace: list[Record] = []
        self.polls = 0
        self.first = self.changed = self.asked = time.time()

    def poll(self) -> Record:
        """Poll once. C(t_before) is when the poll before was sent: until then nothing of what is new can be true."""
        before, self.asked = self.asked, time.time()
        seen = poll(self.bench, self.url, self.server, self.start, self.scenario.images)
        seen = {"t_before": round(before - self.start, 3), **seen}
        self.polls += 1
        if not self.trace or what_counts(seen) != what_counts(self.trace[-1]):
            self.trace.append(what_else(self.bench, seen, self.server, self.start))
            self.changed = time.time()
        return self.trace[-1]

    def seen(self) -> Record:
        """Describe all that was seen."""
        return {
            "polls": self.polls,
            "poll_interval": round((time.time() - self.first) / self.polls, 3),
            "t_end": round(time.time() - self.start, 3),
            "request_wall_clock": self.start,
            "trace": self.trace,
        }

    def in_the_middle(self) -> bool:
        """Return whether the action is at the point at which Nova is killed."""
        seen = self.poll()
        events = (seen["instanceAction"] or {}).get("events") or []
        running = [event["event"] for event in events if not event["finish_time"]]
        return self.scenario.killed_in in [seen["server"]["task_state"], *running]


def observe(
    watch: Watch, during: During | None, delay: float, pause: float = 0.01, more: Callable[[], bool] = lambda: False
) -> Record:
    """Poll until nothing has changed for long enough; every step takes longer on a slow bus.

    pause: seconds between two polls. more: whether somebody still waits for a change, which is a reason to wait longer.
    """
    scenario, start = watch.scenario, watch.start
    quiet, limit = scenario.quiet + 4 * delay, scenario.limit + 10 * delay
    while True:
        seen = watch.poll()
        if during:
            during = during(watch.server, seen, time.time() - start)
        patience = max(quiet, 10) if more() else max(quiet, 4) if is_busy(seen) else quiet
        if time.time() - start > limit or time.time() - watch.changed > patience:
            break
        time.sleep(pause)
    return watch.seen()


def aftermath(bench: Bench, url: str, server: str) -> Record:
    """Return the action as a member sees it, all actions of the server, and its fault."""
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
    """Return the request and its answer."""
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
    """Prepare, send the request, observe."""
    prepared = scenario.prepare(bench)
    bench.set_bus_delay(delay)
    start = time.time()
    answer = prepared.send()
    seconds = time.time() - start
    server = prepared.server or answer.body["server"]["id"]
    url = f"/servers/{server}/os-instance-actions/{answer.request_id}"
    head = {"scenario": scenario.name, "what": scenario.what, "cast_delay": delay, "server_id": server}
    recorded = {
        **head,
        **describe(answer, seconds),
        **observe(Watch(bench, scenario, url, server, start), prepared.during, delay),
        **aftermath(bench, url, server),
    }
    if scenario.outcome or scenario.named:
        recorded |= truth_of(scenario, recorded)
    return recorded


def truth_of(scenario: Scenario, recorded: Record) -> Record:
    """Return the truth that the scenario knows: the outcome of the action, and when it finished."""
    seen, clock = first_finished(scenario, recorded["trace"])
    truth = {"outcome": scenario.outcome or "succeeded", "over_at": seen[clock], "shown_by": scenario.shown_by}
    return {"named": scenario.named, "truth": truth} if scenario.named else {"truth": truth}


def what_ended(seen: Record) -> Any:
    """Return the action without updated_at, which Nova writes last."""
    action = seen["instanceAction"]
    return action and (action["message"], action["events"])


def first_finished(scenario: Scenario, trace: list[Record]) -> tuple[Record, str]:
    """Return what was seen when the action first had its final content, and the name of that time.

    If Nova records no action, its server counts.
    """
    last = trace[-1]
    if scenario.killed_in:
        return last, "t"
    if last["instanceAction"] and scenario.named not in (None, last["instanceAction"]["action"]):
        return trace[0], "t"  # the API waits for the first of two actions before it records the other
    if last["instanceAction"]:
        return next(seen for seen in trace if what_ended(seen) == what_ended(last)), "t"
    gone = (None, "DELETED")
    final = gone if last["server"]["status"] in gone else (last["server"]["status"],)
    return next(seen for seen in trace if seen["server"]["status"] in final), "t_server"


def lab(command: str, **settings: str) -> None:
    """Kill or start Nova."""
    subprocess.run([str(LAB), command, "nova"], env={**os.environ, **settings}, check=True, timeout=900)


def begin_all(bench: Bench, scenarios: list[Scenario], delay: float) -> list[Watch]:
    """Bring every action to the point at which Nova is killed."""
    GO_ON.unlink(missing_ok=True)
    prepared = [(scenario, scenario.prepare(bench)) for scenario in scenarios]
    bench.set_bus_delay(delay)
    watches = []
    for scenario, each in prepared:
        start = time.time()
        answer = each.send()
        server = each.server or answer.body["server"]["id"]
        watch = Watch(bench, scenario, f"/servers/{server}/os-instance-actions/{answer.request_id}", server, start)
        head = {"scenario": scenario.name, "what": scenario.what, "cast_delay": delay, "server_id": server}
        watch.head = {**head, **describe(answer, time.time() - start)}
        watches.append(watch)
    for watch in watches:
        bench.wait_until(watch.in_the_middle, f"{watch.scenario.name} is not in {watch.scenario.killed_in}", 60)
    time.sleep(0.5 + delay)
    return watches


def kill_and_start(delay: float) -> threading.Thread:
    """Kill Nova and start it again, in a thread of its own."""

    def run() -> None:
        lab("kill")
        GO_ON.touch()
        time.sleep(2)
        lab("start", LAB_CAST_DELAY=str(delay), LAB_KEEP_GUESTS="1")

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def record_kills(folder: Path, bench: Bench, scenarios: list[Scenario], delay: float) -> bool:
    """Record all scenarios of one kill into their files."""
    try:
        watches = begin_all(bench, scenarios, delay)
        killing = kill_and_start(delay)
        end = None
        with ThreadPoolExecutor(POLLERS) as pool:
            while end is None or time.time() < end:
                list(pool.map(Watch.poll, watches))
                if end is None and not killing.is_alive():
                    end = time.time() + AFTER_A_KILL
        for watch in watches:
            recorded = {**watch.head, **watch.seen(), **aftermath(bench, watch.url, watch.server)}
            recorded |= truth_of(watch.scenario, recorded)
            (folder / f"{watch.scenario.name}.json").write_text(json.dumps(recorded, indent=1))
            print(summary(recorded), flush=True)
    except Exception:  # noqa: BLE001
        traceback.print_exc(limit=4)
        return False
    finally:
        bench.clean_up()
    return True


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
    """Record one scenario into its file; show every error, and continue with the next scenario."""
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
    kills = [each for each in wanted if each.killed_in]
    others = [each for each in wanted if not each.killed_in]
    failed = [each.name for each in others if not record_to(options.out, bench, each, options.delay)]
    if kills and not record_kills(options.out, bench, kills, options.delay):
        failed += [each.name for each in kills]
    print("failed to record:", failed)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
