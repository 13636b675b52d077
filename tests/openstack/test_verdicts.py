# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict, live: each action on a slow bus, watched as member and as administrator, well and failing."""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.module_utils import auth, credentials
from ansible_collections.cloudgate.operations.plugins.module_utils.errors import MissingError
from ansible_collections.cloudgate.operations.plugins.module_utils.providers.base import Reference
from ansible_collections.cloudgate.operations.plugins.module_utils.providers.registry import PROVIDERS, connect
from ansible_collections.cloudgate.operations.tests.unit.replay import (
    BLUR,
    Said,
    all_events_success,
    fault_of,
    server_status,
)
from lab.bench import Bench
from lab.record import observe
from lab.scenarios import SCENARIOS

DELAY = 0.4  # seconds that each message between Nova's services is late
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
).split()
RULES = {"all events are Success": all_events_success, "the server has the status": server_status}


class Watcher(threading.Thread):
    """Looks at an action as one user until it is over; C(said) is what the verdict was, and when."""

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
        self.provider = connect(PROVIDERS["openstack"], auth.log_in(chosen, mask=lambda _secret: None), {})
        self.reference = reference
        self.start_time = start
        self.stop = threading.Event()
        self.said = Said(None, None, "never looked")

    def run(self) -> None:
        """Look every 0.1 s."""
        while not self.stop.wait(0.1):
            try:
                found = self.provider.look(self.reference)
            except MissingError as exc:
                self.said = Said(None, None, exc.message)
                continue
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


@pytest.mark.parametrize("name", NAMES)
def test_the_verdict_is_true(bench: Bench, faults: Counter[tuple[str, str | None]], name: str) -> None:
    scenario = SCENARIOS[name]
    try:
        prepared = scenario.prepare(bench)
        bench.set_bus_delay(DELAY)
        start = time.time()
        answer = prepared.send()
        server = prepared.server or answer.body["server"]["id"]
        watchers = [Watcher(user, Reference(answer.request_id, server), start) for user in USERS]
        for watcher in watchers:
            watcher.start()
        url = f"/servers/{server}/os-instance-actions/{answer.request_id}"
        recording: dict[str, Any] = observe(bench, scenario, prepared.during, url, server, start, DELAY / 2)
        for watcher in watchers:
            watcher.stop.set()
            watcher.join()
    finally:
        scenario.clean_up(bench)
    recording.update(
        server_id=server,
        fault=None,
        truth={
            "outcome": "failed" if any(word in name for word in FAILING) else "succeeded",
            "shown_by": "nothing" if name in SHOWN_BY_NOTHING else "api",
            "over_at": recording["trace"][-1]["t"] - BLUR,  # two who look at once slow each other down
        },
    )
    for rule, judge in RULES.items():
        faults[rule, fault_of(recording, judge(recording))] += 1
    wrong = {watcher.said: fault_of(recording, watcher.said) for watcher in watchers}
    for fault in wrong.values():
        faults["cloudgate.operations", fault] += 1
    assert not any(wrong.values()), wrong
