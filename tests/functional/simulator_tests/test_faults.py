# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand, the log of requests, and the doors for playbooks."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from simulator import Simulator
from simulator_tests.helpers import Nova

TESTS = Path(__file__).resolve().parents[2]


def test_a_fault_answers_as_often_as_configured(sim: Simulator, member: Nova) -> None:
    sim.add_fault(path="/servers/", method="GET", times=2, status=503, headers={"Retry-After": "7"}, body={"a": 1})
    path = f"/compute/v2.1/servers/{member.server_id}"
    answers = [member.get(path) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert (answers[0].headers["Retry-After"], answers[0].json()) == ("7", {"a": 1})


def test_a_fault_without_end_ends_at_the_reset(sim: Simulator) -> None:
    sim.add_fault(path="identity", times=None, status=500, body="broken")
    url = f"{sim.url}/openstack/identity/v3"
    assert {requests.get(url, timeout=5).status_code for _time in range(3)} == {500}
    sim.reset()
    assert requests.get(url, timeout=5).status_code == 200


@pytest.mark.parametrize("secure", [False, True])
def test_a_connection_is_cut(sim: Simulator, secure: bool) -> None:
    sim.add_fault(path="identity", action="reset")
    url = f"{sim.tls_url if secure else sim.url}/openstack/identity/v3"
    with pytest.raises(requests.ConnectionError):
        requests.get(url, verify=sim.ca_cert, timeout=5)
    assert requests.get(url, verify=sim.ca_cert, timeout=5).status_code == 200


def test_a_delayed_answer_does_not_delay_the_others(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    delayed, ended = threading.Event(), threading.Event()

    def sleep(seconds: float) -> None:
        assert seconds == 60
        delayed.set()
        ended.wait(5)

    monkeypatch.setattr("simulator.faults.time", SimpleNamespace(sleep=sleep))
    sim.add_fault(path="identity/v3", delay=60)
    url = f"{sim.url}/openstack/identity/v3"
    slow = threading.Thread(target=requests.get, args=(url,), kwargs={"timeout": 5})
    slow.start()
    assert delayed.wait(5)
    assert requests.get(url, timeout=5).status_code == 200
    assert slow.is_alive()
    ended.set()
    slow.join()


def test_a_silent_client_does_not_block_the_tls_port(sim: Simulator) -> None:
    address = sim.tls_url.removeprefix("https://").split(":")
    with socket.create_connection((address[0], int(address[1]))):
        assert requests.get(f"{sim.tls_url}/openstack/identity/v3", verify=sim.ca_cert, timeout=5).ok


def test_requests_are_remembered(sim: Simulator, member: Nova) -> None:
    member.nova("GET", f"/{member.server_id}/os-instance-actions?limit=2")
    last = sim.requests[-1]
    assert (last["method"], last["status"], last["cloud"]) == ("GET", 200, "openstack")
    assert last["query"] == {"limit": ["2"]}
    assert last["headers"]["X-Auth-Token"] == member.headers["X-Auth-Token"]


def test_the_doors_for_playbooks(sim: Simulator, member: Nova) -> None:
    root = f"{sim.url}/_simulator"
    ids = requests.post(
        f"{root}/operations", timeout=5, json={"cloud": "openstack", "kind": "reboot", "duration": 60, "started": 30}
    ).json()
    assert member.action(ids["operation_id"])["events"][0]["result"] is None
    assert requests.post(f"{root}/faults", json={"path": "servers", "status": 429}, timeout=5).status_code == 201
    assert member.nova("GET", "").status_code == 429
    assert requests.post(f"{root}/settings", json={"page_size": 1}, timeout=5).json() == {"page_size": 1}
    assert len(requests.get(f"{root}/requests", timeout=5).json()) == 3
    for wrong in ({"path": "("}, {"path": "x", "nonsense": 1}, {"path": "x", "action": "explode"}):
        assert requests.post(f"{root}/faults", json=wrong, timeout=5).status_code == 400
    assert requests.post(f"{root}/operations", json={"cloud": "mars", "kind": "reboot"}, timeout=5).status_code == 400
    assert requests.post(f"{root}/reset", timeout=5).status_code == 200
    assert sim.requests == []
    assert member.nova("GET", "").status_code == 401


def test_many_clients_at_once(sim: Simulator, member: Nova) -> None:
    statuses: list[int] = []

    def poll() -> None:
        statuses.extend(member.nova("GET", f"/{member.server_id}").status_code for _time in range(10))

    threads = [threading.Thread(target=poll) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 80


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_command_line(tmp_path: Path, ending: signal.Signals) -> None:
    env_file, pid_file = tmp_path / "env.json", tmp_path / "pid"
    command = [sys.executable, "-m", "simulator", "--env-file", str(env_file), "--pid-file", str(pid_file)]
    process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(TESTS)})
    try:
        while not env_file.exists():
            assert process.poll() is None
            time.sleep(0.01)
        described = json.loads(env_file.read_text(encoding="utf-8"))
        assert set(described["clouds"]) == {"openstack", "otc", "huaweicloud", "fujitsu", "ecl"}
        assert requests.get(f"{described['url']}/ecl/identity", timeout=5).status_code == 300
        assert int(pid_file.read_text(encoding="utf-8")) == process.pid
        process.send_signal(ending)
        assert process.wait(timeout=5) == 0
        assert not Path(described["ca_cert"]).exists()
    finally:
        process.kill()
