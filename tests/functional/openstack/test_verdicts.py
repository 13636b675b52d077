# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict, live: each action on a slow bus, polled as member and as administrator, successful and failing.

And all actions during which Nova is killed, by one kill: gates wait for them, as member and as administrator.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils._auth import credentials
from ansible_collections.cloudgate.operations.plugins.module_utils._auth.login import log_in
from ansible_collections.cloudgate.operations.plugins.module_utils._model.errors import GateError
from ansible_collections.cloudgate.operations.plugins.module_utils._model.operation import State
from ansible_collections.cloudgate.operations.plugins.module_utils._model.reference import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils._providers.registry import PROVIDERS, connect
from ansible_collections.cloudgate.operations.tests.unit.replay import (
    Said,
    all_events_success,
    fault_of,
    server_status,
)
from conftest import PATIENCE, Playing, Run
from lab.bench import Bench
from lab.record import Watch, begin_all, first_finished, kill_and_start, observe, truth_of
from lab.scenario import Scenario
from lab.scenarios import SCENARIOS

DELAY = 0.4  # seconds that each message between Nova's services is late
PAUSE = 0.1  # seconds between two polls of all who watch
USERS = ("demo", "admin")
SHOWN_BY_NOTHING = ("reboot_fail", "reboot_hard_fail")
FAILING = ("_fail", "_image_deleted_meanwhile", "_exhausted", "_no_valid_host", "_aborted")
NAMES = (
    "create_ok create_reschedule create_reschedule_exhausted create_fail_abort create_no_valid_host"
    " reboot_soft reboot_hard reboot_hard_fail resize resize_reschedule_ok resize_finish_fail resize_no_valid_host"
    " confirm_resize confirm_resize_fail revert_resize revert_resize_fail_source migrate migrate_finish_fail"
    " live_migrate live_migrate_fail live_migrate_pre_fail live_migrate_aborted rebuild rebuild_fail"
    " evacuate evacuate_fail shelve shelve_fail unshelve unshelve_fail stop stop_fail start start_fail pause pause_fail"
    " suspend suspend_fail rescue rescue_fail create_image_slow create_image_fail"
    " create_image_upload create_image_upload_fail create_image_deleted_meanwhile create_image_outlasts_server"
    " create_backup create_backup_fail create_backup_rotated attach_volume attach_volume_fail"
    " detach_volume detach_volume_fail delete delete_fail"
    " rebuild_deleted create_backup_deleted second_delete delete_resized_confirm delete_while_scheduling"
    " create_without_quota cell_down_resize cell_down_stop cell_down_after_build_gave_up"
    " create_then_rebuild_failed stop_then_started"
).split()
KILLS = [scenario for scenario in SCENARIOS.values() if scenario.killed_in]
AFTER_A_KILL = 120.0  # seconds from the start of Nova in which each gate ends
RULES = {"all events are Success": all_events_success, "the server has the status": server_status}


class Watcher(threading.Thread):
    """Poll an action as one user until it has finished; C(said) is the verdict and its moment."""

    def __init__(self, user: str, reference: Reference, start: float) -> None:
        super().__init__(daemon=True)
        chosen = credentials.resolve(
            {
                "auth": {
                    "auth_url": os.environ["OS_AUTH_URL"],
                    "username": user,
                    "password": user,
                    "user_domain_id": "default",
                    "project_name": "demo",
                }
            },
            {},
            aksk=False,
        )
        self.provider = connect(PROVIDERS["openstack"], log_in(chosen, mask=lambda _secret: None), {})
        self.reference = reference
        self.start_time = start
        self.stop = threading.Event()
        self.said = Said(None, None, "never looked")

    def run(self) -> None:
        """Poll again and again."""
        while not self.stop.wait(PAUSE):
            try:
                found = self.provider.read(self.reference)
            except GateError as exc:
                self.said = Said(None, None, exc.message)
                if exc.transient or exc.kind == "missing":
                    continue
                raise
            assert found is not None
            self.said = Said(None, found.state, found.reason)
            if found.terminal:
                self.said = self.said._replace(moment=time.time() - self.start_time)
                return


@pytest.fixture(scope="module")
def faults() -> Iterator[Counter[tuple[str, str | None]]]:
    """Count what each rule got wrong, and write the table where LIVE_VERDICTS says."""
    counted: Counter[tuple[str, str | None]] = Counter()
    yield counted
    if "LIVE_VERDICTS" in os.environ:
        rows = [[rule, fault, number] for (rule, fault), number in counted.items()]
        Path(os.environ["LIVE_VERDICTS"]).write_text(json.dumps(rows), encoding="utf-8")


def live_truth(scenario: Scenario, recording: dict[str, Any]) -> dict[str, Any]:
    """Return the truth about an action that others watched, too.

    On a busy machine they may see its end some time before the recorder does: only what they say before the last
    observation of the unfinished action is early for certain.
    """
    known = truth_of(scenario, recording)
    truth = known["truth"]
    final, _clock = first_finished(scenario, recording["trace"])
    if scenario.outcome is None and scenario.named is None:
        truth["outcome"] = "failed" if any(word in scenario.name for word in FAILING) else "succeeded"
        truth["shown_by"] = "nothing" if scenario.name in SHOWN_BY_NOTHING else "api"
        final = recording["trace"][-1]
    truth["over_at"] = final["t_before"]
    return known


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_is_true(bench: Bench, faults: Counter[tuple[str, str | None]], name: str) -> None:
    scenario = SCENARIOS[name]
    try:
        prepared = scenario.prepare(bench)
        bench.set_bus_delay(DELAY)
        start = time.time()
        answer = prepared.send()
        server = prepared.server or answer.body["server"]["id"]
        reference = Reference(answer.request_id, server, action=scenario.named)
        watchers = [Watcher(user, reference, start) for user in USERS]
        for watcher in watchers:
            watcher.start()
        url = f"/servers/{server}/os-instance-actions/{answer.request_id}"
        watch = Watch(bench, scenario, url, server, start)
        recording: dict[str, Any] = observe(
            watch, prepared.during, DELAY / 2, PAUSE, lambda: any(each.said.moment is None for each in watchers)
        )
        for watcher in watchers:
            watcher.stop.set()
            watcher.join()
    finally:
        scenario.clean_up(bench)
    recording.update(server_id=server, fault=None, **live_truth(scenario, recording))
    for rule, judge in RULES.items():
        faults[rule, fault_of(recording, judge(recording))] += 1
    wrong = {watcher.said: fault_of(recording, watcher.said) for watcher in watchers}
    for fault in wrong.values():
        faults["cloudgate.operations", fault] += 1
    assert not any(wrong.values()), wrong


def gate(folder: Path, user: str, watches: list[Watch], timeout: float) -> Playing:
    """Start a gate on all of these that ends when all have ended."""
    folder.mkdir()
    named = [{"server_id": each.server, "request_id": each.url.rpartition("/")[2]} for each in watches]
    options = {"operations": named, "on_failure": "finish", "poll_max": 5, "timeout": timeout}
    variables = {f"operation_gate_{name}": value for name, value in options.items()}
    return Playing(folder, "wait.yml", None, {"cloud_user": user, "cloud_password": user, **variables})


def shows(playing: Playing, text: str) -> bool:
    """Return whether a gate has printed this text."""
    return text in playing.output()


def said_of(run: Run, watch: Watch) -> Said:
    """Return what a gate said of an action at its end."""
    (found,) = [each for each in run.results[-1]["operations"] if each["resource_id"] == watch.server]
    finished = found["state"] in State.TERMINAL
    return Said(watch.trace[-1]["t"] if finished else None, found["state"], found["reason"])


@pytest.mark.usefixtures("play")
def test_each_gate_reports_the_truth_after_nova_was_killed(
    bench: Bench, faults: Counter[tuple[str, str | None]], tmp_path: Path
) -> None:
    """An action whose task Nova never clears does not finish, and what no API shows is not judged."""
    try:
        watches = begin_all(bench, KILLS, 0)
        shown = [each for each in watches if each.scenario.shown_by != "nothing"]
        ends = [each for each in shown if each.scenario.outcome in State.TERMINAL]
        stays = [each for each in shown if each not in ends]
        gates = {user: gate(tmp_path / user, user, ends, 900) for user in USERS}
        for each in gates.values():
            bench.wait_until(partial(shows, each, "is running"), "the gate has seen nothing", PATIENCE)
        killing = kill_and_start(0)
        while killing.is_alive():
            [watch.poll() for watch in watches]
            time.sleep(1)
        started = time.time()
        runs = {user: each.end() for user, each in gates.items()}
        took = time.time() - started
        print(f"{len(ends) * len(USERS)} verdicts, the last {took:.0f} s after Nova was started again")
        late = {f"{user} later": gate(tmp_path / f"{user}-later", user, stays, 5).end() for user in USERS}
        [watch.poll() for watch in watches]
    finally:
        bench.clean_up()
    wrong = {}
    for watch in watches:
        recording = {**watch.seen(), "server_id": watch.server, "fault": None}
        recording.update(truth_of(watch.scenario, recording))
        for rule, judge in RULES.items():
            faults[rule, fault_of(recording, judge(recording, period=1.0))] += 1
        for user, run in (runs if watch in ends else late if watch in stays else {}).items():
            said = said_of(run, watch)
            fault = fault_of(recording, said)
            faults["cloudgate.operations", fault] += 1
            wrong.update({(watch.scenario.name, user): (fault, said)} if fault else {})
    assert not wrong, wrong
    assert took < AFTER_A_KILL
