# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits that Ansible runs: limits, async, without the action plugin, and with several clouds."""

from __future__ import annotations

import bisect
import contextlib
import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.cloudgate.operations.plugins.plugin_utils._wait.slices import MANY
from simulated.helpers import add, logins, sent, task
from simulated.playbook_runs import (
    COLLECTION,
    ELSEWHERE,
    WAIT,
    ad_hoc,
    keep,
    kept,
    run,
    run_playbook,
    wait_ad_hoc,
    write_play,
)
from simulator import Simulator

POLLS = "os-instance-actions"
# These depend on the duration of a run, and on the moments of its polls.
OF_ITS_TIME = {"elapsed", "polls", "requests", "finished_at", "updated_at", "duration"}
# Ansible adds these to the result of a job; it replaces finished with its own.
OF_A_JOB = {
    "ansible_job_id",
    "results_file",
    "started",
    "finished",
    "stdout",
    "stderr",
    "stdout_lines",
    "stderr_lines",
    "attempts",
}


@pytest.fixture
def live() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


def waiting(sim: Simulator, provider: str = "openstack", **more: Any) -> dict[str, Any]:
    """Return the options of a wait for one or many; poll_min fits operations of a few seconds."""
    return {"provider": provider, **task(sim, provider), "poll_min": 0.5, "timeout": 60, **more}


def begin(sim: Simulator, provider: str = "openstack", **plan: Any) -> dict[str, str | None]:
    """Begin an operation; its names as the options have them."""
    reference = add(sim, provider, **{"started": 0, **plan})
    return {"operation_id": reference.operation_id, "resource_id": reference.resource_id}


def begin_many(sim: Simulator, count: int, **plan: Any) -> list[dict[str, str | None]]:
    """Reboots of as many servers."""
    servers = [begin(sim, kind="create", started=100)["resource_id"] for _number in range(count)]
    return [begin(sim, resource_id=server, **plan) for server in servers]


def most_within(seconds: float, moments: list[float]) -> int:
    """Return the most requests that arrived in such a time."""
    moments = sorted(moments)
    return max(bisect.bisect_left(moments, moment + seconds) - number for number, moment in enumerate(moments))


def most_at_once(log: list[dict[str, Any]]) -> int:
    """Return the largest number of requests in flight; one that arrives as another ends does not count with it."""
    steps = sorted([(entry["ended"], -1) for entry in log] + [(entry["t"], 1) for entry in log])
    open_now = most = 0
    for _moment, step in steps:
        open_now += step
        most = max(most, open_now)
    return most


def test_rate_and_concurrency_are_limited_and_a_wait_logs_in_once(live: Simulator) -> None:
    operations = begin_many(live, 100, duration=1)
    live.add_fault(path=POLLS, times=None, delay=0.04)
    options = waiting(live, operations=operations, max_concurrency=4, max_requests_per_second=30)

    done = run(ad_hoc(options, "-vvv"))

    assert '"succeeded": true' in done.stdout, done.stdout[-2000:]
    asked = [entry for entry in live.requests if "/servers/" in entry["path"]]
    assert len(asked) >= 200  # each needs two: its action, and the server after it
    assert most_at_once(asked) == 4
    # Three seconds' worth, and one second's that arrives late on a busy machine.
    assert most_within(3, [entry["t"] for entry in asked]) <= 4 * 30
    assert done.stdout.count("Using module file") == 1
    assert logins(live) == 1


@contextlib.contextmanager
def _revoking(sim: Simulator, interval: float) -> Iterator[list[float]]:
    """Revoke all tokens repeatedly. Yield the list of the moments."""
    finished, moments = threading.Event(), list[float]()

    def revoke() -> None:
        while not finished.wait(interval):
            moments.append(time.time())
            with sim.store.lock:
                for cloud in sim.store.clouds.values():
                    cloud.tokens.clear()

    thread = threading.Thread(target=revoke)
    thread.start()
    yield moments
    finished.set()
    thread.join()


def test_expired_token_is_renewed_once_for_all_threads() -> None:
    # Only the 401 that all threads get shows that a token is no longer valid.
    with Simulator() as sim, _revoking(sim, 0.7) as revoked:
        operations = begin_many(sim, MANY + 1, duration=12)
        sim.add_fault(path=POLLS, times=None, delay=0.1)

        result = wait_ad_hoc(waiting(sim, operations=operations, poll_max=0.5, max_concurrency=8))

        times = [entry["t"] for entry in sent(sim, "/auth/tokens", "POST")]
        refused = [entry for entry in sim.requests if entry["status"] == 401]
    assert result["succeeded"]
    assert result["reauthentications"] == len(times) - 1
    assert result["reauthentications"] >= 1
    assert len(times) - 1 <= len(revoked)
    assert len(refused) > len(times) - 1  # several threads were refused, and one renewed for all
    assert result["tolerated_errors"] == 0


class CountingHandler(http.server.BaseHTTPRequestHandler):
    """A Nova in which every reboot succeeded; it counts requests."""

    protocol_version = "HTTP/1.1"
    connections = requests = 0
    lock = threading.Lock()

    def setup(self) -> None:
        super().setup()
        with self.lock:
            type(self).connections += 1

    def do_GET(self) -> None:
        with self.lock:
            type(self).requests += 1
        times = {"start_time": "2026-11-21T08:00:00.000000", "finish_time": "2026-11-21T08:00:05.000000"}
        event = {"event": "compute_reboot_instance", "result": "Success", **times}
        names = self.path.split("/")
        action = {"action": "reboot", "request_id": names[-1], "instance_uuid": "1", "events": [event], **times}
        server = {"status": "ACTIVE", "OS-EXT-STS:task_state": None}
        body = json.dumps({"instanceAction": action} if POLLS in names else {"server": server}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


def test_connections_are_kept(run_module: Callable[..., dict[str, Any]]) -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), CountingHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        operations = [{"operation_id": f"req-{number}", "resource_id": "1"} for number in range(50)]
        endpoint = f"http://127.0.0.1:{server.server_port}/v2.1"
        result = run_module(
            "wait_for_operation",
            provider="openstack",
            auth={"token": "t"},
            endpoint=endpoint,
            operations=operations,
            poll_min=0.1,
            max_concurrency=4,
            max_requests_per_second=1000,
        )
        server.shutdown()

    assert result["succeeded"]
    assert CountingHandler.requests == result["requests"] >= 100
    assert CountingHandler.connections <= 4


def comparable(result: Any) -> Any:
    """Return the result without what differs between runs."""
    if isinstance(result, dict):
        return {name: comparable(value) for name, value in result.items() if name not in OF_ITS_TIME | OF_A_JOB}
    return [comparable(each) for each in result] if isinstance(result, list) else result


def test_background_gives_the_same_result(live: Simulator, tmp_path: Path) -> None:
    """The wait as a job, on the controller and in slices, for the same three operations concurrently."""
    operations = [*begin_many(live, 2, duration=7), begin(live, duration=2, fail=True)]
    wait = {WAIT: waiting(live, operations=operations, on_failure="report", poll_max=0.5)}
    status = {
        "ansible.builtin.async_status": {"jid": "{{ job.ansible_job_id }}"},
        "register": "polled",
        "until": "polled is finished",
        "retries": 60,
        "delay": 1,
    }
    play = write_play(
        tmp_path,
        [
            {"name": "Begin", **wait, "async": 60, "poll": 0, "register": "job"},
            {"name": "Wait here", **wait, "register": "here"},
            {"name": "Wait in slices", **wait, "register": "sliced", "vars": {"ansible_connection": "elsewhere"}},
            {"name": "End", **status},
            keep(tmp_path, "polled"),
            keep(tmp_path, "here"),
            keep(tmp_path, "sliced"),
        ],
    )

    done = run_playbook(play, environ={"ANSIBLE_ASYNC_DIR": str(tmp_path / "jobs"), **ELSEWHERE})

    assert done.returncode == 0, done.stdout + done.stderr
    sliced, here, whole = (kept(tmp_path, name) for name in ("sliced", "here", "polled"))
    assert [each["state"] for each in sliced["operations"]] == ["succeeded", "succeeded", "failed"]
    assert sliced["failure"]["kind"] == "failed"
    assert set(whole) - set(sliced) <= OF_A_JOB
    assert set(sliced) <= set(whole)
    assert set(sliced) == set(here)
    assert comparable(whole) == comparable(sliced) == comparable(here)


def test_without_the_action_plugin_the_result_is_the_same(live: Simulator, tmp_path: Path) -> None:
    bare = tmp_path / "collections" / "ansible_collections" / "cloudgate" / "operations"
    (bare / "plugins").mkdir(parents=True)
    for each in [*COLLECTION.glob("*.yml"), COLLECTION / "meta", *COLLECTION.glob("plugins/*")]:
        if each.name not in ("action", "plugin_utils"):
            (bare / each.relative_to(COLLECTION)).symlink_to(each)
    good, bad = begin(live, started=100), begin(live, "ecl_vna", started=100, fail=True)
    both = {
        "on_failure": "finish",
        "groups": [
            {"provider": "openstack", **task(live, "openstack"), "operations": [good]},
            {"provider": "ecl_vna", **task(live, "ecl_vna"), "operations": [bad]},
        ],
    }

    sliced = wait_ad_hoc(both)
    whole = wait_ad_hoc(both, environ={"ANSIBLE_COLLECTIONS_PATH": str(bare.parents[2])})

    assert sliced["failure"]["kind"] == "failed"
    assert {**sliced, "elapsed": 0} == {**whole, "elapsed": 0}


def test_check_mode_polls_once(live: Simulator) -> None:
    operations = begin_many(live, 3, duration=3600, started=1800)

    result = wait_ad_hoc(waiting(live, operations=operations), "--check")

    assert [each["state"] for each in result["operations"]] == ["running"] * 3
    assert result["polls"] == 3
    assert not result["succeeded"]
    assert not result["changed"]
    assert "failure" not in result


def test_timeout_from_the_start_of_the_operation(live: Simulator, tmp_path: Path) -> None:
    """The same task run again keeps its deadlines, and waits only for an operation that has time left."""
    old, young = begin_many(live, 1, duration=3600, started=300) + begin_many(live, 1, duration=3600, started=54)
    options = waiting(live, timeout=60, timeout_from="operation", on_failure="report")
    play = write_play(
        tmp_path,
        [
            {"name": "Wait", WAIT: {**options, "operations": [old, young]}, "register": "first"},
            {"name": "Wait again", WAIT: {**options, "operations": [old, young]}, "register": "again"},
            keep(tmp_path, "first"),
            keep(tmp_path, "again"),
        ],
    )

    done = run_playbook(play)

    assert done.returncode == 0, done.stdout + done.stderr
    first, again = kept(tmp_path, "first"), kept(tmp_path, "again")
    assert first["failure"]["kind"] == again["failure"]["kind"] == "timeout"
    assert "(60 s from the start of each)" in first["failure"]["message"]
    assert first["elapsed"] < 30  # the remaining time, also on the slowest machine
    assert again["elapsed"] < 30
    assert again["polls"] <= 3  # Date counts whole seconds, so the young one may have a part of one left
    of_old = [entry for entry in sent(live, POLLS) if str(old["resource_id"]) in entry["path"]]
    assert len(of_old) == 2  # one poll in each run


def test_two_clouds_under_one_deadline(live: Simulator) -> None:
    endless = begin(live, duration=3600, started=1800)
    bad = begin(live, "ecl_vna", duration=1, fail=True)
    options = {
        "on_failure": "finish",
        "timeout": 4,
        "poll_min": 0.5,
        "groups": [
            {"provider": "openstack", **task(live, "openstack"), "operations": [endless]},
            {"provider": "ecl_vna", **task(live, "ecl_vna"), "operations": [bad]},
        ],
    }

    result = wait_ad_hoc(options)

    assert result["failed"]
    assert [each["state"] for each in result["operations"]] == ["running", "failed"]
    assert [each["provider"] for each in result["operations"]] == ["openstack", "ecl_vna"]
    assert result["failure"]["kind"] == "failed"
    assert result["msg"].startswith("1 of 2 operations failed.")
    assert 4 <= result["elapsed"] < 8
    assert logins(live) == 2


def test_a_warning_of_the_module_is_shown_and_nothing_of_it_is_deprecated(live: Simulator, tmp_path: Path) -> None:
    begun = live.add_operation("ecl", "Action", duration=1)
    body = {
        "id": begun["operation_id"],
        "resource_id": begun["resource_id"],
        "request_type": "Action",
        "status": "COMPLETE",
        "reception_datetime": "2099-01-01 00:00:00",
    }
    live.add_fault(path="/operations/", status=200, body={"operation": body}, times=None)

    wait = waiting(live, "ecl_vna", operation_id=begun["operation_id"], timeout_from="operation")
    play = write_play(tmp_path, [{"name": "Wait", WAIT: wait, "register": "found"}, keep(tmp_path, "found")])

    done = run_playbook(play)

    assert done.returncode == 0, done.stdout + done.stderr
    (warning,) = kept(tmp_path, "found")["warnings"]
    assert "is in the future" in warning
    assert "is in the future" in done.stderr.replace("\n", " ")
    assert "DEPRECATION" not in done.stderr
