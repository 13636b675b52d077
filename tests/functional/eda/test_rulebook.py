# Copyright (c) 2026, cloudgate contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source under a real ansible-rulebook, on simulated clouds."""

from __future__ import annotations

import json
import re
import shlex
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eda.rulebooks import PATIENCE, Rulebook, running, started
from simulator import Simulator

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "eda.md"
RULEBOOK = "cloudgate.operations.operations"
# A user's playbook for failed operations; each run writes a line.
FAILED = """
- name: Note what failed
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Write it down
      ansible.builtin.shell:
        cmd: echo "$EVENT" >> NOTES
      environment:
        EVENT: "{{ ansible_eda.event | to_json }}"
      changed_when: true
"""


class Clock:
    """The clouds' clock, which tests move forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class Desk:
    """A folder with a playbook, the notes that it leaves, and the state of the source."""

    def __init__(self, folder: Path, sim: Simulator, clock: Clock) -> None:
        self.folder = folder
        self.clock = clock
        self.sim = sim
        self.account = sim.clouds["openstack"]
        self.server, self.other = self.account["server_ids"][:2]
        self.notes, self.state = folder / "notes", folder / "state.json"
        self.playbook = folder / "failed.yml"
        self.playbook.write_text(FAILED.replace("NOTES", str(self.notes)), encoding="utf-8")

    @property
    def environ(self) -> dict[str, str]:
        names = ("auth_url", "username", "password", "user_domain_name", "project_name", "project_domain_name")
        return {f"OS_{name.upper()}": self.account[name] for name in names}

    @property
    def variables(self) -> dict[str, Any]:
        return {
            "provider": "openstack",
            "resources": [self.server, self.other],
            "resources_interval": 1,
            "state_file": str(self.state),
            "failed_playbook": str(self.playbook),
        }

    @property
    def events(self) -> list[dict[str, Any]]:
        """Return the events for which the playbook ran."""
        lines = self.notes.read_text(encoding="utf-8").splitlines() if self.notes.exists() else []
        return [json.loads(line) for line in lines]

    def reported(self) -> dict[str, str]:
        """Return the operations and their states in the state file."""
        content = json.loads(self.state.read_text(encoding="utf-8")) if self.state.exists() else {"reported": {}}
        return {key.split()[-1]: each["state"] for key, each in content["reported"].items()}

    def listening(self) -> bool:
        """Return whether the source has stored a start time for new operations of both servers."""
        if not self.state.exists():
            return False
        groups = json.loads(self.state.read_text(encoding="utf-8"))["state"]["groups"]
        return [each["since"] is not None for group in groups for each in group["resources"]] == [True, True]

    def begin(self, server: str | None = None, **plan: Any) -> str:
        return self.sim.add_operation("openstack", "resize", server or self.server, **plan)["operation_id"]

    def in_place(self, content: str) -> str:
        """Return a file of the guide for this cloud."""
        values = {"auth_url": self.account["auth_url"]}
        values |= {name: self.account[name] for name in ("application_credential_id", "application_credential_secret")}
        for name, value in values.items():
            content = re.sub(rf"(\b{name}: ).*", rf"\g<1>{value}", content)
        servers = iter((self.server, self.other))
        return re.sub(r"(?m)^  - [0-9a-f-]{36}$", lambda _match: f"  - {next(servers)}", content)

    def run(self) -> Any:
        return running(RULEBOOK, self.folder, self.variables, self.environ)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = Clock()
    with Simulator(clock=clock, token_life=1e6) as sim:
        yield Desk(tmp_path, sim, clock)


def test_the_guide(desk: Desk) -> None:
    """The files of the guide, with another address, login and servers."""
    guide = GUIDE.read_text(encoding="utf-8")
    files = dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", guide, re.DOTALL))
    assert sorted(files) == ["clouds.yaml", "failed.yml", "inventory.yml", "rulebook.yml", "variables.yml"]
    (command,) = [line for line in guide.splitlines() if line.startswith("ansible-rulebook ")]
    for name, content in files.items():
        (desk.folder / name).write_text(desk.in_place(content), encoding="utf-8")
    secret = desk.account["application_credential_secret"]
    assert secret in (desk.folder / "clouds.yaml").read_text(encoding="utf-8")
    desk.state = desk.folder / "operations.json"
    old = desk.begin(duration=1, fail=True, started=100)
    with started([*shlex.split(command), "-vv", "--print-events"], desk.folder, {}) as rulebook:
        rulebook.until(desk.listening)
        good, bad = desk.begin(duration=2), desk.begin(desk.other, duration=3, fail=True)
        rulebook.until(lambda: f"resize of {desk.other} failed: compute_finish_resize failed: " in rulebook.said)
        rulebook.until(lambda: f"resize of {desk.server} has succeeded" in rulebook.said)
        rulebook.until(lambda: desk.reported() == {good: "succeeded", bad: "failed"})
        assert old not in rulebook.said
        rulebook.interrupt()
        assert "Traceback" not in rulebook.said
    for each in (secret, *_tokens(desk.sim)):
        assert each not in rulebook.said + desk.state.read_text(encoding="utf-8")
    assert stat.S_IMODE(desk.state.stat().st_mode) == 0o600


def _tokens(sim: Simulator) -> list[str]:
    tokens = {request["headers"].get("X-Auth-Token") for request in sim.requests}
    tokens.discard(None)
    assert tokens
    return sorted(tokens)


def test_a_killed_source_reports_everything_once(desk: Desk) -> None:
    with desk.run() as rulebook:
        rulebook.until(desk.listening)
        reported = desk.begin(duration=1, fail=True)
        under_way = desk.begin(desk.other, duration=1000, fail=True)
        rulebook.until(lambda: bool(desk.events) and desk.reported().get(under_way) == "running")
        rulebook.kill()
    assert desk.reported() == {reported: "failed", under_way: "running"}
    while_away = desk.begin(duration=1, fail=True)
    desk.clock.ahead = 2000
    with desk.run() as rulebook:
        rulebook.until(lambda: len(desk.events) >= 3)
        _rest(desk, rulebook)
        rulebook.kill()
    events = [(event["operation"]["operation_id"], event["previous_state"]) for event in desk.events]
    assert events[0][0] == reported
    assert desk.events[0]["operation"]["reason"] == "compute_finish_resize failed: simulated failure of resize"
    assert "raw" not in desk.events[0]["operation"]
    assert desk.events[0]["meta"]["source"] == {"name": "operations", "type": RULEBOOK}
    assert sorted(events[1:]) == sorted([(under_way, "running"), (while_away, None)])


def _rest(desk: Desk, rulebook: Rulebook) -> None:
    """Wait until the source has listed again a few times."""
    seen = len(desk.sim.requests)
    rulebook.until(lambda: len(desk.sim.requests) >= seen + 5)
    time.sleep(1)


def test_a_mistake_is_one_sentence(desk: Desk, tmp_path: Path) -> None:
    rules = [{"name": "None", "condition": "event.operation is defined", "action": {"debug": {}}}]
    wrong = {"provider": "openstack", "resources": [desk.server], "intervall": 2, "auth": {"password": "Hunter-22"}}
    rulebook = tmp_path / "rulebook.yml"
    rulebook.write_text(
        json.dumps([{"name": "Wrong", "hosts": "all", "sources": [{RULEBOOK: wrong}], "rules": rules}]),
        encoding="utf-8",
    )
    with running(rulebook, tmp_path, {}, {}) as run:
        assert run.process.wait(timeout=PATIENCE) != 0
        assert "unknown arguments: intervall. Known are " in run.said
        assert "Hunter-22" not in run.said
    assert desk.sim.requests == []
